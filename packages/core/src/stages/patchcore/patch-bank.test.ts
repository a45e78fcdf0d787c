import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantiseBank, squaredLengths } from "../../kernels/memory-bank.js";
import { seededRandom } from "../../random.js";
import { knowsSources, makePatchBank, partOfBank, rowsOfPicture, UNKNOWN_SOURCE } from "./patch-bank.js";

function drawn(count: number, channels: number, seed: number) {
  const random = seededRandom(seed);
  return {
    rows: Float32Array.from({ length: count * channels }, () => random.normal()),
    picture: Int32Array.from({ length: count }, () => random.int(4)),
    cell: Int32Array.from({ length: count }, () => random.int(50)),
  };
}
const shapes = [fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 }), fc.nat()] as const;

describe("makePatchBank", () => {
  it("sorts rows by picture, then by place, and keeps each with its own", () => {
    fc.assert(
      fc.property(...shapes, (count, channels, seed) => {
        const { rows, picture, cell } = drawn(count, channels, seed);
        const before = rows.slice();
        const bank = makePatchBank(rows, channels, picture, cell, "float32");
        const order = [...picture.keys()].sort(
          (a, b) =>
            (picture[a] as number) - (picture[b] as number) || (cell[a] as number) - (cell[b] as number),
        );
        expect([bank.rows, bank.channels, bank.scale]).toEqual([count, channels, null]);
        order.forEach((from, to) => {
          expect([bank.picture[to], bank.cell[to]]).toEqual([picture[from], cell[from]]);
          expect(bank.data.slice(to * channels, (to + 1) * channels)).toEqual(
            rows.slice(from * channels, (from + 1) * channels),
          );
        });
        expect(bank.norms).toEqual(squaredLengths(bank));
        expect(rows).toEqual(before);
      }),
    );
  });

  it("stores int8 as the kernels do, at a quarter of the bytes", () => {
    const { rows, picture, cell } = drawn(9, 4, 1);
    const exact = makePatchBank(rows, 4, picture, cell, "float32");
    const small = makePatchBank(rows, 4, picture, cell, "int8");
    expect(small).toEqual({
      ...quantiseBank(9, 4, exact.data as Float32Array),
      picture: exact.picture,
      cell: exact.cell,
    });
    expect(small.data.byteLength * 4).toBe(exact.data.byteLength);
  });
});

describe("partOfBank", () => {
  it.each(["float32", "int8"] as const)("is a stretch of rows on the same memory (%s)", (precision) => {
    const { rows, picture, cell } = drawn(9, 3, 2);
    const bank = makePatchBank(rows, 3, picture, cell, precision);
    const part = partOfBank(bank, 2, 7);
    expect([part.rows, part.channels]).toEqual([5, 3]);
    expect([...part.data]).toEqual([...bank.data].slice(6, 21));
    expect([...part.norms]).toEqual([...bank.norms].slice(2, 7));
    expect(part.scale && [...part.scale]).toEqual(bank.scale && [...bank.scale].slice(2, 7));
    expect(part.data.buffer).toBe(bank.data.buffer);
  });
});

describe("rowsOfPicture", () => {
  it("finds each picture's stretch, and none for pictures without rows", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { maxLength: 30 }), fc.nat(7), (pictures, wanted) => {
        const picture = Int32Array.from(pictures).sort();
        const { start, end } = rowsOfPicture({ picture }, wanted);
        expect([...picture.slice(start, end)]).toEqual(pictures.filter((one) => one === wanted));
        expect(end - start).toBe(pictures.filter((one) => one === wanted).length);
      }),
    );
  });
});

describe("knowsSources", () => {
  it("tells banks whose pictures nobody knows", () => {
    expect(knowsSources({ picture: Int32Array.of(0, 3) })).toBe(true);
    expect(knowsSources({ picture: Int32Array.of(UNKNOWN_SOURCE, UNKNOWN_SOURCE) })).toBe(false);
  });
});
