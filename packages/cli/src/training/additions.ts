/** What `train --add` adds: pictures, and models that stand for the pictures that they were trained on. */
import { picturesAddedBy, requireMergeable, type TrainedModelFile, type TrainingFile } from "@blemish/core";
import { isModelFile, loadModelFile, readTrainedModel } from "@blemish/node";
import type { TrainRequest } from "../options/train-options.js";
import { counted } from "../report-page/rate-words.js";
import { printable } from "../terminal.js";

/** Models and pictures, told apart. */
export interface Additions {
  /** The model that is added to; null = a training from nothing. */
  readonly addTo: TrainedModelFile | null;
  /** Models that are merged with it. */
  readonly merge: readonly TrainedModelFile[];
  /** Pictures of the merged models that are new. */
  readonly merged: readonly TrainingFile[];
  /** Every picture that a model knows. */
  readonly known: readonly TrainingFile[];
  /** Folders, pictures, globs; without `addTo` everything that is learnt from. */
  readonly inputs: readonly string[];
  /** What the merged models bring, in lines; "" for nothing. */
  readonly words: string;
}

/**
 * Reads the models that a request names.
 * @throws BlemishError MODEL_NOT_TRAINED, MODEL_MERGE naming the model and what differs, and those of `loadModelFile`.
 */
export async function readAdditions({
  addTo: path,
  inputs,
}: Pick<TrainRequest, "addTo" | "inputs">): Promise<Additions> {
  if (path === null) return { addTo: null, merge: [], merged: [], known: [], inputs, words: "" };
  const addTo = await readTrainedModel(path);
  const merge: TrainedModelFile[] = [];
  const others: string[] = [];
  const lines: string[] = [];
  for (const input of inputs) {
    if (!(await isModelFile(input))) {
      others.push(input);
      continue;
    }
    const before = picturesAddedBy(merge, addTo).length;
    merge.push(requireMergeable(addTo, await loadModelFile(input), input));
    lines.push(wordsOf(input, merge.at(-1)!, picturesAddedBy(merge, addTo).length - before));
  }
  const merged = picturesAddedBy(merge, addTo);
  const known = [...addTo.manifest.training.files, ...merged];
  return { addTo, merge, merged, known, inputs: others, words: lines.join("\n") };
}

function wordsOf(path: string, { manifest }: TrainedModelFile, added: number): string {
  const all = manifest.training.files.length;
  const some = added === all ? "" : `, ${all - added} of them known already`;
  return `${printable(path)}: a model of ${counted(all, "picture")}${some}`;
}
