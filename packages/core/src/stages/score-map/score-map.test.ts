import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arena, arenaOver, createArena, createKernelMemory } from "../../kernels/arena.js";
import { seededRandom } from "../../random.js";
import { type ScoreMapSpec, scoreMapBytes, scoreMapper } from "./score-map.js";

const SPEC = {
  gridWidth: 6,
  gridHeight: 4,
  width: 96,
  height: 64,
  sigma: 4,
  score: "max" as const,
  ignoreBorder: 0,
};
const hot = (cell: number) => Float32Array.from({ length: 24 }, (_, i) => (i === cell ? 10 : 1));

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

  const side = fc.integer({ min: 1, max: 24 });
  const specs = fc.record({
    gridWidth: side,
    gridHeight: side,
    width: fc.integer({ min: 17, max: 80 }),
    height: fc.integer({ min: 17, max: 80 }),
    sigma: fc.constantFrom(0, 1, 4),
    upsampling: fc.constantFrom("bilinear" as const, "nearest" as const),
    score: fc.constantFrom("max" as const, "top1%" as const),
    ignoreBorder: fc.integer({ min: 0, max: 20 }),
  });
  const noise = ({ gridWidth, gridHeight }: ScoreMapSpec, seed: number) => {
    const random = seededRandom(seed);
    return Float32Array.from({ length: gridWidth * gridHeight }, () => Math.abs(10 * random.normal()));
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

  it("reads distances that lie in the arena where they are", () => {
    const arena = createArena(scoreMapBytes(SPEC) + 256);
    const distances = arena.float32(24);
    distances.set(hot(8));
    expect(scoreMapper(SPEC, arena)(distances)).toEqual(scoreMapper(SPEC)(hot(8)));
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
