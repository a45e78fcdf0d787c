import { describe, expect, it } from "vitest";
import { emptyHead } from "../../../../tests/support/packed-heads.js";
import { checkHead } from "./check-head.js";

/** 5 channels on 11 cells: padding on both axes, which holds zeros. */
function goodHead(precision: "float32" | "int16" | "int8") {
  const head = emptyHead(5, 11, precision);
  for (let cell = 0; cell < 11; cell++)
    for (let row = 0; row < 5; row++) {
      const at = (Math.floor(cell / 8) * 8 + row) * 8 + (cell % 8);
      if (head.scale !== null) head.scale[at] = 0.5;
    }
  return head;
}

describe("checkHead", () => {
  it.each(["float32", "int16", "int8"] as const)("accepts %s with empty padding", (precision) => {
    expect(() => checkHead(goodHead(precision), "x")).not.toThrow();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "refuses a mean of %d",
    (value) => {
      const head = goodHead("int16");
      head.mean[head.mean.length - 1] = value;
      expect(() => checkHead(head, "part.blemish")).toThrow(/part\.blemish.*padim\.mean.*MODEL_BROKEN/);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses a float32 factor of %d", (value) => {
    const head = goodHead("float32");
    head.factor[3] = value;
    expect(() => checkHead(head, "x")).toThrow(/padim\.factor.*MODEL_BROKEN/);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a scale of %d", (value) => {
    const head = goodHead("int8");
    // The last channel of the last cell.
    (head.scale as Float32Array)[(1 * 8 + 4) * 8 + 2] = value;
    expect(() => checkHead(head, "x")).toThrow(/padim\.scale.*MODEL_BROKEN/);
  });

  it("accepts any order of the channels, and refuses one that does not name each once", () => {
    // Two blocks in which the lists of the eight cells differ.
    const order = Int16Array.from({ length: 2 * 5 * 8 }, (_, at) => (Math.floor(at / 8) + at) % 5);
    const head = { ...goodHead("int16"), order };
    expect(() => checkHead(head, "x")).not.toThrow();
    for (const wrong of [-1, 5, 32767, order[8]]) {
      const changed = order.slice();
      changed[0] = wrong;
      expect(() => checkHead({ ...head, order: changed }, "x"), String(wrong)).toThrow(
        /padim\.order.*MODEL_BROKEN/,
      );
    }
  });
});
