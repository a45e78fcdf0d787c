import { expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { modelFileDetails } from "./model-file-details.js";

it("says what the manifest says", () => {
  expect(modelFileDetails(smallModel().manifest)).toMatchObject({
    kind: "padim",
    layers: [{ layer: "s3", channels: 2, stride: 16 }],
    channels: 2,
    totalChannels: 2,
    cells: 6,
    grid: { width: 3, height: 2 },
    blur: { kernelSize: 33, sigma: 4 },
  });
});

it("names the layers of an imported model as its backbone does, and counts nothing that is not there", () => {
  const { manifest } = smallImported();
  const tap = (name: string) => ({ name, channels: 2, stride: 4, scale: 1 });
  const taps = ["relu_2.kept", "relu_4.kept", "relu_6.kept.2"].map(tap);
  const cut = {
    ...manifest,
    backbone: { ...manifest.backbone, taps },
    passes: manifest.passes.map((pass) => ({
      ...pass,
      detectors: pass.detectors.map((one) => ({ ...one, embedding: { ...one.embedding, channels: [1, 0] } })),
    })),
  };
  const { layers, ...counts } = modelFileDetails(cut, ["layer1", "relu_4.kept"]);
  expect(layers.map(({ tensor, layer }) => [tensor, layer])).toEqual([
    ["relu_2.kept", "layer1"],
    ["relu_4.kept", "relu_4"],
    ["relu_6.kept.2", "relu_6"],
  ]);
  expect(counts).toMatchObject({ channels: 2, totalChannels: null, channelIndices: null });
});

it("says it of both origins, and of a map that is not blurred", () => {
  const { manifest } = smallImported();
  expect(modelFileDetails({ ...manifest, map: { ...manifest.map, sigma: 0 } })).toMatchObject({
    channels: 2,
    blur: null,
  });
});

it("says of a fusion what each of its heads has", () => {
  expect(modelFileDetails(smallFusion({ twoInputs: true }).manifest)).toMatchObject({
    kind: "fusion",
    channels: 2,
    channelIndices: null,
    cells: 24,
    grid: { width: 6, height: 4 },
    memoryBank: { rows: 9, columns: 2 },
    neighbours: 1,
    blur: null,
  });
  expect(modelFileDetails(smallModel().manifest)).toMatchObject({ memoryBank: null, neighbours: null });
});
