/** Tests that every 8-bit resampler must pass: the reference numbers of the real library, properties, bad input. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Raster8 } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formulaPicture, noiseMask, noisePicture } from "./noise.js";

type Resize = <R extends Raster8>(image: R, width: number, height: number) => R;

interface PictureFixture {
  readonly cases: readonly {
    readonly from: [number, number, number];
    readonly to: [number, number];
    readonly kind: "noise" | "mask";
    readonly seed: number;
    readonly sha256: string;
  }[];
  readonly small: readonly {
    readonly from: [number, number, number];
    readonly to: [number, number];
    readonly seed: number;
    readonly data: readonly number[];
  }[];
  readonly formula: { readonly sum: number; readonly pixels: Readonly<Record<string, readonly number[]>> };
}

/** The parsed file `fixtures/opencv/<name>.json`. */
export function readReference<T>(name: string): T {
  const path = resolve(import.meta.dirname, "../../fixtures/opencv", `${name}.json`);
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

/** Hex SHA-256 of an array's bytes. */
export function sha256(data: Uint8Array | Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");
}

/** A side or a target side: small enough to be quick, and often 1 or 2. */
const side = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }));

/** A noisy picture of 1–4 channels and a size to bring it to. */
export const resizeCase = fc.record({
  picture: fc
    .tuple(side, side, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 1e6 }))
    .map((numbers) => noisePicture(...numbers)),
  width: side,
  height: side,
});

/** Declares the common tests of one resampler against `fixtures/opencv/<fixture>.json`. */
export function describeResampler(fixture: string, resize: Resize): void {
  const reference = readReference<PictureFixture>(fixture);
  describe("reference numbers", () => {
    test.each(reference.small)("small $from to $to, value for value", ({ from, to, seed, data }) => {
      expect([...resize(noisePicture(...from, seed), ...to).data]).toEqual(data);
    });

    test(`${reference.cases.length} pictures of many sizes, by hash`, () => {
      expect(reference.cases.length).toBeGreaterThanOrEqual(60);
      for (const { from, to, kind, seed, sha256: expected } of reference.cases) {
        const picture = (kind === "mask" ? noiseMask : noisePicture)(...from, seed);
        expect(sha256(resize(picture, ...to).data), `${kind} ${from} to ${to}`).toBe(expected);
      }
    });

    test("the formula picture, 400 × 300 to 256 × 256", () => {
      const { data } = resize(formulaPicture(), 256, 256);
      expect(data.reduce((sum, sample) => sum + sample, 0)).toBe(reference.formula.sum);
      for (const [spot, pixel] of Object.entries(reference.formula.pixels)) {
        const [y = 0, x = 0] = spot.split(",").map(Number);
        expect([...data.subarray((y * 256 + x) * 3, (y * 256 + x) * 3 + 3)], spot).toEqual(pixel);
      }
    });
  });
  describeProperties(resize);
  describeBadInput(resize);
}

function describeProperties(resize: Resize): void {
  describe("properties", () => {
    test("the result has the size and the channels asked for; the source is not changed", () => {
      fc.assert(
        fc.property(resizeCase, ({ picture, width, height }) => {
          const before = picture.data.slice();
          const result = resize(picture, width, height);
          expect(result).toMatchObject({ width, height, channels: picture.channels });
          expect(result.data.length).toBe(width * height * picture.channels);
          expect(picture.data).toEqual(before);
        }),
      );
    });

    test("the same size gives the same object", () => {
      const picture = noisePicture(7, 5, 3, 1);
      expect(resize(picture, 7, 5)).toBe(picture);
    });

    test("a constant picture stays constant", () => {
      fc.assert(
        fc.property(resizeCase, fc.integer({ min: 0, max: 255 }), ({ picture, width, height }, value) => {
          const flat = { ...picture, data: picture.data.map(() => value) };
          expect(new Set(resize(flat, width, height).data)).toEqual(new Set([value]));
        }),
      );
    });

    test("values stay within those of the source", () => {
      fc.assert(
        fc.property(resizeCase, ({ picture, width, height }) => {
          const { data } = resize(picture, width, height);
          expect(Math.min(...data)).toBeGreaterThanOrEqual(Math.min(...picture.data));
          expect(Math.max(...data)).toBeLessThanOrEqual(Math.max(...picture.data));
        }),
      );
    });

    test("channels do not mix: reversing them before or after is the same", () => {
      fc.assert(
        fc.property(resizeCase, ({ picture, width, height }) => {
          const expected = reverseChannels(resize(picture, width, height));
          expect(resize(reverseChannels(picture), width, height).data).toEqual(expected.data);
        }),
      );
    });
  });
}

function describeBadInput(resize: Resize): void {
  describe("bad input", () => {
    const picture = noisePicture(4, 3, 3, 1);
    test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
      "a side of %s is refused",
      (bad) => {
        expect(() => resize(picture, bad, 3)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" }));
        expect(() => resize(picture, 4, bad)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" }));
      },
    );

    test("data of another length than its size is refused", () => {
      const short = { ...picture, data: picture.data.subarray(1) };
      expect(() => resize(short, 2, 2)).toThrow(expect.objectContaining({ code: "IMAGE_PIXELS" }));
    });
  });
}

function reverseChannels(picture: Raster8): Raster8 {
  const { channels } = picture;
  const data = picture.data.map((_, index) => {
    const channel = index % channels;
    return picture.data[index - channel + (channels - 1 - channel)] ?? 0;
  });
  return { ...picture, data };
}
