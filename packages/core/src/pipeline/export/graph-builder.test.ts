import { describe, expect, it } from "vitest";
import { graphBuilder } from "./graph-builder.js";

describe("graphBuilder", () => {
  it("names values, writes attributes by their type, and constants of whole numbers once", () => {
    const builder = graphBuilder(17);
    const sum = builder.add("Add", ["a", builder.floats([2], [1, 2])], {
      axis: 1,
      mode: "linear",
      pads: [1, 2],
    });
    const two = builder.addMany("TopK", [sum, builder.ints([3])], {}, 2);
    expect(builder.ints([3])).toBe(builder.ints([3]));
    expect(new Set([sum, ...two]).size).toBe(3);
    expect(builder.nodes[0]?.attributes).toEqual([
      { name: "axis", type: "int", value: 1n },
      { name: "mode", type: "string", value: "linear" },
      { name: "pads", type: "ints", value: [1n, 2n] },
    ]);
    expect(builder.nodes[1]?.outputs).toEqual(two);
    expect(builder.initialisers.map(({ dims }) => dims)).toEqual([[2], [1]]);
    expect(builder.add("Identity", [sum], {}, "end")).toBe("end");
    expect(builder.add("X", [], { alpha: { float: 0.5 } })).toBeTruthy();
    expect(builder.nodes.at(-1)?.attributes).toEqual([{ name: "alpha", type: "float", value: 0.5 }]);
  });

  it.each([
    [11, "Sum", false],
    [13, "Sum", true],
    [17, "Max", false],
    [18, "Max", true],
  ] as const)("opset %d: axes of %s are an input: %s", (opset, kind, input) => {
    const builder = graphBuilder(opset);
    builder.reduce(kind, "x", [1], true);
    const [node] = builder.nodes;
    expect(node?.inputs).toHaveLength(input ? 2 : 1);
    expect(node?.attributes.some(({ name }) => name === "axes")).toBe(!input);
  });
});
