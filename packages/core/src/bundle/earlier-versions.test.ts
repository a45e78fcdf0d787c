import { describe, expect, it } from "vitest";
import { sparseHead } from "../../../../tests/support/packed-heads.js";
import { sha256, smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { backboneWith } from "../../../../tests/support/small-training.js";
import {
  LANES,
  manifestOfVersion2,
  smallVersion1,
  version2Of,
} from "../../../../tests/support/small-version-1.js";
import { recipeFor } from "../pipeline/recipe/recipe.js";
import { unpackFactor } from "../stages/padim/unpack-factor.js";
import { manifestToday, versionOf } from "./earlier-versions.js";
import type { PadimManifest, TrainedManifest } from "./manifest.js";
import { type ModelFile, readModelFile, readModelStart, type TrainedModelFile } from "./model-file.js";
import type { RecipeOptions } from "./recipe-options.js";
import type { StoredDetector, StoredPadim } from "./stored-detectors.js";

const CELLS = 6;

/** What the options of an earlier version's small model are in today's words. */
const OPTIONS: RecipeOptions = {
  profile: "blemish",
  head: "padim",
  size: 96,
  channels: 2,
  score: "top1%",
  falseAlarmRate: 0.05,
  seed: 0,
  ignoreBorder: 0,
  factors: "float32",
};

/** The small model's manifest with the options that an earlier version is read with. */
function smallManifest(): TrainedManifest {
  const { manifest } = smallModel();
  return { ...manifest, training: { ...manifest.training, options: OPTIONS } };
}

function padimOf({ detectors }: ModelFile): StoredPadim {
  expect(detectors).toHaveLength(1);
  return detectors[0]!.head as StoredPadim;
}

describe("a model file of version 1", () => {
  it("has its manifest turned into today's", () => {
    const { manifest, scores } = readModelFile(smallVersion1(), "old.blemish", sha256);
    expect(manifest).toEqual(smallManifest());
    expect(scores).toEqual(smallModel().scores);
    expect(readModelStart(smallVersion1(), "old.blemish")).toEqual({ manifest, old: true });
  });

  it("has its tiles packed without rounding", () => {
    const { gaussians } = padimOf(readModelFile(smallVersion1(), "old.blemish", sha256));
    const { channels, cells, precision, scale, mean } = gaussians;
    expect([channels, cells, precision, scale]).toEqual([2, CELLS, "float32", null]);
    const old = (row: number, cell: number) => Math.fround(1 + (row * LANES + cell) / 7);
    for (let cell = 0; cell < CELLS; cell++) {
      expect([...unpackFactor(gaussians, cell)]).toEqual([old(0, cell), old(1, cell), old(2, cell)]);
      expect([mean[cell], mean[8 + cell]]).toEqual([old(0, cell), old(1, cell)]);
    }
  });

  it("is refused when changed, and when a field is missing", () => {
    const changed = smallVersion1();
    changed[changed.length - 1] = (changed[changed.length - 1] as number) ^ 1;
    expect(() => readModelFile(changed, "x", sha256)).toThrow(/MODEL_BROKEN/);
    // What stood in the head now stands in the detectors of a pass.
    expect(() => readModelFile(smallVersion1({ head: null }), "x", sha256)).toThrow(
      /field passes.*MODEL_BROKEN/,
    );
    for (const field of ["size", "embedding", "preprocessing", "map", "training"])
      expect(() => readModelFile(smallVersion1({ [field]: null }), "x", sha256), field).toThrow(
        /MODEL_BROKEN/,
      );
  });
});

describe("a model file of version 2", () => {
  it("reads back with the same numbers", () => {
    const back = readModelFile(version2Of(smallModel()), "old.blemish", sha256);
    expect(back).toEqual({ ...smallModel(), manifest: smallManifest() });
    expect(readModelStart(version2Of(smallModel()), "x")).toEqual({ manifest: smallManifest(), old: true });
  });

  it("is packed without the zeros of its factors, its numbers unchanged", () => {
    for (const precision of ["float32", "int16", "int8"] as const)
      for (const [channels, width] of [
        [1, 3],
        [7, 19],
        [24, 9],
      ] as const) {
        const model = smallModel();
        const [pass] = model.manifest.passes;
        const head = { ...pass!.detectors[0]!.head, precision } as PadimManifest;
        const detector = { ...pass!.detectors[0]!, channels, grid: { width, height: 1 }, head };
        const manifest = { ...model.manifest, passes: [{ ...pass!, detectors: [detector] }] };
        const stored = { ...padimOf(model), gaussians: sparseHead(channels, width, precision) };
        const sparse = { ...model, manifest, detectors: [{ projection: null, head: stored }] };
        const back = readModelFile(version2Of(sparse), "old.blemish", sha256);
        expect(padimOf(back).gaussians).toEqual(stored.gaussians);
      }
  });

  it("keeps its projection and its statistics", () => {
    const model = smallModel();
    const [{ head }] = model.detectors as [StoredDetector & { head: StoredPadim }];
    const sums = (length: number) => Float64Array.from({ length }, (_, i) => i);
    const statistics = { pilot: sums(128), sum: sums(128), scatter: sums(192) };
    const projection = Float32Array.of(1, 2, 3, 4);
    const [pass] = model.manifest.passes;
    const [detector] = pass!.detectors;
    const embedding = { ...detector!.embedding, projectionRows: 2 };
    const rich: TrainedModelFile = {
      ...model,
      manifest: { ...model.manifest, passes: [{ ...pass!, detectors: [{ ...detector!, embedding }] }] },
      detectors: [{ projection, head: { ...head, statistics } }],
    };
    const back = readModelFile(version2Of(rich), "x", sha256);
    expect(back.detectors).toEqual(rich.detectors);
    expect(back.manifest.passes).toEqual(rich.manifest.passes);
  });

  it("reads back where it was imported: nothing was fitted", () => {
    expect(readModelFile(version2Of(smallImported()), "x", sha256)).toEqual(smallImported());
  });

  it("is refused when changed, and when a field is missing", () => {
    const changed = version2Of(smallModel());
    changed[changed.length - 1] = (changed[changed.length - 1] as number) ^ 1;
    expect(() => readModelFile(changed, "x", sha256)).toThrow(/MODEL_BROKEN/);
    for (const field of ["size", "embedding", "preprocessing", "map", "training", "head", "fit"])
      expect(() => readModelFile(version2Of(smallModel(), { [field]: null }), "x", sha256), field).toThrow(
        /MODEL_BROKEN/,
      );
  });

  it.each<RecipeOptions>([
    { head: "padim", size: 256 },
    { head: "padim", size: 320, channels: 7, seed: 5, score: "max", ignoreBorder: 3 },
    { profile: "anomalib-0.7", channels: 9, factors: "int8" },
  ])("tells the options that make its recipe again: %j", (options) => {
    const backbone = backboneWith(
      { name: "a", channels: 8, stride: 8, scale: 2 },
      { name: "b", channels: 16, stride: 16, scale: 3 },
    );
    const recipe = recipeFor(backbone, options);
    const { size, sigma, score, ignoreBorder, profile, seed, falseAlarmRate } = recipe;
    const [{ preprocessing, detectors }] = recipe.passes as [(typeof recipe.passes)[number]];
    const [{ channels, grid, head, embedding }] = detectors as [(typeof detectors)[number]];
    const precision = head.kind === "padim" ? head.factors : null;
    const old = {
      ...manifestOfVersion2(),
      ...{ backbone, size, profile, preprocessing },
      embedding: { ...embedding, projection: undefined },
      head: { kind: "padim", channels, gridWidth: grid.width, gridHeight: grid.height, precision },
      map: { sigma, score, ignoreBorder },
      calibration: { ...smallModel().manifest.calibration, askedRate: falseAlarmRate },
      training: { seed, files: [] },
    };
    const { training, passes } = manifestToday(old) as TrainedManifest;
    expect(recipeFor(backbone, training.options)).toEqual(recipe);
    expect(passes).toMatchObject([
      { size, preprocessing, detectors: [{ channels, grid, head: { precision }, factor: 1, unit: null }] },
    ]);
    expect(training).toMatchObject({ count: 5, turned: false, seed });
  });
});

describe("manifests of today and things that are none", () => {
  it("are left as they are", () => {
    const { manifest } = smallModel();
    expect(manifestToday(manifest)).toBe(manifest);
    for (const json of [null, 7, "text", [], {}, { version: 4 }]) expect(manifestToday(json)).toBe(json);
    expect([versionOf(null), versionOf(7), versionOf({ version: 2 })]).toEqual([null, null, 2]);
  });
});
