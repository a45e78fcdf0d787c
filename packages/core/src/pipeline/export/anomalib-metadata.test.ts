import { expect, it } from "vitest";
import { smallModel } from "../../../../../tests/support/small-model.js";
import { parseMetadata } from "../../anomalib/metadata.js";
import { backboneSteps } from "../../stages/backbone/manifest.js";
import { anomalibMetadata } from "./anomalib-metadata.js";
import { exportScale } from "./export-scale.js";

it("is metadata that Anomalib's reader, and ours, understands", () => {
  const model = smallModel();
  const [pass] = model.manifest.passes;
  const preprocessing = backboneSteps(model.manifest.backbone, 96, 64);
  const manifest = { ...model.manifest, passes: [{ ...pass!, preprocessing }] };
  const scale = exportScale(model);
  const read = parseMetadata(anomalibMetadata(manifest, scale), "metadata.json");
  expect(read).toMatchObject({
    task: "segmentation",
    imageThreshold: scale.image?.threshold,
    pixelThreshold: scale.pixel?.threshold,
    normalisation: { method: "min_max", image: scale.image?.range },
    transform: [
      { type: "resize", width: 96, height: 64, interpolation: "area" },
      { type: "normalize", mean: [127, 127, 127], std: [128, 128, 128], maxPixelValue: 1 },
    ],
  });
});
