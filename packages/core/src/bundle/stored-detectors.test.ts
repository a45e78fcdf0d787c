import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sparseHead } from "../../../../tests/support/packed-heads.js";
import { smallBank, smallFusion } from "../../../../tests/support/small-fusion.js";
import { smallModel } from "../../../../tests/support/small-model.js";
import { detectorsOf } from "./detectors-of.js";
import type { DetectorManifest } from "./manifest.js";
import type { NamedArray } from "./safetensors.js";
import { detectorArrays, readDetector, type StoredDetector, tiledShapes } from "./stored-detectors.js";
import { takeArray } from "./take-array.js";

/** A detector from arrays by name, as the reader of a file gives them. */
function readFrom(arrays: Readonly<Record<string, NamedArray>>, manifest: DetectorManifest, number: number) {
  return readDetector(manifest, number, (name) => arrays[name] !== undefined, takeArray(arrays, "x"), "x");
}

/** A detector whose bank has been drawn. */
function drawnBank(precision: "float32" | "int8", cells: number, seed: number) {
  const [manifest] = detectorsOf(smallFusion({ bank: precision }).manifest) as [DetectorManifest];
  const stored: StoredDetector = {
    projection: null,
    head: { kind: "patchcore", bank: smallBank(precision, cells, seed) },
  };
  return { manifest, stored };
}

describe("the arrays of a detector", () => {
  it.each(["float32", "int8"] as const)("give a memory bank in %s back", (precision) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.nat(1000), fc.nat(9), (cells, seed, number) => {
        const { manifest, stored } = drawnBank(precision, cells, seed);
        const arrays = detectorArrays(stored, manifest, number);
        expect(readFrom(arrays, manifest, number)).toEqual(stored);
        expect(Object.keys(arrays).every((name) => name.startsWith(`detectors.${number}.bank.`))).toBe(true);
      }),
    );
  });

  it("give Gaussians back, with a projection and kept statistics where there are any", () => {
    const model = smallModel();
    const [plain] = detectorsOf(model.manifest) as [DetectorManifest];
    const [stored] = model.detectors as [StoredDetector];
    expect(readFrom(detectorArrays(stored, plain, 0), plain, 0)).toEqual(stored);

    const { meanShape, factorShape } = tiledShapes(plain);
    const sums = (shape: number[], start: number) =>
      Float64Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => start + i);
    const statistics = { pilot: sums(meanShape, 1), sum: sums(meanShape, 2), scatter: sums(factorShape, 3) };
    const rich = {
      projection: Float32Array.of(1, 2, 3, 4, 5, 6),
      head: { ...stored.head, statistics },
    } as StoredDetector;
    const manifest = { ...plain, embedding: { ...plain.embedding, projectionRows: 2 } };
    const arrays = detectorArrays(rich, manifest, 3);
    expect(arrays["detectors.3.embedding.projection"]?.shape).toEqual([2, 3]);
    expect(readFrom(arrays, manifest, 3)).toEqual(rich);
  });

  it("have one block and one tile where all cells share a Gaussian", () => {
    const [plain] = detectorsOf(smallModel().manifest) as [DetectorManifest];
    const fit = { count: 3, pool: "all", ridge: 1 } as const;
    const grid = { width: 30, height: 20 };
    const manifest: DetectorManifest = { ...plain, grid, head: { kind: "padim", precision: "int16", fit } };
    const { channels } = plain;
    const sums = (rows: number) => new Float64Array(rows * 64).fill(rows);
    const statistics = {
      pilot: sums(channels),
      sum: sums(channels),
      scatter: sums((channels * (channels + 1)) / 2),
    };
    const gaussians = { ...sparseHead(channels, 8, "int16"), cells: 600, shared: true };
    const stored: StoredDetector = { projection: null, head: { kind: "padim", gaussians, fit, statistics } };
    const arrays = detectorArrays(stored, manifest, 0);
    expect(arrays["detectors.0.statistics.sum"]?.shape).toEqual([1, channels, 64]);
    expect(readFrom(arrays, manifest, 0)).toEqual(stored);
  });

  it("give the typical pictures of Gaussians back, and none where a file has none", () => {
    const model = smallModel();
    const [manifest] = detectorsOf(model.manifest) as [DetectorManifest];
    const [stored] = model.detectors as [StoredDetector];
    const head = { ...stored.head, typical: Int32Array.of(4, 0, 3, 3, 1, 2) } as StoredDetector["head"];
    const arrays = detectorArrays({ ...stored, head }, manifest, 2);
    expect(arrays["detectors.2.padim.typical"]).toMatchObject({ type: "I32", shape: [6] });
    expect(readFrom(arrays, manifest, 2)).toEqual({ ...stored, head });
    expect("typical" in readFrom(detectorArrays(stored, manifest, 2), manifest, 2).head).toBe(false);
  });

  it("are named by the detector's number, so that none stands in for another", () => {
    const { manifest, detectors } = smallFusion({ twoInputs: true });
    const all = detectorsOf(manifest).map((one, i) => detectorArrays(detectors[i]!, one, i));
    const names = all.flatMap((arrays) => Object.keys(arrays));
    expect(new Set(names).size).toBe(names.length);
    const together = Object.assign({}, ...all);
    detectorsOf(manifest).forEach((one, i) => {
      expect(readFrom(together, one, i)).toEqual(detectors[i]);
    });
    expect(() => readFrom(together, detectorsOf(manifest)[0]!, 4)).toThrow(/detectors\.4\.bank\.rows/);
  });

  it.each([
    ["more rows than there are", { rows: 10 }, {}],
    ["another precision", { precision: "float32" }, {}],
    ["other channels", {}, { channels: 3 }],
  ])("are refused where the manifest promises %s", (_, head, change) => {
    const { manifest, stored } = drawnBank("int8", 24, 1);
    const arrays = detectorArrays(stored, manifest, 0);
    const other = { ...manifest, ...change, head: { ...manifest.head, ...head } } as DetectorManifest;
    expect(() => readFrom(arrays, other, 0)).toThrow(/bank\.rows.*MODEL_BROKEN/);
  });

  it("say nothing of where rows are from when nobody knows it", () => {
    const { manifest, stored } = drawnBank("float32", 24, 1);
    if (stored.head.kind !== "patchcore") throw new Error("a bank");
    const unknown = new Int32Array(stored.head.bank.rows).fill(-1);
    const bank = { ...stored.head.bank, picture: unknown, cell: unknown };
    const nameless: StoredDetector = { ...stored, head: { kind: "patchcore", bank } };
    const arrays = detectorArrays(nameless, manifest, 0);
    expect(Object.keys(arrays).sort()).toEqual(["detectors.0.bank.norms", "detectors.0.bank.rows"]);
    expect(readFrom(arrays, manifest, 0)).toEqual(nameless);
  });

  it.each(["rows", "scale", "norms", "picture", "cell"])("are refused without bank.%s", (name) => {
    const { manifest, stored } = drawnBank("int8", 24, 1);
    const { [`detectors.0.bank.${name}`]: gone, ...rest } = detectorArrays(stored, manifest, 0);
    expect(gone).toBeDefined();
    expect(() => readFrom(rest, manifest, 0)).toThrow(new RegExp(`bank\\.${name}.*MODEL_BROKEN`));
  });
});
