import { expect, it } from "vitest";
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

it("says it of both origins, and of a map that is not blurred", () => {
  const { manifest } = smallImported();
  expect(modelFileDetails({ ...manifest, map: { ...manifest.map, sigma: 0 } })).toMatchObject({
    channels: 2,
    blur: null,
  });
});
