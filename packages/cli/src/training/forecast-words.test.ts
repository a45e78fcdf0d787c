import type { TrainingForecast } from "@blemish/node";
import { expect, it } from "vitest";
import { forecastWords } from "./forecast-words.js";

const forecast: TrainingForecast = {
  pictures: 40,
  sizes: [256],
  memory: 1_392e6,
  kernelMemory: 40e6,
  available: 4e9,
  modelBytes: 8.51e6,
  time: { expected: 90, low: 63, high: 117 },
  proposal: null,
};

it("says memory, time with its uncertainty, and the model's size", () => {
  expect(forecastWords(forecast)).toBe(
    "Needs about 1,392 MB of memory and 1 min 30 s (1 min 3 s to 1 min 57 s); the model will have 8.5 MB.",
  );
  expect(forecastWords({ ...forecast, time: null })).toBe(
    "Needs about 1,392 MB of memory; the model will have 8.5 MB.",
  );
});

it("says how a large input is cut, or that it is not", () => {
  const needs = forecastWords(forecast);
  expect(forecastWords({ ...forecast, tiles: { size: 1024, margin: 160, count: 24 } })).toBe(
    `The large input is run in 24 tiles of 1024 × 1024 pixels that overlap by 160 on each side.\n${needs}`,
  );
  expect(forecastWords({ ...forecast, tiles: null })).toBe(
    `The network's input is no larger than a tile, so nothing is cut.\n${needs}`,
  );
});
