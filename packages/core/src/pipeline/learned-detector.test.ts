import { afterEach, describe, expect, it, vi } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import type { DetectorManifest, PadimManifest, PassManifest } from "../bundle/manifest.js";
import type { ModelFile, StoredDetector, StoredHead, TrainedModelFile } from "../bundle/model-file.js";
import type { StoredPadim, StoredPatchcore } from "../bundle/stored-detectors.js";
import { arenaOver, createArena, createKernelMemory } from "../kernels/arena.js";
import { seededRandom } from "../random.js";
import type { Session } from "../stages/detector/detector.js";
import { packGaussians } from "../stages/padim/pack-gaussians.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import { placeGaussians } from "../stages/padim/place-gaussians.js";
import type { Tensor } from "../tensor.js";
import {
  detectorBytes,
  headBytes,
  learnedDetector,
  learnedScorer,
  scoreMapSpec,
} from "./learned-detector.js";

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

const GRID = { width: 6, height: 4 };

/** A model of one PaDiM with another grid, precision and Gaussians, without blur. */
function withUnitHead<M extends ModelFile>(
  model: M,
  { channels = 2, grid = GRID, precision = "float32" as FactorPrecision },
): M {
  const [pass] = model.manifest.passes as [PassManifest];
  const [detector] = pass.detectors as [DetectorManifest];
  const [stored] = model.detectors as [StoredDetector];
  const head = { ...detector.head, precision } as PadimManifest;
  const passes = [{ ...pass, detectors: [{ ...detector, channels, grid, head }] }];
  const map = { sigma: 0, score: "max" as const, ignoreBorder: 0 };
  const gaussians = unitHead(channels, grid.width * grid.height, precision);
  return {
    ...model,
    manifest: { ...model.manifest, passes, map },
    detectors: [{ ...stored, head: { ...stored.head, gaussians } as StoredHead }],
  };
}

/** The small model on a 6 × 4 grid, one cell for every 16 pixels of its 96 × 64 input, without blur. */
const unitModel = <M extends ModelFile>(model: M): M => withUnitHead(model, {});

/** A backbone whose tap is its manifest's scale times what the test wants to see. */
const session = (values: readonly number[]): Session => ({
  run: async () => ({
    s3: { shape: [1, 2, 4, 6], data: Float32Array.from(values, (value) => value * 24.5) },
  }),
  close: async () => {},
});
const input = { shape: [1, 3, 64, 96], data: new Float32Array(3 * 64 * 96) };
const arenaFor = (model: ModelFile) => createArena(detectorBytes(model.manifest) + headBytes(model));

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
    const { map, score, normalised, label } = await detector.detect([input]);
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
    const first = await detector.detect([input]);
    const before = first.map?.data.slice();
    taps.fill(9);
    expect((await detector.detect([input])).map?.data).not.toEqual(before);
    expect(first.map?.data).toEqual(before);
  });

  it("uses a model in place that is in its memory, and works in the rest", async () => {
    const model = unitModel(smallModel());
    const [forHead, forWork] = [headBytes(model) + 64, detectorBytes(model.manifest)];
    const memory = createKernelMemory(forHead + forWork + 64, true);
    const [{ head: own }] = model.detectors as readonly unknown[] as [{ head: StoredPadim }];
    const gaussians = placeGaussians(own.gaussians, arenaOver(memory, 0, forHead));
    const detectors = [{ projection: null, head: { ...own, gaussians } }];
    const arena = arenaOver(memory, forHead, forHead + forWork + 64);
    const detector = learnedDetector(session(oneFarCell()), { ...model, detectors }, arena);
    expect((await detector.detect([input])).score).toBeGreaterThan(4.5);
  });

  it("leaves the score of an imported model to its map where the export gave none", async () => {
    const model = unitModel(smallImported());
    const detector = learnedDetector(session(oneFarCell()), model, arenaFor(model));
    const { map, score, normalised } = await detector.detect([input]);
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
    const raw = await learnedDetector(session(oneFarCell()), imported, arenaFor(imported)).detect([input]);
    const { map, score, label, mask, normalised } = await learnedDetector(
      session(oneFarCell()),
      model,
      arenaFor(model),
    ).detect([input]);
    const highest = Math.max(...(raw.map?.data ?? []));
    expect(score).toBeCloseTo((highest - 4) / 8 + 0.5, 6);
    expect([label, normalised, mask?.data[40 * 96 + 40], mask?.data[0]]).toEqual([true, true, 1, 0]);
    expect(map?.data[0]).toBe(0);
  });

  it("refuses a backbone that gives other taps, and a grid of another shape", async () => {
    const model = unitModel(smallModel());
    const wrong = learnedDetector(session([1, 2, 3]), model, arenaFor(model));
    await expect(wrong.detect([input])).rejects.toThrow(/BACKBONE/);
    const turned = withUnitHead(model, { grid: { width: 4, height: 6 } });
    const detector = learnedDetector(session(oneFarCell()), turned, arenaFor(turned));
    await expect(detector.detect([input])).rejects.toThrow(/4 cells wide.*MODEL_OUTPUT/);
  });

  it("refuses more or fewer tensors than the model has network inputs", async () => {
    const one = unitModel(smallModel());
    const single = learnedDetector(session(oneFarCell()), one, arenaFor(one));
    const two = smallFusion({ twoInputs: true });
    const both = learnedDetector(wholeSession(1), two, arenaFor(two));
    for (const refused of [
      single.detect([]),
      single.detect([input, input]),
      both.detect([input]),
      both.detect([input, input, input]),
    ])
      await expect(refused).rejects.toMatchObject({ code: "MODEL_INPUT" });
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
        const grid = { width: gridWidth, height: gridHeight };
        const unit = withUnitHead(small, { channels, grid, precision });
        const model = { ...unit, manifest: { ...unit.manifest, size: { width, height } } };
        const seen = () => {
          const scorer = learnedScorer(model, arenaFor(model));
          scorer.embeddings[0]!.set(values);
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

/** A backbone of stride 16 whose tap is drawn anew from the first value of every picture and the seed. */
function wholeSession(seed: number): Session {
  return {
    async run({ x }) {
      const [, , height, width] = x!.shape as [number, number, number, number];
      const random = seededRandom(seed + Math.round(x!.data[0]!));
      const shape = [1, 2, height / 16, width / 16];
      const data = Float32Array.from({ length: (2 * height * width) / 256 }, () => 50 * random.normal());
      return { s3: { shape, data } };
    },
    close: async () => {},
  };
}

const tensorOf = ({ size }: PassManifest, picture: number): Tensor => ({
  shape: [1, 3, size.height, size.width],
  data: new Float32Array(3 * size.height * size.width).fill(picture),
});

/** The model with one of its detectors alone, at factor 1; that detector's number counts from 0. */
function alone(model: TrainedModelFile, number: number): TrainedModelFile {
  let first = 0;
  const passes = model.manifest.passes.flatMap((pass) => {
    const own = pass.detectors.filter(() => first++ === number);
    return own.length === 0 ? [] : [{ ...pass, detectors: own.map((one) => ({ ...one, factor: 1 })) }];
  });
  return {
    ...model,
    manifest: { ...model.manifest, passes },
    detectors: [model.detectors[number] as StoredDetector],
  };
}

describe("a fusion", () => {
  const CASES = [false, true].flatMap((twoInputs) =>
    (["float32", "int8"] as const).map((bank) => ({ twoInputs, bank })),
  );

  it.each(CASES)(
    "has a map that is the sum of its detectors' maps, each times its factor: %j",
    async (kind) => {
      const model = smallFusion(kind);
      const { passes } = model.manifest;
      const detector = learnedDetector(wholeSession(1), model, arenaFor(model));
      const factors = scoreMapSpec(model.manifest).grids.map(({ factor }) => factor);
      expect(factors).toEqual([0.5, 0.25, 0.75, 0.125].slice(0, kind.twoInputs ? 4 : 2));
      for (const picture of [1, 2, 1]) {
        const { map, score } = await detector.detect(passes.map((pass) => tensorOf(pass, picture)));
        const single = await Promise.all(
          factors.map(async (_, i) => {
            const one = alone(model, i);
            const [pass] = one.manifest.passes as [PassManifest];
            const own = learnedDetector(wholeSession(1), one, arenaFor(one));
            return (await own.detect([tensorOf(pass, picture)])).map!.data;
          }),
        );
        map!.data.forEach((value, at) => {
          const sum = factors.reduce((all, factor, i) => all + factor * single[i]![at]!, 0);
          expect(Math.abs(value - sum)).toBeLessThan(1e-5 * (1 + sum));
        });
        expect(score).toBe(Math.max(...map!.data));
      }
    },
  );

  it.each(CASES)("gives the same bytes with compiled and with plain kernels: %j", async (kind) => {
    const model = smallFusion(kind);
    const detect = () =>
      learnedDetector(wholeSession(1), model, arenaFor(model)).detect(
        model.manifest.passes.map((pass) => tensorOf(pass, 1)),
      );
    const found = await detect();
    vi.stubGlobal("WebAssembly", undefined);
    expect(await detect()).toEqual(found);
  });

  it("reads every input with its own steps, and runs the backbone once for each", async () => {
    const model = smallFusion({ twoInputs: true });
    const { passes } = model.manifest;
    const run = vi.fn(wholeSession(1).run);
    const detector = learnedDetector({ run, close: async () => {} }, model, arenaFor(model));
    expect(detector.inputs).toEqual(passes.map(({ preprocessing }) => preprocessing));
    await detector.detect(passes.map((pass) => tensorOf(pass, 1)));
    expect(run.mock.calls.map(([{ x }]) => x?.shape)).toEqual([
      [1, 3, 64, 96],
      [1, 3, 128, 192],
    ]);
  });

  it("tells the distances of each detector, as its head measures them", () => {
    const model = smallFusion({ twoInputs: true, bank: "float32" });
    const scorer = learnedScorer(model, arenaFor(model));
    const random = seededRandom(3);
    for (const embedding of scorer.embeddings) embedding.set(embedding.map(() => random.normal()));
    const distances = scorer.distances().map((values) => values.slice());
    expect(distances.map(({ length }) => length)).toEqual([24, 24, 96, 96]);
    for (const i of [0, 2]) {
      const { bank } = model.detectors[i]!.head as StoredPatchcore;
      const cells = distances[i]!.length;
      distances[i]!.forEach((distance, cell) => {
        const patch = [0, 1].map((d) => scorer.embeddings[i]![d * cells + cell]!);
        const rows = Array.from({ length: bank.rows }, (_, row) =>
          Math.hypot(...patch.map((value, d) => value - bank.data[2 * row + d]!)),
        );
        expect(distance).toBeCloseTo(Math.min(...rows), 5);
      });
    }
  });
});
