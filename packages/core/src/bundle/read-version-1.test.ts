import { describe, expect, it } from "vitest";
import { sha256, smallModel } from "../../../../tests/support/small-model.js";
import { LANES, smallVersion1 } from "../../../../tests/support/small-version-1.js";
import { unpackFactor } from "../stages/padim/unpack-factor.js";
import { readModelFile, readModelStart } from "./model-file.js";

const CELLS = 6;

describe("a model file of version 1", () => {
  it("has its manifest turned into today's", () => {
    const { manifest, scores } = readModelFile(smallVersion1(), "old.blemish", sha256);
    const today = smallModel();
    expect(manifest).toEqual(today.manifest);
    expect(scores).toEqual(today.scores);
    expect(readModelStart(smallVersion1(), "old.blemish")).toEqual({ manifest, old: true });
  });

  it("has its tiles packed without rounding", () => {
    const { head } = readModelFile(smallVersion1(), "old.blemish", sha256);
    expect([head.channels, head.cells, head.precision, head.scale]).toEqual([2, CELLS, "float32", null]);
    const old = (row: number, cell: number) => Math.fround(1 + (row * LANES + cell) / 7);
    for (let cell = 0; cell < CELLS; cell++) {
      expect([...unpackFactor(head, cell)]).toEqual([old(0, cell), old(1, cell), old(2, cell)]);
      expect([head.mean[cell], head.mean[8 + cell]]).toEqual([old(0, cell), old(1, cell)]);
    }
  });

  it("is refused when changed, and when a field is missing", () => {
    const changed = smallVersion1();
    changed[changed.length - 1] = (changed[changed.length - 1] as number) ^ 1;
    expect(() => readModelFile(changed, "x", sha256)).toThrow(/MODEL_BROKEN/);
    expect(() => readModelFile(smallVersion1({ head: null }), "x", sha256)).toThrow(
      /field head.*MODEL_BROKEN/,
    );
  });
});
