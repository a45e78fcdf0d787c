import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FloatMap, Mask, RgbImage } from "../image/image.js";
import { alignedPicture, mapInPicture, maskInPicture, type Pose, toPicture, toReference } from "./pose.js";

const poses = (width: number, height: number): fc.Arbitrary<Pose> => {
  const part = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
  return fc
    .tuple(part(width / 5), part(height / 5), part(Math.PI / 18))
    .map(([x, y, angle]) => ({ width, height, x, y, angle }));
};

const still: Pose = { width: 30, height: 20, x: 0, y: 0, angle: 0 };
const picture: RgbImage = {
  width: 30,
  height: 20,
  channels: 3,
  data: Uint8Array.from({ length: 1800 }, (_, i) => (i * 37) % 251),
};

describe("toPicture and toReference", () => {
  it("lead there and back", () => {
    fc.assert(
      fc.property(
        poses(200, 120),
        fc.double({ min: 0, max: 199, noNaN: true }),
        fc.double({ min: 0, max: 119, noNaN: true }),
        (pose, x, y) => {
          const place = toPicture(pose, x, y);
          const back = toReference(pose, place.x, place.y);
          expect(Math.hypot(back.x - x, back.y - y)).toBeLessThan(1e-9);
        },
      ),
    );
  });
});

describe("alignedPicture", () => {
  it("is the picture itself where nothing is moved", () => {
    expect(alignedPicture(picture, still)).toEqual(picture);
  });

  it("moves whole pixels exactly and repeats the border", () => {
    const { data } = alignedPicture(picture, { ...still, x: 3, y: -2 });
    for (let y = 0; y < 20; y++)
      for (let x = 0; x < 30; x++) {
        const from = 3 * (Math.max(0, y - 2) * 30 + Math.min(29, x + 3));
        expect(data[3 * (y * 30 + x)]).toBe(picture.data[from]);
      }
  });

  it("takes pictures one pixel high or wide", () => {
    for (const [width, height] of [
      [1, 1],
      [1, 9],
      [9, 1],
    ] as const) {
      const data = new Uint8Array(3 * width * height).fill(9);
      const aligned = alignedPicture(
        { width, height, channels: 3, data },
        { width, height, x: 0.3, y: -4, angle: 0.1 },
      );
      expect(new Set(aligned.data)).toEqual(new Set([9]));
    }
  });
});

/** A dot of 3 × 3 pixels. */
function dot(width: number, height: number, x: number, y: number): Mask {
  const data = new Uint8Array(width * height);
  for (let v = -1; v <= 1; v++) for (let u = -1; u <= 1; u++) data[(y + v) * width + x + u] = 1;
  return { width, height, channels: 1, data };
}

function centre({ data, width }: { data: ArrayLike<number>; width: number }): { x: number; y: number } {
  let [sum, x, y] = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    sum += data[i]!;
    x += data[i]! * (i % width);
    y += data[i]! * Math.floor(i / width);
  }
  return { x: x / sum, y: y / sum };
}

describe("maps and masks in the picture", () => {
  it("show a dot of the reference where the pose leads, to less than a pixel", () => {
    fc.assert(
      fc.property(
        poses(90, 60),
        fc.integer({ min: 25, max: 65 }),
        fc.integer({ min: 20, max: 40 }),
        (pose, x, y) => {
          const mask = dot(90, 60, x, y);
          const place = toPicture(pose, x, y);
          const found = centre(maskInPicture(mask, pose));
          expect(Math.hypot(found.x - place.x, found.y - place.y)).toBeLessThan(0.8);
          const map: FloatMap = { width: 90, height: 60, data: Float32Array.from(mask.data) };
          const warm = centre(mapInPicture(map, pose));
          expect(Math.hypot(warm.x - place.x, warm.y - place.y)).toBeLessThan(0.3);
        },
      ),
    );
  });

  it("know what of the picture a small map shows", () => {
    const map: FloatMap = { width: 18, height: 12, data: new Float32Array(18 * 12) };
    map.data[6 * 18 + 9] = 1;
    const pose: Pose = { width: 100, height: 80, x: 10, y: -5, angle: 0 };
    const view = { x: 5, y: 10, width: 90, height: 60 };
    const moved = centre(mapInPicture(map, pose, view));
    expect(moved.x).toBeCloseTo(9 + 10 / 5, 5);
    expect(moved.y).toBeCloseTo(6 - 5 / 5, 5);
  });

  it("leave nothing where the reference ends, and no value that was not there", () => {
    const ones = { width: 40, height: 30, channels: 1, data: new Uint8Array(1200).fill(1) } as const;
    fc.assert(
      fc.property(poses(40, 30), (pose) => {
        expect(maskInPicture(ones, pose).data.every((value) => value === 0 || value === 1)).toBe(true);
        const map = mapInPicture({ width: 40, height: 30, data: new Float32Array(1200).fill(0.25) }, pose);
        expect(map.data.every((value) => value === 0.25)).toBe(true);
      }),
    );
    expect(maskInPicture(ones, { width: 40, height: 30, x: 40, y: 0, angle: 0 }).data).not.toContain(1);
  });
});
