import { describe, expect, it } from "vitest";
import { floats, node, smallModel } from "../../../../../tests/support/small-onnx.js";
import type { Tensor } from "../../tensor.js";
import { activationProbe, measureActivations } from "./measure-activations.js";

const NET = smallModel({
  initialisers: [floats("w", [3, 3, 1, 1])],
  nodes: [node("Conv", ["input", "w"], "c"), node("Relu", ["c"], "output")],
});

const tensor = (...data: number[]): Tensor => ({ data: Float32Array.from(data), shape: [1, 3, 1, 1] });

/** Answers like the probe of {@link NET} would if it doubled its input. */
const session = {
  run: async ({ input }: Record<string, Tensor>) => {
    const values = [...(input?.data ?? [])];
    const doubled = values.map((value) => 2 * value);
    return {
      "input/smallest": tensor(Math.min(...values)),
      "input/largest": tensor(Math.max(...values)),
      "output/smallest": tensor(Math.min(...doubled)),
      "output/largest": tensor(Math.max(...doubled)),
      "input/mean": tensor(...values),
    };
  },
  close: async () => undefined,
};
const measured = (tensors: readonly Tensor[], extremes: readonly Tensor[] = []) =>
  measureActivations(session, activationProbe(NET, "net"), { name: "input", tensors, extremes });

describe("the probe", () => {
  it("is the network with small outputs instead of its own", () => {
    const { model, values, convolved, entries } = activationProbe(NET, "net");
    expect({ values, convolved, entries }).toEqual({
      values: ["input", "output"],
      convolved: ["input"],
      entries: ["input"],
    });
    expect(model.graph.outputs.map(({ name }) => name)).toEqual([
      ...["input/smallest", "output/smallest", "input/largest", "output/largest", "input/mean"],
    ]);
    expect(model.graph.nodes.slice(0, 2)).toEqual(NET.graph.nodes);
  });
});

describe("measured activations", () => {
  it("are the smallest and largest of all, and means over the pictures", async () => {
    const facts = await measured([tensor(1, -2, 3), tensor(0, 8, 5)]);
    expect(facts.get("input")).toEqual({ min: -2, max: 8, means: Float64Array.of(0.5, 3, 4) });
    expect(facts.get("output")).toEqual({ min: -4, max: 16, means: null });
  });

  it("let black and white widen the picture's range only", async () => {
    const facts = await measured([tensor(1, 2, 3)], [tensor(-9, -9, -9), tensor(9, 9, 9)]);
    expect(facts.get("input")).toEqual({ min: -9, max: 9, means: Float64Array.of(1, 2, 3) });
    expect(facts.get("output")).toMatchObject({ min: 2, max: 6 });
  });

  it("need a picture and finite numbers", async () => {
    await expect(measured([])).rejects.toMatchObject({ code: "BACKBONE", expected: "at least one picture" });
    await expect(measured([tensor(1, Number.NaN, 2)])).rejects.toMatchObject({
      expected: "finite numbers in input",
    });
    await expect(measured([tensor(1, Number.POSITIVE_INFINITY, 2)])).rejects.toMatchObject({
      code: "BACKBONE",
    });
  });
});
