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

const x = fed([2, 3], [1, -2, 3, 4, 5, -6]);
const one = async (words: LayerWords, ...inputs: Given[]) => {
  const [{ shape, data } = { shape: [], data: [] }] = await runLayer(words, ...inputs);
  return { shape: [...shape], data: Array.from(data as ArrayLike<number | bigint>, Number) };
};

describe("operators of one place", () => {
  it.each<[string, number[]]>([
    ["Add", [3, 0, 5, 6, 7, -4]],
    ["Subtract", [-1, -4, 1, 2, 3, -8]],
    ["Multiply", [2, -4, 6, 8, 10, -12]],
    ["Divide", [0.5, -1, 1.5, 2, 2.5, -3]],
    ["Maximum", [2, 2, 3, 4, 5, 2]],
    ["Minimum", [1, -2, 2, 2, 2, -6]],
    ["Power", [1, 4, 9, 16, 25, 36]],
  ])("%s broadcasts as NumPy does", async (type, data) => {
    const two = { dims: [1, 1], values: [2], constant: "f32" } as const;
    expect(await one({ type, attributes: { auto_broadcast: "numpy" } }, x, two)).toEqual({
      shape: [2, 3],
      data,
    });
  });

  it.each<[string, number[]]>([
    ["ReLU", [1, 0, 3, 4, 5, 0]],
    ["Abs", [1, 2, 3, 4, 5, 6]],
    ["Negative", [-1, 2, -3, -4, -5, 6]],
  ])("%s", async (type, data) => {
    expect((await one({ type }, x)).data).toEqual(data);
  });

  it("Clamp has an open end where the largest float stands", async () => {
    const attributes = { min: "0", max: "3.4028234663852886e+38" };
    expect((await one({ type: "Clamp", attributes }, x)).data).toEqual([1, 0, 3, 4, 5, 0]);
    const { graph, weights } = graphOf({ type: "Clamp", attributes }, [x]);
    expect(translateIr(graph, weights, "x").graph.nodes[0]?.inputs).toHaveLength(2);
    const cut = { min: "-1", max: "3.5" };
    expect((await one({ type: "Clamp", attributes: cut }, x)).data).toEqual([1, -1, 3, 3.5, 3.5, -1]);
  });

  it.each(["/head/Sub", "node_sub_90", "Sub"])(
    "an addition that was the subtraction %s is one again",
    (name) => {
      const negative = { dims: [1, 3], values: [-1, 2, -3], constant: "f32" } as const;
      const { graph, weights } = graphOf({ type: "Add", name }, [x, negative]);
      expect(translateIr(graph, weights, "x").graph.nodes[0]?.opType).toBe("Sub");
      return expect(one({ type: "Add", name }, x, negative)).resolves.toMatchObject({
        data: [0, 0, 0, 3, 7, -9],
      });
    },
  );

  it("an addition that is called otherwise stays one", () => {
    const { graph, weights } = graphOf({ type: "Add", name: "subtle" }, [x, { ...ints(1), constant: "f32" }]);
    expect(translateIr(graph, weights, "x").graph.nodes[0]?.opType).toBe("Add");
  });

  it("MatMul turns its sides", async () => {
    const other = { dims: [2, 3], values: [1, 0, 0, 0, 1, 0], constant: "f32" } as const;
    expect(await one({ type: "MatMul", attributes: { transpose_b: "true" } }, x, other)).toEqual({
      shape: [2, 2],
      data: [1, -2, 4, 5],
    });
  });

  it("sums and extremes take axes as a number or a list", async () => {
    expect(await one({ type: "ReduceSum", attributes: { keep_dims: "true" } }, x, int(1))).toEqual({
      shape: [2, 1],
      data: [2, 3],
    });
    expect(
      (await one({ type: "ReduceMax", attributes: { keep_dims: "false" } }, x, ints(0, 1))).data,
    ).toEqual([5]);
    expect((await one({ type: "ReduceMin" }, x, ints(1))).data).toEqual([-2, -6]);
  });

  it("Convert, SoftMax and TopK", async () => {
    expect((await one({ type: "Convert", attributes: { destination_type: "i64" } }, x)).data).toEqual([
      ...[1, -2, 3, 4, 5, -6],
    ]);
    const equal = fed([1, 2], [7, 7]);
    expect((await one({ type: "SoftMax", attributes: { axis: "1" } }, equal)).data).toEqual([0.5, 0.5]);
    const attributes = { axis: "1", mode: "min", sort: "value", index_element_type: "i32" };
    const [values, indices] = await runLayer({ type: "TopK", attributes, outputs: 2 }, x, int(1));
    expect(Array.from(values!.data)).toEqual([-2, -6]);
    expect(Array.from(indices!.data as ArrayLike<number | bigint>, Number)).toEqual([1, 2]);
  });

  it.each<[string, LayerWords, Given[]]>([
    ["an axis that is computed", { type: "ReduceSum" }, [x, x]],
    ["an axis that is no whole number", { type: "ReduceSum" }, [x, { ...ints(1), constant: "f32" }]],
    ["another broadcast", { type: "Add", attributes: { auto_broadcast: "pdpd" } }, [x, x]],
    ["another type", { type: "Convert", attributes: { destination_type: "u1" } }, [x]],
    ["a bound that is no number", { type: "Clamp", attributes: { min: "a", max: "1" } }, [x]],
    ["an order by index", { type: "TopK", attributes: { axis: "1", sort: "index" } }, [x, int(1)]],
  ])("refuses %s by name", (_, words, inputs) => {
    const { graph, weights } = graphOf({ ...words, name: "the layer" }, inputs);
    expect(() => translateIr(graph, weights, "model.xml")).toThrow(
      /model\.xml.*the layer.*MODEL_UNSUPPORTED/s,
    );
  });
});
