import { expect, it } from "vitest";
import type { IrGraph, IrPort } from "./ir-graph.js";
import { valueNames } from "./value-names.js";

const port = (layer: string, names: string[]): IrPort => ({
  layer,
  port: "0",
  precision: "FP32",
  dims: [],
  names,
});
const [first, second, third] = [port("1", ["a", "b"]), port("2", ["a"]), port("3", ["other", "map"])];
const graph: IrGraph = {
  ...{ name: "", version: 11, converter: null },
  layers: [
    { id: "1", name: "one", type: "A", opset: "opset1", attributes: {}, inputs: [], outputs: [first] },
    { id: "2", name: "a", type: "B", opset: "opset1", attributes: {}, inputs: [], outputs: [second] },
    { id: "3", name: "", type: "C", opset: "opset1", attributes: {}, inputs: [], outputs: [third] },
    {
      id: "4",
      name: "map/sink_port_0",
      type: "Result",
      opset: "opset1",
      attributes: {},
      inputs: [third],
      outputs: [],
    },
  ],
};

it("keeps the converter's names, outputs first, and gives no name twice", () => {
  const names = valueNames(graph);
  expect(names.of(third)).toBe("map");
  expect(names.of(first)).toBe("a");
  const others = [names.of(second), names.fresh(), names.fresh()];
  expect(new Set([...others, "a", "map"]).size).toBe(5);
});
