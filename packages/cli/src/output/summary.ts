/** What is said about a batch when it is over: how many of each verdict, how fast, and the exit code that follows. */
import { median } from "@blemish/core";
import type { ResultLine } from "./result-line.js";

/** Counts of a batch. */
export interface BatchCounts {
  readonly good: number;
  readonly uncertain: number;
  readonly anomalous: number;
  readonly invalid: number;
  /** Judged pictures for which a file could not be written. */
  readonly unwritten: number;
  /** Milliseconds per judged picture, in the order they came. */
  readonly ms: number[];
}

/** A tally of nothing, for {@link count} to add to. */
export function emptyTally(): BatchCounts {
  return { good: 0, uncertain: 0, anomalous: 0, invalid: 0, unwritten: 0, ms: [] };
}

/** The tally with one more picture in it. The list of times is shared and grows; the counts are new. */
export function count(tally: BatchCounts, line: ResultLine): BatchCounts {
  const unwritten = line.verdict !== "invalid" && line.error !== null ? 1 : 0;
  if (line.ms !== null) tally.ms.push(line.ms);
  return { ...tally, [line.verdict]: tally[line.verdict] + 1, unwritten: tally.unwritten + unwritten };
}

/** 2 when something failed or could not be judged, else 1 when something is anomalous or uncertain, else 0. */
export function exitCode(counts: BatchCounts): 0 | 1 | 2 {
  if (counts.invalid + counts.unwritten > 0) return 2;
  return counts.anomalous + counts.uncertain > 0 ? 1 : 0;
}

/** Pictures that were looked at: none after a refusal, of which there is nothing to sum up. */
export function totalOf({ good, uncertain, anomalous, invalid }: BatchCounts): number {
  return good + uncertain + anomalous + invalid;
}

/** The summary in one line, e.g. "3 pictures: 2 good, 1 anomalous, 0 invalid; 4.1 pictures/s, median 231 ms". */
export function summary(counts: BatchCounts, elapsedMs: number): string {
  const total = totalOf(counts);
  const uncertain = counts.uncertain > 0 ? `${counts.uncertain} uncertain, ` : "";
  const verdicts = `${counts.good} good, ${uncertain}${counts.anomalous} anomalous, ${counts.invalid} invalid`;
  const unwritten = counts.unwritten > 0 ? `, ${counts.unwritten} not written` : "";
  const rate = elapsedMs > 0 ? `${((total * 1000) / elapsedMs).toFixed(1)} pictures/s` : "";
  const half = counts.ms.length > 0 ? `median ${median(counts.ms).toFixed(0)} ms per picture` : "";
  const speed = [rate, half].filter((part) => part !== "");
  return `${total} ${total === 1 ? "picture" : "pictures"}: ${verdicts}${unwritten}; ${speed.join(", ")}`;
}
