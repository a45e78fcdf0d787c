/** The lines below a picture's line that say why its places are hot. */
import { explanationWords, pixelPhrase } from "@blemish/core";
import { type OutputStream, paint, printable } from "../terminal.js";
import type { ResultLine } from "./result-line.js";

/**
 * A line for each detector of each explained place, that with the largest share first, each after a line end; "" for none.
 */
export function explanationLines(
  { explanations, width, height }: Pick<ResultLine, "explanations" | "width" | "height">,
  stream: OutputStream,
): string {
  if (explanations === null || width === null || height === null) return "";
  const lines = explanations.flatMap((place) => {
    const where = `(${pixelPhrase(place, { width, height })})`;
    const empty = " ".repeat(where.length);
    return explanationWords(place).map((words, i) => `  ${i === 0 ? where : empty}  ${printable(words)}`);
  });
  return lines.map((line) => `\n${paint(stream, "dim", line)}`).join("");
}
