import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arena, arenaOver, createArena, createKernelMemory } from "../../kernels/arena.js";
import { seededRandom } from "../../random.js";
import { type DistanceGrid, type ScoreMapSpec, scoreMapBytes, scoreMapper } from "./score-map.js";

const SPEC: ScoreMapSpec = {
  grids: [{ width: 6, height: 4, factor: 1 }],
  width: 96,
  height: 64,
  sigma: 4,
  score: "max",
  ignoreBorder: 0,
};
const hot = (cell: number) => [Float32Array.from({ length: 24 }, (_, i) => (i === cell ? 10 : 1))];

describe("scoreMapper", () => {
  it("puts the peak where the cell lies, on a map of the asked size", () => {
    const { map, score } = scoreMapper(SPEC)(hot(8));
    expect([map.width, map.height]).toEqual([96, 64]);
    const at = map.data.indexOf(Math.max(...map.data));
    expect(Math.floor((at % 96) / 16)).toBe(2);
    expect(Math.floor(at / 96 / 16)).toBe(1);
    expect(score).toBe(Math.max(...map.data));
  });

  it("leaves an ignored border out of map and score", () => {
    const { map, score } = scoreMapper({ ...SPEC, ignoreBorder: 16 })(hot(0));
    expect(map.data.subarray(0, 96 * 16).every((value) => value === 0)).toBe(true);
    expect(map.data[30 * 96 + 15]).toBe(0);
    expect(map.data[30 * 96 + 16]).toBeGreaterThan(0);
    expect(map.data[30 * 96 + 80]).toBe(0);
    expect(score).toBeLessThan(scoreMapper(SPEC)(hot(0)).score);
  });

  it("a border that covers everything leaves nothing", () => {
    expect(scoreMapper({ ...SPEC, ignoreBorder: 60 })(hot(0)).score).toBe(0);
  });

  it("takes the distance of the nearest cell where one takes no part, and leaves out what is not judged", () => {
    // The right half of the grid.
    const cells = [3, 6, 9, 12, 15, 18, 21, 24];
    const own = Float32Array.from({ length: 12 }, (_, i) => 1 + i);
    const spread = Float32Array.from({ length: 24 }, (_, cell) => {
      const [x, y] = [cell % 6, Math.floor(cell / 6)];
      return own[3 * y + Math.max(0, x - 3)] as number;
    });
    const some = { ...SPEC, grids: [{ width: 6, height: 4, factor: 1, cells }] };
    const whole = scoreMapper(SPEC)([spread]);
    expect(scoreMapper(some)([own])).toEqual(whole);
    // Rows 32 to 63 are judged, of which a hundredth scores.
    const judged = [32 * 96, 64 * 96];
    const { map, score } = scoreMapper({ ...some, score: "top1%", judged })([own]);
    expect(map.data.subarray(0, judged[0]).every((value) => value === 0)).toBe(true);
    expect(map.data.subarray(judged[0])).toEqual(whole.map.data.subarray(judged[0]));
    const top = whole.map.data.slice(judged[0]).sort().slice(-30);
    expect(score).toBeCloseTo(top.reduce((sum, value) => sum + value, 0) / 30, 5);
  });

  it("shows a window of the grid: a straight slope has everywhere the value of its place", () => {
    const slope = Float32Array.from({ length: 24 }, (_, cell) => (cell % 6) + 0.5);
    const window = { x: 1.25, y: 0.5, width: 3.5, height: 3 };
    const spec = { ...SPEC, sigma: 0, grids: [{ width: 6, height: 4, factor: 1, window }] };
    const { map } = scoreMapper(spec)([slope]);
    map.data.forEach((value, at) => {
      expect(value).toBeCloseTo(1.25 + (((at % 96) + 0.5) * 3.5) / 96, 5);
    });
    // The whole grid as a window is the same as none.
    const all = { x: 0, y: 0, width: 6, height: 4 };
    const grids = [{ width: 6, height: 4, factor: 1, window: all }];
    expect(scoreMapper({ ...SPEC, grids })(hot(8))).toEqual(scoreMapper(SPEC)(hot(8)));
  });

  const side = fc.integer({ min: 1, max: 24 });
  const grid = fc.record({
    width: side,
    height: side,
    factor: fc.constantFrom(1, 0.25, 3),
  });
  // Sizes that come again, too: detectors on one grid are added before the blur.
  const grids = fc
    .array(grid, { minLength: 1, maxLength: 4 })
    .chain((few) =>
      fc
        .array(fc.tuple(fc.nat(few.length - 1), grid), { maxLength: 2 })
        .map((more) => [
          ...few,
          ...more.map(([like, { factor }]) => ({ ...(few[like] as DistanceGrid), factor })),
        ]),
    );
  const specs: fc.Arbitrary<ScoreMapSpec> = fc.record({
    grids,
    width: fc.integer({ min: 17, max: 80 }),
    height: fc.integer({ min: 17, max: 80 }),
    sigma: fc.constantFrom(0, 1, 4),
    upsampling: fc.constantFrom("bilinear" as const, "nearest" as const),
    score: fc.constantFrom("max" as const, "top1%" as const),
    ignoreBorder: fc.integer({ min: 0, max: 20 }),
  });
  const noise = ({ grids: all }: ScoreMapSpec, seed: number) => {
    const random = seededRandom(seed);
    return all.map(({ width, height }) =>
      Float32Array.from({ length: width * height }, () => Math.abs(10 * random.normal())),
    );
  };
  /** An arena that compiled kernels do not know. */
  const plainArena = (bytes: number): Arena => arenaOver(new ArrayBuffer(bytes + 64), 0, bytes);

  it("gives the same bytes with compiled and with plain kernels, in `scoreMapBytes` of any arena", () => {
    fc.assert(
      fc.property(specs, fc.nat(), (spec, seed) => {
        const distances = noise(spec, seed);
        const bytes = scoreMapBytes(spec);
        const shared = arenaOver(createKernelMemory(bytes + 4096, true), 4000, 4000 + bytes);
        const results = [createArena(bytes), plainArena(bytes), shared, undefined].map((arena) =>
          scoreMapper(spec, arena)(distances),
        );
        for (const { map, score } of results) {
          expect(Buffer.from(map.data.buffer).equals(Buffer.from(results[0]!.map.data.buffer))).toBe(true);
          expect(score).toBe(results[0]!.score);
        }
      }),
    );
  });

  it("is the sum of the single maps, each times its factor", () => {
    fc.assert(
      fc.property(specs, fc.nat(), (spec, seed) => {
        const distances = noise(spec, seed);
        const { map } = scoreMapper(spec)(distances);
        const single = spec.grids.map(
          (one, i) =>
            scoreMapper({ ...spec, grids: [{ ...one, factor: 1 }] })([distances[i] as Float32Array]).map.data,
        );
        const most = 40 * spec.grids.reduce((sum, { factor }) => sum + factor, 0);
        for (let at = 0; at < map.data.length; at++) {
          const sum = spec.grids.reduce((all, { factor }, i) => all + factor * single[i]![at]!, 0);
          expect(Math.abs(map.data[at]! - sum)).toBeLessThan(most * 1e-6);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("scores the sum, which no single map tells", () => {
    const two = { ...SPEC, grids: [...SPEC.grids, { width: 3, height: 2, factor: 2 }] };
    const far = Float32Array.of(0, 0, 0, 0, 0, 4);
    const { map, score } = scoreMapper(two)([hot(8)[0]!, far]);
    expect(score).toBe(Math.max(...map.data));
    expect(score).toBeGreaterThan(scoreMapper(SPEC)(hot(8)).score);
  });

  it("says the same of the same distances again and again", () => {
    fc.assert(
      fc.property(specs, fc.nat(), (spec, seed) => {
        const toMap = scoreMapper(spec);
        const first = toMap(noise(spec, seed));
        toMap(noise(spec, seed + 1));
        expect(toMap(noise(spec, seed))).toEqual(first);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves the distances alone", () => {
    const two = { ...SPEC, grids: [...SPEC.grids, { width: 6, height: 4, factor: 2 }] };
    const distances = noise(two, 1);
    const before = distances.map((values) => values.slice());
    scoreMapper(two)(distances);
    expect(distances).toEqual(before);
  });

  it("reads distances that lie in the arena where they are", () => {
    const arena = createArena(scoreMapBytes(SPEC) + 256);
    const distances = arena.float32(24);
    distances.set(hot(8)[0]!);
    expect(scoreMapper(SPEC, arena)([distances])).toEqual(scoreMapper(SPEC)(hot(8)));
    expect(distances).toEqual(hot(8)[0]);
  });

  it("gives maps away: each is new, and not in shared memory", () => {
    const bytes = scoreMapBytes(SPEC);
    const toMap = scoreMapper(SPEC, arenaOver(createKernelMemory(bytes, true), 0, bytes));
    const first = toMap(hot(8));
    const kept = first.map.data.slice();
    const second = toMap(hot(9));
    expect(first.map.data).toEqual(kept);
    expect(second.map.data).not.toEqual(kept);
    expect(first.map.data.buffer).toBeInstanceOf(ArrayBuffer);
    expect(first.map.data.byteLength).toBe(first.map.data.buffer.byteLength);
  });
});

describe("scoreMapper with zones", () => {
  const zone = { minArea: 0, minPeak: 0.5, ignoreTouchingBorder: false, weight: 1, unit: 1 };
  const regions = { ...SPEC, score: "region" as const };
  const upper = { ...zone, name: "upper", runs: [0, 96 * 32] };
  const lower = { ...zone, name: "lower", runs: [96 * 32, 96 * 64] };

  it("scores the whole map without filters as its maximum, bit for bit", () => {
    const whole = { ...zone, name: "", runs: [0, 96 * 64] };
    const found = scoreMapper({ ...regions, zones: [whole] })(hot(8));
    const plain = scoreMapper(SPEC)(hot(8));
    expect(found.map).toEqual(plain.map);
    expect([found.score, found.zones]).toEqual([plain.score, [plain.score]]);
    expect(scoreMapper(regions)(hot(8)).score).toBe(plain.score);
  });

  it("weighs the map by zone, and the highest zone is the score", () => {
    const plain = scoreMapper(SPEC)(hot(8)).map.data;
    const zones = [
      { ...upper, weight: 2, unit: 8 },
      { ...lower, weight: 3 },
    ];
    const { map, score, zones: own } = scoreMapper({ ...regions, zones })(hot(8));
    for (const [i, value] of map.data.entries())
      expect(value).toBe(Math.fround(plain[i]! * (i < 3072 ? 0.25 : 3)));
    expect(own).toEqual([Math.max(...map.data.subarray(0, 3072)), Math.max(...map.data.subarray(3072))]);
    expect(score).toBe(Math.max(...own!));
  });

  it("sets what is in no zone to 0, and asks for the area", () => {
    const { map, score } = scoreMapper({ ...regions, zones: [{ ...lower, minArea: 3072 }] })(hot(8));
    expect(map.data.subarray(0, 3072).every((value) => value === 0)).toBe(true);
    expect(score).toBe(Math.min(...map.data.subarray(3072)));
  });
});
