import { expect, it } from "vitest";
import { sha256 } from "../../../../tests/support/small-model.js";
import { wholePadim } from "../../../../tests/support/whole-padim.js";
import type { ModelDescription } from "../anomalib/model-description.js";
import type { ImportedModelFile } from "../bundle/model-file.js";
import type { Session } from "../stages/detector/detector.js";
import { importModel } from "./import/import-model.js";
import { inputHashes, parityPicture, withParitySamples } from "./parity-samples.js";

const description: ModelDescription = {
  profile: "anomalib-0.7",
  evidence: [],
  kind: "padim",
  task: "segmentation",
  input: { name: "input", height: 32, width: 32, batch: 1 },
  outputs: { map: "output", score: null, label: null, mask: null },
  scoreSource: "map-max",
  preprocessing: [
    { type: "resize", width: 32, height: 32, interpolation: "linear" },
    { type: "toFloat", maxValue: 255 },
  ],
  imageThreshold: 1,
  pixelThreshold: 1,
  normalisation: { method: "none" },
  notes: [],
};

function imported(changes: Partial<ModelDescription> = {}): ImportedModelFile {
  return importModel({
    model: wholePadim(),
    description: { ...description, ...changes },
    files: new Map(),
    file: { name: "model.onnx", bytes: 1, content: new Uint8Array(1) },
    factors: "float32",
    subject: "model.onnx",
    sha256: null,
  });
}

/** Taps of the right shape that follow from the picture's first value. */
function session({ manifest }: ImportedModelFile): Session {
  return {
    async run({ input }) {
      const taps = manifest.backbone.taps.map(({ name, channels, stride }) => {
        const side = 32 / stride;
        const data = new Float32Array(channels * side * side).fill(input!.data[0]!);
        return [name, { data, shape: [1, channels, side, side] }];
      });
      return Object.fromEntries(taps);
    },
    async close() {},
  };
}

it("samples two pictures: the score is the map's maximum, 16 places of the map stand beside it", async () => {
  const model = imported();
  const { parity } = (await withParitySamples(model, session(model), null)).manifest;
  expect(parity.map(({ seed }) => seed)).toEqual([1, 2]);
  for (const { rawScore, rawMap } of parity) {
    expect(rawMap).toHaveLength(16);
    expect(rawScore).toBeGreaterThanOrEqual(Math.max(...rawMap));
    expect(Math.min(...rawMap)).toBeGreaterThan(0);
  }
  expect(parity[0]?.rawMap).not.toEqual(parity[1]?.rawMap);
});

it("gives no samples where the pictures would not fit the network", async () => {
  const model = imported({ preprocessing: [{ type: "toFloat", maxValue: 255 }] });
  expect(await withParitySamples(model, session(model), null)).toBe(model);
});

it("hashes the tensors of every pass, where they are whole", async () => {
  const model = imported();
  const { parity } = (await withParitySamples(model, session(model), sha256)).manifest;
  for (const { seed, inputs } of parity)
    expect(inputs).toEqual(inputHashes(parityPicture(seed, {}), model.manifest, sha256));
  expect(parity[0]?.inputs?.[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(parity[0]?.inputs).not.toEqual(parity[1]?.inputs);
  const tiled = model.manifest.passes.map((pass) => ({ ...pass, tiles: { size: 32, margin: 0 } }));
  expect(inputHashes(parityPicture(1, {}), { passes: tiled }, sha256)).toBe(null);
});
