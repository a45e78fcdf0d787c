import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formulaMask, reference, sha256 } from "../../../../../fixtures/visualise/formulas.js";
import type { Mask } from "../image/image.js";
import { type Components, connectedComponents } from "./connected-components.js";

/** The picture of labels that OpenCV would give: 0 = background. */
function labelPicture({ rows, starts, ends, labels }: Components, { width, height }: Mask): Int32Array {
  const picture = new Int32Array(width * height);
  for (let run = 0; run < labels.length; run++)
    picture.fill(labels[run]! + 1, rows[run]! * width + starts[run]!, rows[run]! * width + ends[run]!);
  return picture;
}

const masks = fc
  .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((bits): Mask => ({ width, height, channels: 1, data: Uint8Array.from(bits) })),
  );

describe("properties", () => {
  it("partitions exactly the set pixels", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const picture = labelPicture(connectedComponents(mask), mask);
        expect(Array.from(picture, (label) => (label > 0 ? 1 : 0))).toEqual(Array.from(mask.data));
      }),
    );
  });

  it("gives neighbours one label, and joins no others", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const components = connectedComponents(mask);
        const picture = labelPicture(components, mask);
        const { width, height } = mask;
        const flooded = new Int32Array(width * height);
        let found = 0;
        for (let i = 0; i < picture.length; i++) {
          if (picture[i] === 0 || flooded[i] !== 0) continue;
          found++;
          const open = [i];
          flooded[i] = found;
          for (let at = open.pop(); at !== undefined; at = open.pop()) {
            expect(picture[at]).toBe(picture[i]);
            const x = at % width;
            const y = Math.floor(at / width);
            for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++)
              for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx++) {
                const next = ny * width + nx;
                if (mask.data[next] === 0 || flooded[next] !== 0) continue;
                flooded[next] = found;
                open.push(next);
              }
          }
        }
        expect(components.count).toBe(found);
      }),
    );
  });
});

describe("OpenCV 4.8", () => {
  it("numbers a small mask as cv2.connectedComponents does", () => {
    const { width, height, bits, labels } = reference.components.example;
    const packed = Buffer.from(bits, "base64");
    const data = Uint8Array.from(
      { length: width * height },
      (_, i) => (packed[i >> 3]! >> (7 - (i & 7))) & 1,
    );
    const mask: Mask = { width, height, channels: 1, data };
    expect(Array.from(labelPicture(connectedComponents(mask), mask))).toEqual(labels.flat());
  });

  it("numbers 243 masks of odd and even sizes as cv2.connectedComponents does", () => {
    const { cases, large } = reference.components;
    expect(cases.length + large.length).toBe(243);
    for (const [width, height, seed, percent, count, hash] of [...cases, ...large]) {
      const mask = formulaMask(width, height, seed, percent);
      const components = connectedComponents(mask);
      expect(components.count).toBe(count);
      expect(sha256(labelPicture(components, mask)).slice(0, 16)).toBe(hash);
    }
  });

  it("orders by 2×2 blocks, not by pixels", () => {
    const mask: Mask = { width: 12, height: 2, channels: 1, data: new Uint8Array(24) };
    mask.data[10] = 1;
    mask.data[12] = 1;
    const { rows, labels } = connectedComponents(mask);
    expect(Array.from(rows)).toEqual([0, 1]);
    expect(Array.from(labels)).toEqual([1, 0]);
  });
});

it("finds nothing in an empty mask", () => {
  expect(connectedComponents({ width: 5, height: 3, channels: 1, data: new Uint8Array(15) }).count).toBe(0);
});

it("does not change the mask", () => {
  const mask = formulaMask(31, 17, 5, 40);
  const before = mask.data.slice();
  connectedComponents(mask);
  expect(mask.data).toEqual(before);
});
