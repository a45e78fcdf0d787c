import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitInput, LONGEST_SIDE, viewFor } from "./fit-input.js";

const side = fc.integer({ min: 1, max: 3000 });
const views = fc.record({ x: fc.constant(0), y: fc.constant(0), width: side, height: side });
const sizes = fc.oneof(
  fc.constantFrom(256, 320, 512),
  fc.record({ width: fc.constantFrom(64, 320, 640), height: fc.constantFrom(64, 256, 480) }),
);

describe("fitInput", () => {
  it("puts all of the view into an input of whole multiples, by one factor but for rounding", () => {
    fc.assert(
      fc.property(fc.constantFrom("pad" as const, "native" as const), views, sizes, (fit, view, size) => {
        const { size: input, content } = fitInput({ fit, view, size, multipleOf: 32 });
        if (fit === "native") {
          expect([content.width, content.height]).toEqual([view.width, view.height]);
          expect(input.width - view.width).toBeLessThan(32);
        }
        expect([input.width, input.height].every((one) => one % 32 === 0 || typeof size === "object")).toBe(
          true,
        );
        expect(content.x + content.width).toBeLessThanOrEqual(input.width);
        expect(content.y + content.height).toBeLessThanOrEqual(input.height);
        // The padding is the same on both sides, but for one pixel.
        expect(Math.abs(input.width - content.width - 2 * content.x)).toBeLessThanOrEqual(1);
        const factor = Math.min(input.width / view.width, input.height / view.height);
        if (fit === "pad" && Math.min(view.width, view.height) * factor >= 1) {
          expect(Math.abs(content.width - view.width * factor)).toBeLessThanOrEqual(0.5);
          expect(Math.abs(content.height - view.height * factor)).toBeLessThanOrEqual(0.5);
        }
      }),
    );
  });

  it("has about the area of the quality, and pads little", () => {
    const ordinary = fc.record({
      x: fc.constant(0),
      y: fc.constant(0),
      width: fc.integer({ min: 400, max: 1600 }),
      height: fc.integer({ min: 400, max: 1600 }),
    });
    fc.assert(
      fc.property(ordinary, fc.constantFrom(256, 320, 512), (view, size) => {
        const { size: input, content } = fitInput({ fit: "pad", view, size, multipleOf: 32 });
        const area = (input.width * input.height) / size ** 2;
        expect(area).toBeGreaterThan(0.7);
        expect(area).toBeLessThanOrEqual(1.125);
        expect((content.width * content.height) / (input.width * input.height)).toBeGreaterThan(0.8);
      }),
    );
  });

  it("knows the shapes of cameras", () => {
    const view = { x: 0, y: 0, width: 640, height: 480 };
    const pad = (size: number) => fitInput({ fit: "pad", view, size, multipleOf: 32 });
    expect(pad(320)).toEqual({
      size: { width: 384, height: 288 },
      content: { x: 0, y: 0, width: 384, height: 288 },
    });
    expect(fitInput({ fit: "stretch", view, size: 320, multipleOf: 32 }).size).toEqual({
      width: 320,
      height: 320,
    });
    const long = fitInput({
      fit: "pad",
      view: { x: 0, y: 0, width: 900, height: 1 },
      size: 320,
      multipleOf: 32,
    });
    expect(long.content.height).toBeGreaterThanOrEqual(1);
  });

  it("refuses a native picture that is too large", () =>
    expect(() =>
      fitInput({
        fit: "native",
        view: { x: 0, y: 0, width: LONGEST_SIDE + 1, height: 9 },
        size: 1,
        multipleOf: 32,
      }),
    ).toThrow(/--fit pad.*OPTION_VALUE/));
});

describe("viewFor", () => {
  const picture = { width: 640, height: 480 };
  const square = { width: 1, height: 1 };

  it("is the whole picture but for crop", () => {
    for (const fit of ["stretch", "pad", "native"] as const)
      expect(viewFor(fit, picture, { x: 9, y: 9, width: 9, height: 9 }, square)).toEqual({
        x: 0,
        y: 0,
        ...picture,
      });
  });

  it("is the box of what is judged, or the middle in the input's shape", () => {
    const box = { x: 10, y: 20, width: 30, height: 40 };
    expect(viewFor("crop", picture, box, square)).toEqual(box);
    expect(viewFor("crop", picture, null, square)).toEqual({ x: 80, y: 0, width: 480, height: 480 });
    expect(viewFor("crop", picture, null, { width: 2, height: 1 })).toEqual({
      x: 0,
      y: 80,
      width: 640,
      height: 320,
    });
    expect(viewFor("crop", { width: 9, height: 1 }, null, square)).toEqual({
      x: 4,
      y: 0,
      width: 1,
      height: 1,
    });
  });
});
