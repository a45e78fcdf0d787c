import { expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { trainedDetails } from "./trained-details.js";

it("says what the manifest says", () => {
  expect(trainedDetails(smallModel().manifest)).toMatchObject({
    kind: "padim",
    layers: [{ layer: "s3", channels: 2, stride: 16 }],
    channels: 2,
    totalChannels: 2,
    cells: 6,
    grid: { width: 3, height: 2 },
    blur: { kernelSize: 33, sigma: 4 },
  });
});
