import { describe, expect, it } from "vitest";
import { ATTRIBUTE, GRAPH, NODE, VALUE } from "./onnx-fields.js";
import { readGraph } from "./read-graph.js";
import {
  delimited,
  joinParts,
  openWire,
  putBytes,
  putFloat,
  putInt,
  putMessage,
  putText,
  type WireParts,
  wireParts,
} from "./wire-format.js";

function message(build: (parts: WireParts) => void): WireParts {
  const parts = wireParts();
  build(parts);
  return parts;
}

function readAttribute(build: (parts: WireParts) => void) {
  const attribute = message(build);
  const node = message((parts) => putMessage(parts, NODE.attribute, attribute));
  const graph = message((parts) => putMessage(parts, GRAPH.node, node));
  return readGraph(openWire(joinParts(graph), "a file")).nodes[0]?.attributes[0];
}

function nested(depth: number): WireParts {
  if (depth === 0) return message((parts) => putText(parts, GRAPH.name, "innermost"));
  const inner = nested(depth - 1);
  const attribute = message((parts) => {
    putMessage(parts, ATTRIBUTE.graph, inner);
    putInt(parts, ATTRIBUTE.type, 5);
  });
  const node = message((parts) => putMessage(parts, NODE.attribute, attribute));
  return message((parts) => putMessage(parts, GRAPH.node, node));
}

describe("readGraph", () => {
  it("an attribute's type decides; without one (old files) the field that is there does", () => {
    const typed = (parts: WireParts) => {
      putText(parts, ATTRIBUTE.name, "axis");
      putInt(parts, ATTRIBUTE.int, 3);
      putInt(parts, ATTRIBUTE.type, 2);
    };
    expect(readAttribute(typed)).toEqual({ name: "axis", type: "int", value: 3n });
    expect(readAttribute((parts) => putFloat(parts, ATTRIBUTE.float, 0.5))).toEqual({
      name: "",
      type: "float",
      value: 0.5,
    });
    expect(readAttribute((parts) => putText(parts, ATTRIBUTE.string, "x"))).toEqual({
      name: "",
      type: "string",
      value: "x",
    });
    expect(readAttribute((parts) => putInt(parts, ATTRIBUTE.type, 13))).toEqual({
      name: "",
      type: "other",
      value: 13,
    });
  });

  it("lists may come packed", () => {
    expect(
      readAttribute((parts) => putBytes(parts, ATTRIBUTE.intsPacked, Uint8Array.of(1, 2, 0x96, 1))),
    ).toEqual({
      name: "",
      type: "ints",
      value: [1n, 2n, 150n],
    });
    expect(
      readAttribute((parts) => putBytes(parts, ATTRIBUTE.floatsPacked, Uint8Array.of(0, 0, 0xc0, 0x3f))),
    ).toEqual({
      name: "",
      type: "floats",
      value: [1.5],
    });
    expect(() =>
      readAttribute((parts) => putBytes(parts, ATTRIBUTE.floatsPacked, Uint8Array.of(0, 0, 0))),
    ).toThrow(/MODEL_BROKEN/);
  });

  it("an attribute whose value is missing is MODEL_BROKEN", () => {
    expect(() => readAttribute((parts) => putInt(parts, ATTRIBUTE.type, 4))).toThrow(
      /no tensor in the attribute/,
    );
    expect(() => readAttribute((parts) => putInt(parts, ATTRIBUTE.type, 5))).toThrow(
      /no graph in the attribute/,
    );
  });

  it("notes that exporters attach to nodes are skipped", () => {
    const note = message((parts) => putText(parts, delimited(1), "pkg.torch.onnx.stack_trace"));
    const node = message((parts) => {
      putText(parts, NODE.opType, "Relu");
      putMessage(parts, delimited(9), note);
      putText(parts, delimited(6), "documentation");
    });
    const graph = message((parts) => putMessage(parts, GRAPH.node, node));
    expect(readGraph(openWire(joinParts(graph), "f")).nodes).toEqual([
      { name: "", opType: "Relu", domain: "", inputs: [], outputs: [], attributes: [] },
    ]);
  });

  it("a value that is no tensor has no element type; a side of −1 is unknown", () => {
    const sequence = message((parts) => putMessage(parts, delimited(4), wireParts()));
    const value = message((parts) => {
      putText(parts, VALUE.name, "list");
      putMessage(parts, VALUE.type, sequence);
    });
    const minusOne = message((parts) => putInt(parts, 8, -1));
    const shape = message((parts) => putMessage(parts, delimited(1), minusOne));
    const tensor = message((parts) => putMessage(parts, delimited(2), shape));
    const type = message((parts) => putMessage(parts, delimited(1), tensor));
    const other = message((parts) => putMessage(parts, VALUE.type, type));
    const graph = message((parts) => {
      putMessage(parts, GRAPH.input, value);
      putMessage(parts, GRAPH.output, other);
    });
    const { inputs, outputs } = readGraph(openWire(joinParts(graph), "f"));
    expect(inputs).toEqual([{ name: "list", elementType: null, dims: null }]);
    expect(outputs).toEqual([{ name: "", elementType: 0, dims: [null] }]);
  });

  it("graphs nest to a depth of 16 and no deeper", () => {
    expect(readGraph(openWire(joinParts(nested(16)), "f")).nodes).toHaveLength(1);
    expect(() => readGraph(openWire(joinParts(nested(17)), "f"))).toThrow(
      /nested deeper than 16.*MODEL_BROKEN/,
    );
    expect(() => readGraph(openWire(joinParts(nested(300)), "f"))).toThrow(/MODEL_BROKEN/);
  });
});
