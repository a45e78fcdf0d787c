/** A model's threshold in words: what it is, where it comes from, what it promises, how it was changed. */
import type { TrainedModelFile } from "@blemish/core";
import { counted, ofHundred, scoreText } from "../report-page/rate-words.js";
import { printable } from "../terminal.js";
import { promiseFacts } from "./promise-facts.js";
import { promiseWords } from "./trained-words.js";
import { uncertainWords } from "./uncertain-words.js";

/** Lines for a terminal. */
export function thresholdWords(model: Pick<TrainedModelFile, "manifest" | "scores">): string {
  const { calibration, training } = model.manifest;
  const { method, imageThreshold, pixelThreshold, askedRate, changes } = calibration;
  const from =
    method === "adaptive-f1"
      ? "found on labelled pictures (adaptive F1, as Anomalib): it has seen the answers"
      : changes.length > 0
        ? "set after the training"
        : `found for a false-alarm rate of ${ofHundred(askedRate)}, from ${counted(training.count, "good picture")}`;
  const rank = promiseFacts(model).rank;
  const none =
    rank === 0 ? ["Every training picture scores higher: nothing is promised about false alarms."] : [];
  return [
    `The threshold is ${scoreText(imageThreshold)} (pixels: ${scoreText(pixelThreshold)}), ${from}.`,
    ...(rank === 0 ? none : promiseWords(promiseFacts(model))),
    ...uncertainWords(calibration),
    ...historyLines(calibration.changes),
  ].join("\n");
}

function historyLines(changes: TrainedModelFile["manifest"]["calibration"]["changes"]): string[] {
  if (changes.length === 0) return [];
  const lines = changes.map(({ from, to, reason }) => {
    const why = reason === "" ? "" : `  ${printable(reason)}`;
    return `  ${scoreText(from)} → ${scoreText(to)}${why}`;
  });
  return ["Changes, oldest first:", ...lines];
}
