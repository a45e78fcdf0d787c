import { describe, expect, it } from "vitest";
import { sha256, smallModel } from "../../../../tests/support/small-model.js";
import { readModelFile, type TrainedModelFile, writeModelFile } from "../bundle/model-file.js";
import { wasmKernels } from "../kernels/wasm-kernels.js";
import { seededRandom } from "../random.js";
import type { Embedding } from "../stages/embedding/embed.js";
import { assembleModel } from "./assemble-model.js";
import { recipeFor } from "./recipe.js";
import { calibrate, fitModel, gatherMoments, startMoments, trainingBytes } from "./train.js";

const BACKBONE = smallModel().manifest.backbone;
const RECIPE = recipeFor(BACKBONE, { size: 64, falseAlarmRate: 0.1 });

async function* goods(): AsyncGenerator<Embedding> {
  const random = seededRandom(4);
  for (let i = 0; i < 12; i++)
    yield {
      channels: 2,
      width: 4,
      height: 4,
      data: Float32Array.from({ length: 32 }, () => random.normal()),
    };
}

async function assembled(keep: boolean) {
  const kernels = wasmKernels(trainingBytes(RECIPE));
  const moments = startMoments(RECIPE, kernels);
  await gatherMoments(moments, goods());
  const gaussians = fitModel(moments, RECIPE);
  const calibration = await calibrate(moments, gaussians, goods(), RECIPE);
  const seen: number[] = [];
  const model = await assembleModel({
    backbone: { manifest: BACKBONE, modelBytes: Uint8Array.of(1, 2, 3) },
    recipe: RECIPE,
    gaussians,
    calibration,
    files: Array.from({ length: 12 }, (_, i) => ({ path: `${i}.png`, sha256: "ab" })),
    statistics: keep ? moments : null,
    embedPicture: async ({ width, data }) => {
      seen.push(width);
      return {
        embedding: { channels: 2, width: 4, height: 4, data: Float32Array.from(data.subarray(0, 32)) },
      };
    },
  });
  return { model, calibration, seen };
}

describe("assembleModel", () => {
  it("puts calibration, recipe and parity samples into a file that reads back", async () => {
    const { model, calibration, seen } = await assembled(false);
    const back = readModelFile(writeModelFile(model, sha256), "x", sha256) as TrainedModelFile;
    expect(back.manifest).toEqual(JSON.parse(JSON.stringify(model.manifest)));
    expect(back.manifest.calibration).toMatchObject({
      method: "leave-one-out",
      imageThreshold: calibration.image.threshold,
      pixelThreshold: calibration.pixel.threshold,
      imageRange: { min: 0, max: 2 * calibration.image.threshold },
    });
    expect(back.manifest.head).toMatchObject({
      channels: 2,
      gridWidth: 4,
      gridHeight: 4,
      precision: "int16",
    });
    expect(back.manifest.fit).toMatchObject({ count: 12, pool: 3 });
    expect(seen).toEqual([128, 128]);
    expect(back.manifest.parity.map(({ rawMap }) => rawMap.length)).toEqual([16, 16]);
    expect(back.manifest.parity[0]?.rawScore).toBeGreaterThan(0);
    expect(back.statistics).toBeNull();
  });

  it("keeps the statistics when asked, and is the same for the same training", async () => {
    const [one, two] = [await assembled(true), await assembled(true)];
    expect(one.model.statistics?.scatter).toHaveLength(3 * 64);
    expect(writeModelFile(two.model, sha256)).toEqual(writeModelFile(one.model, sha256));
  });
});
