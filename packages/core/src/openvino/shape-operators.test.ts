import { describe, expect, it } from "vitest";
import {
  fed,
  type Given,
  graphOf,
  int,
  ints,
  type LayerWords,
  runLayer,
} from "../../../../tests/support/ir-layers.js";
import { translateIr } from "./translate-ir.js";

const x = fed([2, 3], [1, 2, 3, 4, 5, 6]);
const one = async (words: LayerWords, ...inputs: Given[]) => {
  const [{ shape, data } = { shape: [], data: [] }] = await runLayer(words, ...inputs);
  return { shape: [...shape], data: Array.from(data as ArrayLike<number | bigint>, Number) };
};

describe("operators that move numbers", () => {
  it.each<[LayerWords, Given[], number[], number[]]>([
    [
      { type: "Reshape", attributes: { special_zero: "true" } },
      [ints(0, -1, 1)],
      [2, 3, 1],
      [1, 2, 3, 4, 5, 6],
    ],
    [{ type: "Reshape", attributes: { special_zero: "false" } }, [ints(3, 2)], [3, 2], [1, 2, 3, 4, 5, 6]],
    [{ type: "Transpose" }, [ints(1, 0)], [3, 2], [1, 4, 2, 5, 3, 6]],
    [{ type: "Unsqueeze" }, [int(0)], [1, 2, 3], [1, 2, 3, 4, 5, 6]],
    [{ type: "Concat", attributes: { axis: "-1" } }, [x], [2, 6], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]],
    [
      { type: "Gather", opset: "opset8", attributes: { batch_dims: "0" } },
      [ints(2, 0), int(1)],
      [2, 2],
      [3, 1, 6, 4],
    ],
    [{ type: "GatherND", opset: "opset8" }, [{ ...ints(1, 2), dims: [1, 2] }], [1], [6]],
    [{ type: "Slice", opset: "opset8" }, [ints(1), ints(3), ints(1), ints(1)], [2, 2], [2, 3, 5, 6]],
    [{ type: "Slice", opset: "opset8" }, [ints(1), ints(2), ints(1)], [1, 3], [4, 5, 6]],
    [{ type: "ShapeOf", opset: "opset3", attributes: { output_type: "i32" } }, [], [2], [2, 3]],
    [{ type: "ShapeOf", opset: "opset3", attributes: { output_type: "i64" } }, [], [2], [2, 3]],
    [{ type: "Broadcast" }, [ints(2, 2, 3)], [2, 2, 3], [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]],
    [{ type: "Tile" }, [ints(1, 2)], [2, 6], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]],
  ])("%j", async (words, rest, shape, data) => {
    expect(await one(words, x, ...rest)).toEqual({ shape, data });
  });

  it("Squeeze takes an axis or none", async () => {
    const flat = fed([1, 3], [1, 2, 3]);
    expect((await one({ type: "Squeeze" }, flat, int(0))).shape).toEqual([3]);
    expect((await one({ type: "Squeeze" }, flat)).shape).toEqual([3]);
  });

  it("StridedSlice leaves out what its masks say", async () => {
    const slice = (begin_mask: string, end_mask: string, ...lists: Given[]) =>
      one({ type: "StridedSlice", attributes: { begin_mask, end_mask } }, x, ...lists);
    expect(await slice("0, 0", "0, 0", ints(0, 1), ints(1, 3), ints(1, 1))).toEqual({
      shape: [1, 2],
      data: [2, 3],
    });
    expect(await slice("1, 0", "1, 0", ints(1, 1), ints(1, 2))).toEqual({ shape: [2, 1], data: [2, 5] });
    expect((await slice("1, 1", "1, 1", ints(0, 0), ints(0, 0), ints(-1, 1))).data).toEqual([
      4, 5, 6, 1, 2, 3,
    ]);
  });

  it("splits into equal and into named parts", async () => {
    const parts = await runLayer({ type: "Split", attributes: { num_splits: "3" }, outputs: 3 }, x, int(1));
    expect(parts.map(({ data }) => Array.from(data))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    const others = await runLayer({ type: "VariadicSplit", outputs: 2 }, x, int(1), ints(1, 2));
    expect(others.map(({ shape }) => [...shape])).toEqual([
      [2, 1],
      [2, 2],
    ]);
  });

  it.each<[string, LayerWords, Given[]]>([
    [
      "new axes",
      { type: "StridedSlice", attributes: { new_axis_mask: "1" } },
      [x, ints(0), ints(1), ints(1)],
    ],
    ["gathering in batches", { type: "Gather", attributes: { batch_dims: "1" } }, [x, ints(0), int(1)]],
    ["an order that is computed", { type: "Transpose" }, [x, x]],
  ])("refuses %s by name", (_, words, inputs) => {
    const { graph, weights } = graphOf({ ...words, name: "the layer" }, inputs);
    expect(() => translateIr(graph, weights, "model.xml")).toThrow(/the layer.*MODEL_UNSUPPORTED/s);
  });
});
