import { describe, expect, it } from "vitest";
import { floats, node, port, type SmallModel, smallModel } from "../../../../../tests/support/small-onnx.js";
import { planQuantisation } from "./plan-quantisation.js";

const WEIGHTS = [
  floats("w", [3, 3, 1, 1]),
  floats("b", [3]),
  floats("zero", [], [0]),
  floats("six", [], [6]),
];

function planned(parts: SmallModel) {
  const plan = planQuantisation(smallModel({ initialisers: WEIGHTS, ...parts }), "net");
  return { ...plan, outputs: plan.nodes.map(({ output }) => output) };
}

describe("the plan", () => {
  it("takes convolutions with what follows, sums and poolings, and shares steps where numbers are only picked", () => {
    const plan = planned({
      nodes: [
        node("Conv", ["input", "w", "b"], "c1"),
        node("Clip", ["c1", "zero", "six"], "r1"),
        node("MaxPool", ["r1"], "p1"),
        node("MaxPool", ["p1"], "p2"),
        node("Conv", ["p2", "w"], "c2"),
        node("Add", ["c2", "p2"], "sum"),
        node("Relu", ["sum"], "output"),
      ],
    });
    expect(plan.outputs).toEqual(["r1", "p1", "p2", "c2", "output"]);
    expect(plan.nodes.map(({ folded }) => folded?.opType ?? null)).toEqual([
      "Clip",
      null,
      null,
      null,
      "Relu",
    ]);
    expect(plan.nodes[0]).toMatchObject({ inputs: ["input"], weight: { name: "w" }, bias: { name: "b" } });
    expect(plan.nodes[4]).toMatchObject({ inputs: ["c2", "p2"], weight: null, bias: null });
    expect(plan.values).toEqual(["input", "r1", "c2", "output"]);
    expect(plan.entries).toEqual(["input"]);
    expect([...plan.sharing]).toEqual([
      ["p1", "r1"],
      ["p2", "r1"],
    ]);
  });

  it("folds nothing that others use, that is an output, or that cuts 0 away", () => {
    const after = (clip: Parameters<typeof node>, rest: SmallModel = {}) =>
      planned({ nodes: [node("Conv", ["input", "w"], "c"), node(...clip)], ...rest }).nodes[0]?.folded ??
      null;
    expect(after(["Relu", ["c"], "output"])).not.toBeNull();
    expect(after(["Clip", ["c", "", "six"], "output"])).not.toBeNull();
    expect(after(["Clip", ["c", "six"], "output"])).toBeNull();
    expect(after(["Clip", ["c", "unknown"], "output"])).toBeNull();
    expect(after(["Sigmoid", ["c"], "output"])).toBeNull();
    expect(after(["Relu", ["c"], "output"], { outputs: [port("c", null), port("output", null)] })).toBeNull();
    const twice = [node("Conv", ["input", "w"], "c"), node("Relu", ["c"], "r"), node("Sigmoid", ["c"], "s")];
    expect(planned({ nodes: twice }).nodes[0]?.folded).toBeNull();
  });

  it("measures what the network makes of the picture before its first integer node", () => {
    const plan = planned({
      nodes: [
        node("Sub", ["input", "b"], "centred"),
        node("Conv", ["centred", "w"], "c"),
        node("Sigmoid", ["c"], "s"),
        node("Conv", ["s", "w"], "output"),
      ],
    });
    expect(plan.values).toEqual(["centred", "c", "s", "output"]);
    expect(plan.entries).toEqual(["centred"]);
  });

  it("leaves sums and poolings of floating point alone, and layers whose weights are computed", () => {
    const plan = planned({
      nodes: [
        node("MaxPool", ["input"], "p"),
        node("Add", ["p", "input"], "s"),
        node("Relu", ["w"], "computed"),
        node("Conv", ["s", "computed"], "c"),
        node("Add", ["c", "b"], "d"),
        node("Conv", ["d", "w"], "output"),
      ],
    });
    expect(plan.outputs).toEqual(["output"]);
    expect(plan.values).toEqual(["d", "output"]);
  });

  it.each([{}, { transB: 1 }])("takes plain matrix products: %j", (attributes) => {
    const nodes = [node("Gemm", ["input", "w", "b"], "output", attributes)];
    expect(planned({ nodes }).outputs).toEqual(["output"]);
  });

  it.each([
    ["transposed input", node("Gemm", ["input", "w", "b"], "output", { transA: 1 })],
    ["a bias of another length", node("Conv", ["input", "w", "zero"], "output")],
    ["an operator of another domain", { ...node("Conv", ["input", "w"], "output"), domain: "other" }],
    ["no weights", node("Relu", ["input"], "output")],
  ])("refuses a network with nothing but %s", (_, only) => {
    expect(() => planned({ nodes: [only] })).toThrow(
      expect.objectContaining({ code: "BACKBONE", subject: "net", found: "none" }),
    );
  });
});
