import { describe, expect, it } from "vitest";
import { type SmallCheckpoint, smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { dictionary } from "../../../../tests/support/torch-archive.js";
import { checkpointFacts } from "./checkpoint-facts.js";
import { readCheckpoint } from "./read-checkpoint.js";

const facts = (request: SmallCheckpoint) =>
  checkpointFacts(readCheckpoint(smallCheckpoint(request), "model"), "model");

const COMMON = { layers: ["layer1", "layer2"], imageThreshold: 3.5, pixelThreshold: 2.25 };
const RANGE = { min: 0.5, max: 8.5 };

describe("facts of a checkpoint", () => {
  it.each(["lightning", "module"] as const)("0.7, %s", (saved) => {
    const found = facts({ method: "padim", version: "0.7", saved });
    expect(found).toMatchObject({
      ...COMMON,
      profile: "anomalib-0.7",
      method: "padim",
      imageRange: RANGE,
      pixelRange: RANGE,
    });
    expect(found.task).toBe(saved === "module" ? "classification" : "segmentation");
    expect(found.steps).toEqual([
      { type: "resize", width: 32, height: 32, interpolation: "linear" },
      { type: "normalize", mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], maxPixelValue: 255 },
    ]);
  });

  it.each(["lightning", "module"] as const)("2.x, %s", (saved) => {
    const found = facts({ method: "patchcore", version: "2", saved });
    expect(found).toMatchObject({ ...COMMON, profile: "anomalib-2", method: "patchcore", neighbours: 5 });
    expect(found.steps).toEqual([
      { type: "resize", width: 32, height: 32, interpolation: "linear" },
      { type: "normalize", mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], maxPixelValue: 1 },
    ]);
    expect(found.decisions).toEqual({ image: 0.5, pixel: saved === "lightning" ? 0.75 : 0.5 });
  });

  it("another method, or another version, is named", () => {
    const state = dictionary({});
    const request = { method: "padim", version: "0.7", saved: "lightning" } as const;
    expect(() => facts({ ...request, changes: { state_dict: state } })).toThrow(/neither of them/);
    expect(() => facts({ ...request, changes: { hyper_parameters: state } })).toThrow(/Anomalib 1\.x/);
  });

  it("a transform that is not read is named", () => {
    const config = dictionary({
      transform: dictionary({
        init_args: dictionary({
          transforms: [dictionary({ class_path: "torchvision.transforms.v2.GaussianBlur" })],
        }),
      }),
    });
    expect(() =>
      facts({
        method: "padim",
        version: "2",
        saved: "lightning",
        changes: { anomalib_pre_processor_config: config },
      }),
    ).toThrow(/GaussianBlur/);
  });
});
