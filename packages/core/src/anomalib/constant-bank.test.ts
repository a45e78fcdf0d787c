import { describe, expect, it } from "vitest";
import { FLOAT32, floats, node, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxNode, OnnxTensor } from "../onnx/onnx-model.js";
import { bankBehind, type ConstantBank, isBank, isBankLengths, isTurnedBank } from "./constant-bank.js";
import type { GraphWalk } from "./graph-walk.js";

/** Three rows of two channels, and the same transposed. */
const ROWS = [1, 2, 3, 4, 5, 6];
const TURNED = [1, 3, 5, 2, 4, 6];

function walkOf(initialisers: OnnxTensor[], nodes: OnnxNode[] = []): GraphWalk {
  const index = indexGraph(smallModel({ nodes, initialisers }).graph);
  return { index, shapes: knownShapes(index, new Map()), files: undefined };
}

const bank: ConstantBank = { rows: 3, channels: 2, data: Float32Array.from(ROWS) };
const transposition = node("Transpose", ["bank"], "turned", { perm: [1, 0] });

describe("bankBehind", () => {
  it("reads a bank that is transposed in the graph, where it is", () => {
    const tensor = floats("bank", [3, 2], ROWS);
    const found = bankBehind(walkOf([tensor], [transposition]), "turned", 2);
    expect(found).toEqual(bank);
    if (tensor.payload.kind !== "raw") throw new Error("raw weights");
    expect(found.data.buffer).toBe(tensor.payload.bytes.buffer);
  });

  it("reads a transposed copy, and prefers the bank beside it", () => {
    const copy = floats("turned", [2, 3], TURNED);
    expect(bankBehind(walkOf([copy]), "turned", 2)).toEqual(bank);
    const upright = floats("bank", [3, 2], ROWS);
    const found = bankBehind(walkOf([floats("no bank", [3, 2]), upright, copy]), "turned", 2);
    expect(found).toEqual(bank);
    if (upright.payload.kind !== "raw") throw new Error("raw weights");
    expect(found.data.buffer).toBe(upright.payload.bytes.buffer);
  });

  it("refuses what is no bank of so many channels, or has no numbers at hand", () => {
    const payload = { kind: "external", location: "weights.bin", offset: 0, length: null } as const;
    for (const walk of [
      walkOf([floats("turned", [3, 2], ROWS)]),
      walkOf([floats("turned", [2, 3, 1], TURNED)]),
      walkOf([floats("bank", [3, 4])], [transposition]),
      walkOf([], [node("Relu", ["x"], "turned")]),
      walkOf([{ name: "turned", dataType: FLOAT32, dims: [2, 3], payload }]),
    ])
      expect(() => bankBehind(walk, "turned", 2)).toThrowError(
        expect.objectContaining({ code: "MODEL_ENGINE" }),
      );
  });
});

describe("other constants of the graph", () => {
  const walk = walkOf(
    [
      floats("bank", [3, 2], ROWS),
      floats("wrong", [3, 2], [1, 2, 3, 4, 5, 6.5]),
      floats("flat", [2, 3], ROWS),
      floats("copy", [2, 3], TURNED),
      floats("lengths", [1, 3], [5, 25, 61]),
      floats("column", [3, 1], [5, 25, 61]),
      floats("off", [1, 3], [5, 25, 61.1]),
      floats("two", [], [2]),
    ],
    [
      transposition,
      node("Transpose", ["wrong"], "turned wrong", { perm: [1, 0] }),
      node("Pow", ["bank", "two"], "squares"),
      node("ReduceSum", ["squares"], "sums", { axes: [-1], keepdims: 1 }),
      node("Transpose", ["sums"], "computed", { perm: [1, 0] }),
      node("Identity", ["bank"], "alias"),
    ],
  );

  it("are the bank when they hold its numbers", () => {
    expect(
      ["bank", "alias", "wrong", "flat", "copy", "two", "turned"].map((name) => isBank(walk, name, bank)),
    ).toEqual([true, true, false, false, false, false, false]);
    expect(["copy", "flat", "turned", "turned wrong"].map((name) => isTurnedBank(walk, name, bank))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it("are its squared lengths, computed or stored", () => {
    expect(["lengths", "computed", "column", "off"].map((name) => isBankLengths(walk, name, bank))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
