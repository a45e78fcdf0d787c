/** What int8 changes, in words for people and as JSON. */
import type { ScoreChange } from "@blemish/core";
import { counted, grouped, percent } from "../report-page/rate-words.js";

/** Most pictures that are named. */
const NAMED = 5;

/**
 * Lines about a change from float32 to int8.
 * @param paths of the pictures that were compared, in order.
 */
export function precisionWords(change: ScoreChange, paths: readonly string[]): string {
  const { pictures, median, largest, flipped } = change;
  const moved = `int8 moves scores by a median of ${percent(median)} of the threshold, at most ${percent(largest, "up")}.`;
  const sides = `${grouped(flipped.length)} of ${counted(pictures, "picture")} ${flipped.length === 1 ? "changes" : "change"} sides.`;
  const named = flipped.slice(0, NAMED).map((at) => `  ${paths[at] ?? ""}`);
  const more = flipped.length > NAMED ? [`  and ${grouped(flipped.length - NAMED)} more`] : [];
  return [`${moved} ${sides}`, ...named, ...more].join("\n");
}

/** The same for `--json`: shares of the threshold, and the pictures that change sides. */
export function precisionFacts(
  { pictures, median, largest, flipped }: ScoreChange,
  paths: readonly string[],
) {
  return { pictures, median, largest, flipped: flipped.map((at) => paths[at] ?? "") };
}
