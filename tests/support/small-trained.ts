/** A model trained on a small generated set, for tests of what comes after training. */
import { join } from "node:path";
import { findImages, saveModel, trainModel } from "@blemish/node";
import { SMALL_SIDE, writeSmallSet } from "./small-set.js";

/** Writes a set to `folder/set` and a model of its goods to `folder/part.blemish`. */
export async function writeSmallTrained(folder: string): Promise<{ set: string; model: string }> {
  const set = await writeSmallSet(join(folder, "set"));
  const goods = (await findImages([join(set, "train/good")])).map(({ path }) => path);
  const { model } = await trainModel(goods, { size: SMALL_SIDE, workers: 1 });
  const path = join(folder, "part.blemish");
  await saveModel(path, model);
  return { set, model: path };
}
