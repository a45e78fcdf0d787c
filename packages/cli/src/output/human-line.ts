/** The one line per picture that a person reads: verdict, score, threshold, path and written file in columns; below it why. */
import { type OutputStream, paint, printable } from "../terminal.js";
import { explanationLines } from "./explanation-lines.js";
import type { ResultLine } from "./result-line.js";

const VERDICT_COLOUR = { good: "green", uncertain: "magenta", anomalous: "red", invalid: "yellow" } as const;

/**
 * The line for a record. Where the model normalises, the first number is the normalised score (0.5 = threshold)
 * and the comparison that decided follows in raw units.
 * @param strict True for profiles in which only a score above the threshold is anomalous (Anomalib 2.x).
 */
export function humanLine(line: ResultLine, strict: boolean, stream: OutputStream): string {
  const verdict = paint(stream, VERDICT_COLOUR[line.verdict], line.verdict.padEnd(9));
  const error = line.error === null ? "" : printable(line.error.message);
  if (line.verdict === "invalid") return `${verdict}  ${error}`;
  const written = [line.output, line.map].filter((path) => path !== null).map(printable);
  const arrow = written.length > 0 ? paint(stream, "dim", ` -> ${written.join(", ")}`) : "";
  const said = `${verdict}  ${scores(line, strict)}  ${printable(line.path)}${arrow}${error && `  ${error}`}`;
  return said + brokenRules(line, stream) + explanationLines(line, stream);
}

/** Of a picture that is judged all the same (`--no-validity`). */
function brokenRules({ validity }: ResultLine, stream: OutputStream): string {
  const broken = (validity ?? []).flatMap(({ rule, ok }) => (ok ? [] : [rule]));
  return broken.length === 0 ? "" : paint(stream, "yellow", `  (breaks ${broken.join(", ")})`);
}

function scores(line: ResultLine, strict: boolean): string {
  const compared = line.rawScore ?? line.predScore;
  const above = strict ? ">" : "≥";
  const below = strict ? "≤" : "<";
  const lower = line.verdict === "uncertain" ? `, ≥ ${fixed(line.uncertainThreshold, 0)}` : "";
  const comparison = `${fixed(compared, 9)} ${line.predLabel ? above : below} ${fixed(line.imageThreshold, 0)}${lower}`;
  const normalised = line.rawScore !== null && line.rawScore !== line.predScore;
  return normalised ? `${fixed(line.predScore, 6)}  (raw ${comparison})` : comparison;
}

function fixed(value: number | null, width: number): string {
  return (value === null ? "-" : value.toFixed(4)).padStart(width);
}
