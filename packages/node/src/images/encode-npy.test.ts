import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readFloatNpy } from "../../../../tests/support/npy.js";
import { encodeNpy } from "./encode-npy.js";

it("is read back as the same numbers and shape, with the numbers at a multiple of 64", async () => {
  const folder = await mkdtemp(join(tmpdir(), "blemish-npy-"));
  const path = join(folder, "map.npy");
  const maps = fc
    .record({
      width: fc.integer({ min: 1, max: 2000 }),
      height: fc.integer({ min: 1, max: 5 }),
      seed: fc.float(),
    })
    .map(({ width, height, seed }) => ({ width, height, data: new Float32Array(width * height).fill(seed) }));
  await fc.assert(
    fc.asyncProperty(maps, async (map) => {
      const file = encodeNpy(map);
      await writeFile(path, file);
      expect(readFloatNpy(path)).toEqual({ shape: [map.height, map.width], data: map.data });
      expect((file.length - map.data.byteLength) % 64).toBe(0);
      expect(file[file.length - map.data.byteLength - 1]).toBe(10);
    }),
    { numRuns: 50 },
  );
  await rm(folder, { recursive: true });
});

it("writes the header that NumPy 1.26 writes", () => {
  const file = Buffer.from(
    encodeNpy({ width: 3, height: 2, data: Float32Array.of(0, 1, -2, 0.5, Number.NaN, 1e30) }),
  );
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  expect(file.toString("latin1", 0, 128)).toBe(`\x93NUMPY\x01\x00\x76\x00${header.padEnd(117)}\n`);
  expect(file.toString("hex", 128)).toBe("000000000000803f000000c00000003f0000c07fcaf24971");
});
