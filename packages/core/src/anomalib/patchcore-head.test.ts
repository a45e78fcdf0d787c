import { describe, expect, it } from "vitest";
import {
  type ChangedParts,
  nodeOf,
  type PatchcoreFixture,
  patchcoreExport,
  withChanges,
} from "../../../../tests/support/patchcore-fixtures.js";
import { floats, ints, node } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import { beforeReshapes, partsOf, patchcoreHead } from "./patchcore-head.js";

function walkOf(name: PatchcoreFixture, changed: ChangedParts = {}) {
  const { model, files } = patchcoreExport(name);
  const index = indexGraph(withChanges(model, changed).graph);
  const batch = name === "patchcore-270" ? 2 : 1;
  return { index, shapes: knownShapes(index, new Map([["input", [batch, 3, 64, 64]]])), files };
}

describe("patchcoreHead", () => {
  it("finds the patches, their distances and the bank in 0.7", () => {
    const { bank, ...found } = patchcoreHead(walkOf("patchcore-070"), "/Reshape_10_output_0", 1);
    expect(found).toEqual({
      embedding: "/Concat_1_output_0",
      width: 8,
      height: 8,
      patches: "/Transpose_output_0",
      nearest: "/ReduceMin_output_0",
      distances: ["/Sqrt_output_0"],
    });
    expect([bank.rows, bank.channels]).toEqual([30, 48]);
  });

  it("finds them in 2.7, where they are searched in parts", () => {
    const found = patchcoreHead(walkOf("patchcore-270"), "view_7", 2);
    expect(found).toMatchObject({
      embedding: "cat",
      patches: "permute",
      nearest: "cat_1",
      distances: ["sqrt", "sqrt_1"],
    });
  });

  it("refuses another batch, another bank for a part, and a slice of columns", () => {
    expect(() => patchcoreHead(walkOf("patchcore-270"), "view_7", 1)).toThrowError(
      /distances \[1, 1, h, w\]/,
    );
    const other = { initialisers: [floats("transpose_2", [48, 30])] };
    expect(() => patchcoreHead(walkOf("patchcore-270", other), "view_7", 2)).toThrowError(/one memory bank/);
    const columns = {
      nodes: {
        slice_2: {
          ...nodeOf(patchcoreExport("patchcore-270").model, "slice_2"),
          inputs: ["_unsafe_view", "val_148", "val_166", "second", "val_159"],
        },
      },
      initialisers: [ints("second", [1], [1])],
    };
    expect(() => patchcoreHead(walkOf("patchcore-270", columns), "view_7", 2)).toThrowError(
      expect.objectContaining({ code: "MODEL_ENGINE" }),
    );
  });
});

it("beforeReshapes and partsOf look through what moves no number", () => {
  const walk = walkOf("patchcore-270");
  expect(beforeReshapes(walk, "view_7")).toBe("cat_1");
  expect(partsOf(walk, "cat_1")).toEqual(["getitem_27", "getitem_29"]);
  expect(partsOf(walk, "relu")).toEqual(["relu"]);
  const columns = { nodes: { cat_1: node("Concat", ["getitem_27", "getitem_29"], "cat_1", { axis: 1 }) } };
  expect(partsOf(walkOf("patchcore-270", columns), "cat_1")).toEqual(["cat_1"]);
});
