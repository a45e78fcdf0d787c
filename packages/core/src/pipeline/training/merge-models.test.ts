import { describe, expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../../tests/support/small-model.js";
import type { TrainedManifest } from "../../bundle/manifest.js";
import type { TrainedModelFile } from "../../bundle/model-file.js";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { picturesAddedBy, requireMergeable } from "./merge-models.js";

/** The small model trained with these options on pictures with these hashes. */
function trainedWith(
  options: RecipeOptions,
  hashes: readonly string[] = [],
  changed: Partial<TrainedManifest> = {},
): TrainedModelFile {
  const { manifest, ...rest } = smallModel();
  const files = hashes.map((sha256) => ({ path: `${sha256}.png`, sha256 }));
  const training = { ...manifest.training, options, files };
  return { ...rest, manifest: { ...manifest, training, ...changed } };
}

const OURS = { size: 96, head: "padim", seed: 3 } as const;

describe("requireMergeable", () => {
  it("takes a model that was trained alike, whatever its false-alarm rate and spelling", () => {
    const other = trainedWith({ ...OURS, falseAlarmRate: 0.2, uncertainRate: 0.4, factors: "int16" });
    expect(requireMergeable(trainedWith(OURS), other, "b.blemish")).toBe(other);
    expect(
      requireMergeable(trainedWith({ quality: "balanced" }), trainedWith({}), "b").manifest,
    ).toBeDefined();
  });

  it.each<[RecipeOptions, string, string]>([
    [{ ...OURS, size: 64 }, "size 96", "size 64"],
    [{ ...OURS, head: "patchcore" }, "head padim", "head patchcore"],
    [{ size: 96, head: "padim" }, "seed 3", "seed by default"],
    [
      { quality: "fast", seed: 3 },
      "head padim, quality by default, size 96",
      "head by default, quality fast, size by default",
    ],
    [{ ...OURS, score: "max" }, "score by default", "score max"],
    [{ ...OURS, filters: { minPeak: 0.7 } }, "filters by default", 'filters {"minPeak":0.7}'],
    [{ ...OURS, threshold: "precise" }, "threshold by default", "threshold precise"],
  ])("refuses a model trained with %j, naming what differs", (options, expected, found) => {
    try {
      requireMergeable(trainedWith(OURS), trainedWith(options), "b.blemish");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "MODEL_MERGE", subject: "b.blemish", expected, found });
    }
  });

  it("refuses another backbone, another profile, and what Anomalib trained", () => {
    const { backbone } = smallModel().manifest;
    const other = trainedWith(OURS, [], { backbone: { ...backbone, id: "big", sha256: "cd".repeat(32) } });
    expect(() => requireMergeable(trainedWith(OURS), other, "b")).toThrow(
      /tiny in float32 \(SHA-256 abababababab…\).*found big in float32 \(SHA-256 cdcdcdcdcdcd…\).*MODEL_MERGE/,
    );
    const integers = trainedWith(OURS, [], {
      backbone: { ...backbone, precision: "int8", sha256: "ef".repeat(32) },
    });
    expect(() => requireMergeable(trainedWith(OURS), integers, "b")).toThrow(/tiny in int8/);
    const profile = trainedWith(OURS, [], { profile: "anomalib-0.7" });
    expect(() => requireMergeable(trainedWith(OURS), profile, "b")).toThrow(/profile blemish.*anomalib-0.7/);
    expect(() => requireMergeable(trainedWith(OURS), smallImported(), "b")).toThrow(/MODEL_NOT_TRAINED/);
  });
});

describe("picturesAddedBy", () => {
  it("is what the others bring, in order, each picture once", () => {
    const ours = trainedWith(OURS, ["a", "b", "b"]);
    const others = [trainedWith(OURS, ["b", "d", "c", "d"]), trainedWith(OURS, ["e", "c", "a"])];
    const names = (list: readonly { sha256: string }[]) => list.map(({ sha256 }) => sha256);
    expect(names(picturesAddedBy(others, ours))).toEqual(["d", "c", "e"]);
    expect(picturesAddedBy([ours], ours)).toEqual([]);
    expect(picturesAddedBy([], ours)).toEqual([]);
  });
});
