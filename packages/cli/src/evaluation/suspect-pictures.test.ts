import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrainedModelFile } from "@blemish/core";
import { open } from "@blemish/node";
import { expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { writeTinyDataset } from "../../../../tests/support/tiny-dataset.js";
import { writeTinyModel } from "../../../../tests/support/tiny-model.js";
import { suspectPictures } from "./suspect-pictures.js";

it("shows the highest scores first and passes over pictures that are gone or broken", async () => {
  const folder = await mkdtemp(join(tmpdir(), "blemish-suspects-"));
  const model = await open(await writeTinyModel(join(folder, "model")));
  const items = await writeTinyDataset(folder);
  const paths = [...items.map(({ path }) => path), join(folder, "gone.png")];
  const { manifest } = smallModel();
  const files = paths.map((path) => ({ path, sha256: "" }));
  const trained: Pick<TrainedModelFile, "manifest" | "scores"> = {
    manifest: { ...manifest, training: { ...manifest.training, files } },
    scores: Float64Array.of(1, 7, 5, 3, 9, 8),
  };
  const found = await suspectPictures(model, trained);
  await model.close();
  await rm(folder, { recursive: true });
  expect(found.map(({ path, score }) => [path, score])).toEqual([
    [paths[4], 9],
    [paths[2], 5],
    [paths[3], 3],
  ]);
  expect(found[0]).toMatchObject({ set: "training", label: "good", mask: null });
  expect(found[0]?.map).toMatch(/^data:image\/png/);
});
