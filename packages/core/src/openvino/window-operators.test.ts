import { describe, expect, it } from "vitest";
import {
  fed,
  type Given,
  graphOf,
  ints,
  type LayerWords,
  runLayer,
} from "../../../../tests/support/ir-layers.js";
import { translateIr } from "./translate-ir.js";

const ramp = (...dims: number[]): Given => {
  const length = dims.reduce((a, b) => a * b, 1);
  return fed(
    dims,
    Array.from({ length }, (_, i) => i),
  );
};
const weights = (dims: number[], values: number[]) => ({ dims, values, constant: "f32" }) as const;
const windows = { strides: "1, 1", pads_begin: "0, 0", pads_end: "0, 0", dilations: "1, 1" };
const one = async (words: LayerWords, ...inputs: Given[]) => {
  const [{ shape, data } = { shape: [], data: [] }] = await runLayer(words, ...inputs);
  return { shape: [...shape], data: Array.from(data as ArrayLike<number | bigint>, Number) };
};

describe("operators of a neighbourhood", () => {
  it("Convolution with borders, steps and words for borders", async () => {
    const sum = weights([1, 1, 2, 2], [1, 1, 1, 1]);
    const convolve = (attributes: Record<string, string>) =>
      one({ type: "Convolution", attributes: { ...windows, ...attributes } }, ramp(1, 1, 3, 3), sum);
    expect(await convolve({})).toEqual({ shape: [1, 1, 2, 2], data: [8, 12, 20, 24] });
    expect((await convolve({ strides: "2, 2", pads_begin: "1, 1" })).data).toEqual([0, 3, 9, 24]);
    expect((await convolve({ auto_pad: "same_upper" })).shape).toEqual([1, 1, 3, 3]);
  });

  it("GroupConvolution keeps channels apart", async () => {
    const kernels = weights([2, 1, 1, 1, 1], [2, 3]);
    expect(
      (await one({ type: "GroupConvolution", attributes: windows }, fed([1, 2, 1, 1], [5, 7]), kernels)).data,
    ).toEqual([10, 21]);
  });

  it("pools count borders as they are told", async () => {
    const attributes = { ...windows, kernel: "2, 2", pads_begin: "1, 1", rounding_type: "floor" };
    const pool = (type: string, more = {}) =>
      one({ type, opset: "opset8", attributes: { ...attributes, ...more } }, fed([1, 1, 2, 2], [1, 2, 3, 4]));
    expect((await pool("MaxPool")).data).toEqual([1, 2, 3, 4]);
    expect((await pool("AvgPool", { "exclude-pad": "true" })).data).toEqual([1, 1.5, 2, 2.5]);
    expect((await pool("AvgPool", { "exclude-pad": "false" })).data).toEqual([0.25, 0.75, 1, 2.5]);
  });

  it("Pad mirrors or fills", async () => {
    const pad = (pad_mode: string, ...value: Given[]) =>
      one(
        { type: "Pad", attributes: { pad_mode } },
        fed([1, 3], [1, 2, 3]),
        ints(0, 1),
        ints(0, 2),
        ...value,
      );
    expect((await pad("reflect")).data).toEqual([2, 1, 2, 3, 2, 1]);
    expect((await pad("edge")).data).toEqual([1, 1, 2, 3, 3, 3]);
    expect((await pad("constant", weights([], [7]))).data).toEqual([7, 1, 2, 3, 7, 7]);
  });

  it("Interpolate by sizes and by scales, in both versions, along all axes or some", async () => {
    const nearest = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
    const enlarge = (opset: string, attributes: Record<string, string>, ...rest: Given[]) =>
      one(
        { type: "Interpolate", opset, attributes: { ...nearest, ...attributes } },
        fed([1, 1, 1, 2], [3, 5]),
        ...rest,
      );
    const sizes = { shape_calculation_mode: "sizes" };
    const scales = { shape_calculation_mode: "scales" };
    const doubled = { shape: [1, 1, 1, 4], data: [3, 3, 5, 5] };
    expect(await enlarge("opset11", sizes, ints(1, 1, 1, 4))).toEqual(doubled);
    expect(await enlarge("opset11", sizes, ints(1, 4), ints(2, 3))).toEqual(doubled);
    const factors = weights([2], [1, 2]);
    expect(await enlarge("opset4", sizes, ints(1, 4), factors, ints(2, 3))).toEqual(doubled);
    expect(await enlarge("opset4", scales, ints(9, 9), factors, ints(2, 3))).toEqual(doubled);
    const linear = { ...sizes, mode: "linear_onnx", coordinate_transformation_mode: "half_pixel" };
    expect((await enlarge("opset11", linear, ints(1, 1, 1, 4))).data).toEqual([3, 3.5, 4.5, 5]);
  });

  it("BatchNormInference", async () => {
    const vector = (value: number) => weights([1], [value]);
    const values = [2, 1, 3, 4].map(vector);
    const found = await one(
      { type: "BatchNormInference", opset: "opset5", attributes: { epsilon: "1e-5" } },
      fed([1, 1, 1, 1], [5]),
      ...values,
    );
    expect(found.data[0]).toBeCloseTo(3, 4);
  });

  it.each<[string, LayerWords]>([
    ["antialiasing", { type: "Interpolate", attributes: { antialias: "true" } }],
    ["another way", { type: "Interpolate", attributes: { mode: "bicubic_pillow" } }],
    ["another rounding", { type: "MaxPool", attributes: { rounding_type: "ceil_torch" } }],
    ["borders that are no numbers", { type: "MaxPool", attributes: { pads_begin: "x" } }],
  ])("refuses %s by name", (_, words) => {
    const { graph, weights: bytes } = graphOf({ ...words, name: "the layer" }, [
      ramp(1, 1, 2, 2),
      ints(1, 1, 4, 4),
    ]);
    expect(() => translateIr(graph, bytes, "model.xml")).toThrow(/the layer.*MODEL_UNSUPPORTED/s);
  });
});
