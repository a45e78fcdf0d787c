import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../../tests/support/small-model.js";
import { parseMetadata } from "../../anomalib/metadata.js";
import { backboneSteps } from "../../stages/backbone/manifest.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import { anomalibMetadata } from "./anomalib-metadata.js";
import { exportScale } from "./export-scale.js";

it("is metadata that Anomalib's reader, and ours, understands", () => {
  const model = smallModel();
  const [pass] = model.manifest.passes;
  const preprocessing = backboneSteps(model.manifest.backbone, 96, 64);
  const manifest = { ...model.manifest, passes: [{ ...pass!, preprocessing }] };
  const scale = exportScale(model);
  const read = parseMetadata(
    anomalibMetadata(manifest, scale, { preprocessing: "outside" }),
    "metadata.json",
  );
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

describe("steps that Anomalib does not build itself", () => {
  const model = smallModel();
  const written = (preprocessing: readonly PreprocessStep[]) => {
    const passes = model.manifest.passes.map((pass) => ({ ...pass, preprocessing }));
    const text = anomalibMetadata({ ...model.manifest, passes }, exportScale(model), {
      preprocessing: "outside",
    });
    return JSON.parse(text).transform.transform.transforms;
  };
  const resize = { type: "resize", width: 40, height: 20, interpolation: "linear" } as const;
  const pad = { type: "pad", left: 3, top: 6, width: 47, height: 32, colour: [9, 8, 7] } as const;

  it("are albumentations' Crop and PadIfNeeded; painting is left to the graph", () => {
    const crop = { type: "crop", x: 5, y: 9, width: 60, height: 30 } as const;
    const paint = { type: "paint", runs: [0, 9], colour: [1, 2, 3] } as const;
    expect(written([crop, resize, pad, paint])).toMatchObject([
      { __class_fullname__: "Crop", x_min: 5, y_min: 9, x_max: 65, y_max: 39 },
      { __class_fullname__: "Resize" },
      { __class_fullname__: "PadIfNeeded", min_height: 32, min_width: 47, border_mode: 0, value: [9, 8, 7] },
      { __class_fullname__: "ToTensorV2" },
    ]);
  });

  it("are refused where albumentations would pad otherwise", () => {
    expect(() => written([resize, { ...pad, left: 4 }])).toThrow(/both sides.*EXPORT/);
  });
});
