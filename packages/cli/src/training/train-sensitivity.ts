/** `train --sensitivity`: what the trained model sees of drawn defects, on good pictures that it has not learnt from. */
import type { DatasetItem, TrainedModelFile } from "@blemish/core";
import {
  type ForecastOptions,
  heldOutSensitivity,
  measureSensitivity,
  type OpenOptions,
  open,
  type Sensitivity,
} from "@blemish/node";
import { sensitivityVerdict } from "../evaluation/sensitivity-words.js";
import type { Talk } from "../output/talk.js";

/** The test's good pictures. */
export function testGoods(tested: readonly DatasetItem[]): string[] {
  return tested.filter(({ label }) => label === "good").map(({ path }) => path);
}

/**
 * Measured on a part of the training pictures, by a model that has not seen them: where there is no test.
 * @throws BlemishError of `heldOutSensitivity`.
 */
export async function withoutTest(
  goods: readonly string[],
  { addTo: _addTo, merge: _merge, maxMemory: _maxMemory, ...training }: ForecastOptions,
  talk: Talk,
): Promise<Sensitivity> {
  const onProgress = (done: number, total: number) => talk.stages.at("Measuring", done, total);
  const found = await heldOutSensitivity(goods, { training, onProgress });
  await talk.say(
    "Sensitivity, of a model that was trained without the pictures it is measured on: a little worse than this one.",
  );
  return found;
}

/** Measured by the model in a file on the test's good pictures. @throws BlemishError of `measureSensitivity`. */
export async function onTest(
  path: string,
  goods: readonly string[],
  { manifest }: TrainedModelFile,
  talk: Talk,
  opening: OpenOptions & { readonly signal: AbortSignal },
): Promise<Sensitivity> {
  const model = await open(path, opening);
  try {
    const onProgress = (done: number, total: number) => talk.stages.at("Measuring", done, total);
    const { signal } = opening;
    return await measureSensitivity(model, goods, { learnt: manifest.training.files, signal, onProgress });
  } finally {
    await model.close();
  }
}

/** A line for each kind of defect. */
export function sayVerdict(found: Sensitivity, talk: Talk): Promise<void> {
  return talk.say(sensitivityVerdict(found).join("\n"));
}
