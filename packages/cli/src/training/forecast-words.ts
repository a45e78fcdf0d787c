/** A forecast in one sentence. */
import type { TrainingForecast } from "@blemish/node";
import { durationText, grouped } from "../report-page/rate-words.js";

/** Such as "Needs about 390 MB of memory and 7 s (5 s to 9 s); the model will have 15 MB." */
export function forecastWords({ memory, modelBytes, time }: TrainingForecast): string {
  const duration =
    time === null
      ? ""
      : ` and ${durationText(time.expected)} (${durationText(time.low)} to ${durationText(time.high)})`;
  return `Needs about ${megabytes(memory)} of memory${duration}; the model will have ${megabytes(modelBytes)}.`;
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value < 10 ? value.toFixed(1) : grouped(Math.round(value))} MB`;
}
