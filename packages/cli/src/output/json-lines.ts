/** Result records as JSON lines: one object per line, described by docs/predict-result.schema.json. */
import type { ResultLine } from "./result-line.js";

/** A record as one line of JSON, without line end. Numbers keep all their digits. */
export function jsonLine(line: ResultLine): string {
  return JSON.stringify(line);
}
