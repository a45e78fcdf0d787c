/** A forecast in one sentence. */
import type { TrainingForecast } from "@blemish/node";
import { durationText, grouped } from "../report-page/rate-words.js";

/** Such as "Needs about 390 MB of memory and 7 s (5 s to 9 s); the model will have 15 MB." */
export function forecastWords({ memory, modelBytes, time, tiles }: TrainingForecast): string {
  const duration =
    time === null
      ? ""
      : ` and ${durationText(time.expected)} (${durationText(time.low)} to ${durationText(time.high)})`;
  const needs = `Needs about ${megabytes(memory)} of memory${duration}; the model will have ${megabytes(modelBytes)}.`;
  return tiles === undefined ? needs : `${tileWords(tiles)}\n${needs}`;
}

function tileWords(tiles: NonNullable<TrainingForecast["tiles"]> | null): string {
  if (tiles === null) return "The network's input is no larger than a tile, so nothing is cut.";
  const { size, margin, count } = tiles;
  return `The large input is run in ${count} tiles of ${size} × ${size} pixels that overlap by ${margin} on each side.`;
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value < 10 ? value.toFixed(1) : grouped(Math.round(value))} MB`;
}
