/** A model's grey zone in words. */
import type { TrainedModelFile } from "@blemish/core";
import { ofHundred, scoreText } from "../report-page/rate-words.js";

/** What a grey zone is and promises; nothing without one. */
export function uncertainWords({
  uncertain,
  imageThreshold,
}: TrainedModelFile["manifest"]["calibration"]): string[] {
  if (uncertain === undefined) return [];
  const { expectedRate, guaranteedRate } = uncertain;
  const promise = `${ofHundred(expectedRate)} good parts reach it on average, with 95 % confidence at most ${ofHundred(guaranteedRate, "up")}`;
  const lines = [`Uncertain from ${scoreText(uncertain.imageThreshold)} on: ${promise}.`];
  if (uncertain.imageThreshold >= imageThreshold)
    lines.push("There are too few pictures to tell both thresholds apart: nothing is uncertain.");
  return lines;
}
