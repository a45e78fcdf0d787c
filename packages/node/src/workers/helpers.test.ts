import { deflateSync } from "node:zlib";
import {
  arenaOver,
  bufferOf,
  learnedDetector,
  type ModelFile,
  readModelFile,
  type Session,
  type TrainedModelFile,
} from "@blemish/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { correlatedCell, packCells } from "../../../../tests/support/packed-heads.js";
import { smallBank } from "../../../../tests/support/small-fusion.js";
import { smallModel } from "../../../../tests/support/small-model.js";
import { unpackAlone } from "../images/decode-png.js";
import { helperPlaces, shareModel } from "../model/shared-model.js";
import { createHelpers, type Helpers } from "./helpers.js";

const open: Helpers[] = [];
function helpersOf(...options: Parameters<typeof createHelpers>): Helpers {
  const helpers = createHelpers(...options)!;
  open.push(helpers);
  return helpers;
}

/** Helpers that are there. */
async function awake(...options: Parameters<typeof createHelpers>): Promise<Helpers> {
  const helpers = helpersOf(...options);
  helpers.start();
  await vi.waitFor(() => expect(helpers.present()).toBe(Math.min(3, options[1])), { timeout: 20_000 });
  return helpers;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((helpers) => helpers.close()));
  vi.unstubAllGlobals();
});

/** Rows of a made picture, with all filters in turn. */
function pictureRows(width: number, height: number, seed: number) {
  const rowBytes = 3 * width;
  const data = Buffer.alloc(height * (rowBytes + 1));
  for (let i = 0, state = seed; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = i % (rowBytes + 1) === 0 ? (i / (rowBytes + 1)) % 5 : state >>> 29;
  }
  return { data, height, rowBytes, pixelBytes: 3 };
}

describe("a helper that inflates", () => {
  it("gives the bytes of one thread, for one picture after the other", async () => {
    const { unpack } = await awake(null, 1);
    for (let round = 0; round < 12; round++) {
      const { data, ...shape } = pictureRows(400 + 100 * (round % 4), 500 + 60 * round, round);
      const rows = { ...shape, pieces: [deflateSync(data, { level: 1 + (round % 9) })] };
      const [alone, together] = [0, 1].map((fill) => Buffer.alloc(shape.height * shape.rowBytes, fill));
      expect(unpackAlone(rows, alone!, () => true)).toBe(true);
      let asked = 0;
      expect(unpack(rows, together!, () => ++asked > 0)).toBe(true);
      expect(asked).toBe(1);
      expect(together!.equals(alone!)).toBe(true);
    }
  });

  it("finds out what is wrong with a stream, and goes on with the next", async () => {
    const { unpack } = await awake(null, 2);
    const { data, ...shape } = pictureRows(500, 400, 7);
    const sound = deflateSync(data);
    const out = Buffer.alloc(shape.height * shape.rowBytes);
    const outcome = (stream: Uint8Array, goOn = true) =>
      unpack({ ...shape, pieces: [stream] }, out, () => goOn);
    const damaged = Buffer.from(sound);
    damaged[damaged.length >> 1]! ^= 0x55;
    const wrongSum = Buffer.from(sound);
    wrongSum[wrongSum.length - 1]! ^= 1;
    data[5 * 1501] = 5;
    const wrongFilter = deflateSync(data);
    for (let round = 0; round < 3; round++) {
      expect(outcome(sound)).toBe(true);
      for (const stream of [damaged, wrongSum, wrongFilter, sound.subarray(0, 5000), new Uint8Array(0)])
        expect(outcome(stream)).toBe(false);
      expect(outcome(sound, false)).toBe(false);
    }
  });

  it("leaves rows that are too large to others", async () => {
    const { unpack } = await awake(null, 1);
    const rows = { pieces: [Buffer.alloc(9)], height: 1 << 16, rowBytes: 1 << 12, pixelBytes: 1 };
    expect(unpack(rows, Buffer.alloc(0), () => true)).toBeNull();
  });
});

/** The small model with 48 × 32 cells: their distances are twelve parts. */
function largerModel(): TrainedModelFile {
  const model = smallModel();
  const [channels, grid] = [2, { width: 48, height: 32 }];
  const cells = Array.from({ length: grid.width * grid.height }, (_, cell) =>
    correlatedCell(channels, 2, cell + 1),
  );
  const [tap] = model.manifest.backbone.taps;
  const backbone = { ...model.manifest.backbone, taps: [{ ...tap!, stride: 2 }] };
  const [pass] = model.manifest.passes;
  const head = { kind: "padim", precision: "int16", fit: null } as const;
  const passes = [{ ...pass!, detectors: [{ ...pass!.detectors[0]!, channels, grid, head }] }];
  const stored = {
    kind: "padim",
    gaussians: packCells(cells, "int16"),
    fit: null,
    statistics: null,
  } as const;
  const detectors = [{ projection: null, head: stored }];
  return { ...model, manifest: { ...model.manifest, backbone, passes }, detectors };
}

/** With a memory bank beside the Gaussians, on the same 48 × 32 cells: its distances are twenty-four parts. */
function largerFusion(precision: "float32" | "int8", neighbours?: number): TrainedModelFile {
  const model = largerModel();
  const [pass] = model.manifest.passes;
  const [padim] = pass!.detectors;
  const { projection, head } = model.detectors[0]!;
  const weigh = neighbours === undefined ? {} : { neighbours };
  const bank = {
    kind: "patchcore",
    bank: smallBank(precision, 48 * 32, 3),
  } as const;
  const patchcore = { kind: "patchcore", precision, rows: bank.bank.rows, ...weigh } as const;
  const detectors = [{ ...padim!, head: patchcore }, padim!].slice(0, neighbours === undefined ? 2 : 1);
  const stored = [
    { projection, head: bank },
    { projection, head },
  ].slice(0, detectors.length);
  return { ...model, manifest: { ...model.manifest, passes: [{ ...pass!, detectors }] }, detectors: stored };
}

/** A session whose taps depend on the first number of the input alone. */
function tapsSession({ manifest: { backbone } }: ModelFile): Session {
  return {
    async run({ [backbone.input.name]: input }) {
      const [, , height = 0, width = 0] = input!.shape;
      const taps = backbone.taps.map(({ name, channels, stride }) => {
        const shape = [1, channels, Math.ceil(height / stride), Math.ceil(width / stride)];
        const length = shape.reduce((product, side) => product * side, 1);
        const first = input!.data[0]!;
        return [
          name,
          { shape, data: Float32Array.from({ length }, (_, i) => Math.sin(i * 0.7 + first)) },
        ] as const;
      });
      return Object.fromEntries(taps);
    },
    async close() {},
  };
}

describe("helpers that share distances", () => {
  it.each([
    ["Gaussians", largerModel()],
    ["an int8 bank and Gaussians", largerFusion("int8")],
    ["a float32 bank and Gaussians", largerFusion("float32")],
    ["a weighed bank", largerFusion("float32", 5)],
  ])("of %s give the bytes of one thread, however many they are, come or gone", async (_, larger) => {
    const { part } = shareModel(larger, "larger.blemish", 1).takePart();
    const file = new Uint8Array(bufferOf(part.memory), part.fileStart, part.fileLength);
    const model = readModelFile(file, "larger.blemish", null);
    const { size } = model.manifest;
    const { detector: place } = helperPlaces(part.scratch!, model.manifest);
    const detectorWith = (share?: Helpers["share"]) =>
      learnedDetector(tapsSession(model), model, arenaOver(part.memory, place.start, place.end), share);
    const detect = async (detector: ReturnType<typeof detectorWith>, value: number) => {
      const data = new Float32Array(3 * size.width * size.height).fill(value);
      return detector.detect([{ data, shape: [1, 3, size.height, size.width] }]);
    };
    const alone = detectorWith();
    const expected = [await detect(alone, 1), await detect(alone, 2)];
    const helpers = helpersOf(part, 5);
    const shared = detectorWith(helpers.share);
    const both = async () => [await detect(shared, 1), await detect(shared, 2)];
    expect(await both()).toEqual(expected);
    helpers.start();
    helpers.start();
    for (let round = 0; round < 50; round++) {
      expect(await both()).toEqual(expected);
      if (helpers.present() < 3) await new Promise((done) => setTimeout(done, 10));
    }
    await vi.waitFor(() => expect(helpers.present()).toBe(3), { timeout: 20_000 });
    expect(await both()).toEqual(expected);
    await helpers.close();
    expect(helpers.present()).toBe(0);
    expect(await both()).toEqual(expected);
  });

  it("do some of the parts", async () => {
    const { part } = shareModel(largerModel(), "larger.blemish", 1).takePart();
    const { share } = await awake(part, 1);
    const mine: number[] = [];
    for (let round = 0; round < 20 && mine.length === 12 * round; round++)
      share(0, 12, (one) => {
        mine.push(one);
        const end = performance.now() + 5;
        while (performance.now() < end);
      });
    expect(mine.length % 12).toBeGreaterThan(0);
  });

  it("are not asked where a worker has no part of the memory", async () => {
    const { part } = shareModel(largerModel(), "larger.blemish", 1).takePart();
    const { share } = await awake({ ...part, scratch: null }, 1);
    const done: number[] = [];
    share(0, 12, (one) => done.push(one));
    expect(done).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });
});

describe("createHelpers", () => {
  it("needs another thread, and kernels", () => {
    expect(createHelpers(null, 0)).toBeNull();
    vi.stubGlobal("WebAssembly", undefined);
    expect(createHelpers(null, 1)).toBeNull();
  });

  it("can be closed before it starts, and does not start then", async () => {
    const helpers = helpersOf(null, 1);
    await helpers.close();
    helpers.start();
    await helpers.close();
    expect(helpers.present()).toBe(0);
  });
});
