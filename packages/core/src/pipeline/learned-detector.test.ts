import { afterEach, describe, expect, it, vi } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import type { ModelFile } from "../bundle/model-file.js";
import { arenaOver, createArena, createKernelMemory } from "../kernels/arena.js";
import { seededRandom } from "../random.js";
import type { Session } from "../stages/detector/detector.js";
import { packGaussians } from "../stages/padim/pack-gaussians.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import { headBytes, placeGaussians } from "../stages/padim/place-gaussians.js";
import { detectorBytes, learnedDetector, learnedScorer } from "./learned-detector.js";

/** A head of unit matrices around a mean of 1, for a grid of 6 × 4 cells: distances are plain lengths. */
function unitHead(channels: number, cells: number, precision: FactorPrecision) {
  const tiles = Math.ceil(cells / 64);
  const rows = (channels * (channels + 1)) / 2;
  const factor = new Float64Array(tiles * rows * 64);
  for (let tile = 0; tile < tiles; tile++)
    for (let i = 0; i < channels; i++) {
      const diagonal = (tile * rows + (i * (i + 1)) / 2 + i) * 64;
      factor.fill(1, diagonal, diagonal + 64);
    }
  return packGaussians(
    { channels, cells, mean: new Float64Array(tiles * channels * 64).fill(1), factor },
    precision,
  );
}

/** The small model on a 6 × 4 grid, one cell for every 16 pixels of its 96 × 64 input, without blur. */
function unitModel<M extends ModelFile>(model: M): M {
  const head = { ...model.manifest.head, gridWidth: 6, gridHeight: 4 };
  const map = { sigma: 0, score: "max" as const, ignoreBorder: 0 };
  return { ...model, manifest: { ...model.manifest, head, map }, head: unitHead(2, 24, "float32") };
}

/** A backbone whose tap is its manifest's scale times what the test wants to see. */
const session = (values: readonly number[]): Session => ({
  run: async () => ({
    s3: { shape: [1, 2, 4, 6], data: Float32Array.from(values, (value) => value * 24.5) },
  }),
  close: async () => {},
});
const input = { shape: [1, 3, 64, 96], data: new Float32Array(3 * 64 * 96) };
const arenaFor = (model: ModelFile) => createArena(detectorBytes(model.manifest) + headBytes(model.head));

/** One cell (column 2, row 2 of the grid: pixels 32–47 of both axes) is 5 away from its mean. */
function oneFarCell(): number[] {
  const tap = new Array(2 * 24).fill(1);
  tap[2 * 6 + 2] = 1 + 3;
  tap[24 + 2 * 6 + 2] = 1 + 4;
  return tap;
}

afterEach(() => vi.unstubAllGlobals());

describe("learnedDetector", () => {
  it("is backbone → embedding → distance → map", async () => {
    const model = unitModel(smallModel());
    const detector = learnedDetector(session(oneFarCell()), model, arenaFor(model));
    const { map, score, normalised, label } = await detector.detect(input);
    expect([map?.width, map?.height, normalised, label]).toEqual([96, 64, false, null]);
    expect(score).toBeGreaterThan(4.5);
    expect(score).toBeLessThanOrEqual(5);
    expect(map?.data[40 * 96 + 40]).toBeGreaterThan(4.5);
    expect(map?.data[0]).toBe(0);
  });

  it("gives every picture a map of its own", async () => {
    const model = unitModel(smallModel());
    const taps = oneFarCell();
    const detector = learnedDetector(
      { run: async (feeds) => session(taps).run(feeds), close: async () => {} },
      model,
      arenaFor(model),
    );
    const first = await detector.detect(input);
    const before = first.map?.data.slice();
    taps.fill(9);
    expect((await detector.detect(input)).map?.data).not.toEqual(before);
    expect(first.map?.data).toEqual(before);
  });

  it("uses a model in place that is in its memory, and works in the rest", async () => {
    const model = unitModel(smallModel());
    const [forHead, forWork] = [headBytes(model.head) + 64, detectorBytes(model.manifest)];
    const memory = createKernelMemory(forHead + forWork + 64, true);
    const head = placeGaussians(model.head, arenaOver(memory, 0, forHead));
    const arena = arenaOver(memory, forHead, forHead + forWork + 64);
    const detector = learnedDetector(session(oneFarCell()), { ...model, head }, arena);
    expect((await detector.detect(input)).score).toBeGreaterThan(4.5);
  });

  it("leaves the score of an imported model to its map where the export gave none", async () => {
    const model = unitModel(smallImported());
    const detector = learnedDetector(session(oneFarCell()), model, arenaFor(model));
    const { map, score, normalised } = await detector.detect(input);
    expect([score, normalised, map?.width]).toEqual([null, false, 96]);
  });

  it("normalises and decides as the graph of Anomalib 2.x did", async () => {
    const imported = unitModel(smallImported());
    const { description } = imported.manifest.imported;
    const limits = { threshold: 4, range: 8 };
    const end = { normaliser: { image: limits, pixel: limits }, decisions: { image: 0.5, pixel: 0.5 } };
    const changed = {
      ...imported.manifest.imported,
      ...end,
      description: { ...description, scoreSource: "output" as const },
    };
    const model = { ...imported, manifest: { ...imported.manifest, imported: changed } };
    const raw = await learnedDetector(session(oneFarCell()), imported, arenaFor(imported)).detect(input);
    const { map, score, label, mask, normalised } = await learnedDetector(
      session(oneFarCell()),
      model,
      arenaFor(model),
    ).detect(input);
    const highest = Math.max(...(raw.map?.data ?? []));
    expect(score).toBeCloseTo((highest - 4) / 8 + 0.5, 6);
    expect([label, normalised, mask?.data[40 * 96 + 40], mask?.data[0]]).toEqual([true, true, 1, 0]);
    expect(map?.data[0]).toBe(0);
  });

  it("refuses a backbone that gives other taps, and a grid of another shape", async () => {
    const model = unitModel(smallModel());
    const wrong = learnedDetector(session([1, 2, 3]), model, arenaFor(model));
    await expect(wrong.detect(input)).rejects.toThrow(/BACKBONE/);
    const head = { ...model.manifest.head, gridWidth: 4, gridHeight: 6 };
    const turned = { ...model, manifest: { ...model.manifest, head } };
    const detector = learnedDetector(session(oneFarCell()), turned, arenaFor(turned));
    await expect(detector.detect(input)).rejects.toThrow(/4 cells wide.*MODEL_OUTPUT/);
  });

  it("refuses an arena that is too small", () => {
    const model = unitModel(smallModel());
    expect(() => learnedDetector(session([]), model, createArena(1000))).toThrow(/MEMORY/);
  });
});

describe("learnedScorer", () => {
  const CASES = [
    [1, 1, 1, 16, 16],
    [1, 7, 5, 33, 41],
    [5, 3, 3, 96, 64],
    [448, 5, 3, 48, 40],
  ] as const;

  it.each(CASES)(
    "has room for %i channels on %i × %i cells and %i × %i pixels",
    (channels, gridWidth, gridHeight, width, height) => {
      const small = smallModel();
      const random = seededRandom(channels);
      const values = Float32Array.from({ length: channels * gridWidth * gridHeight }, () => random.normal());
      const far = Math.max(
        ...Array.from({ length: gridWidth * gridHeight }, (_, cell) =>
          Math.hypot(
            ...Array.from(
              { length: channels },
              (_, d) => (values[d * gridWidth * gridHeight + cell] as number) - 1,
            ),
          ),
        ),
      );
      for (const [precision, tolerance] of [
        ["float32", 1e-5],
        ["int16", 1e-3],
        ["int8", 0.05],
      ] as const) {
        const head = { ...small.manifest.head, channels, gridWidth, gridHeight, precision };
        const map = { sigma: 0, score: "max" as const, ignoreBorder: 0 };
        const manifest = { ...small.manifest, head, map, size: { width, height } };
        const model = { ...small, manifest, head: unitHead(channels, gridWidth * gridHeight, precision) };
        const seen = () => {
          const scorer = learnedScorer(model, arenaFor(model));
          scorer.embedding.set(values);
          return scorer.scoredMap();
        };
        const { map: found, score } = seen();
        expect([found.width, found.height]).toEqual([width, height]);
        expect(score).toBeLessThanOrEqual(far * (1 + tolerance));
        expect(score).toBeGreaterThan(0);
        vi.stubGlobal("WebAssembly", undefined);
        expect(Buffer.compare(Buffer.from(seen().map.data.buffer), Buffer.from(found.data.buffer))).toBe(0);
        vi.unstubAllGlobals();
      }
    },
  );
});
