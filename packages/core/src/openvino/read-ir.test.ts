import { describe, expect, it } from "vitest";
import { readIr } from "./read-ir.js";
import type { XmlElement } from "./xml-element.js";

const tag = (
  name: string,
  attributes: Record<string, string> = {},
  children: XmlElement[] = [],
  text = "",
): XmlElement => ({ name, attributes, children, text });

const port = (id: string, dims: string[] = ["1", "3"], names = "") =>
  tag(
    "port",
    { id, precision: "fp32", names },
    dims.map((dim) => tag("dim", {}, [], dim)),
  );

const layer = (id: string, type: string, inputs: string[], outputs: XmlElement[]) =>
  tag("layer", { id, name: `${type} ${id}`, type, version: "opset1" }, [
    tag("data", { axis: "1" }),
    tag(
      "input",
      {},
      inputs.map((one) => port(one)),
    ),
    tag("output", {}, outputs),
  ]);

const edge = (from: string, to: string) => {
  const [layerFrom = "", portFrom = ""] = from.split(":");
  const [layerTo = "", portTo = ""] = to.split(":");
  return tag("edge", {
    ...{ "from-layer": layerFrom, "from-port": portFrom, "to-layer": layerTo, "to-port": portTo },
  });
};

const net = (layers: XmlElement[], edges: XmlElement[], attributes = {}, more: XmlElement[] = []) =>
  tag("net", { name: "n", version: "11", ...attributes }, [
    tag("layers", {}, layers),
    tag("edges", {}, edges),
    ...more,
  ]);

const chain = [
  layer("2", "Result", ["0"], []),
  layer("0", "Parameter", [], [port("0", ["1", "-1", "?"], "input,a\\,b")]),
  layer("1", "ReLU", ["0"], [port("1")]),
];
const links = [edge("0:0", "1:0"), edge("1:1", "2:0")];

describe("readIr", () => {
  it("puts layers in an order in which they can be computed, with their edges", () => {
    const graph = readIr(net(chain, links), "model.xml");
    expect(graph.layers.map(({ type }) => type)).toEqual(["Parameter", "ReLU", "Result"]);
    expect(graph.layers[0]?.outputs[0]).toMatchObject({
      precision: "FP32",
      dims: [1, -1, -1],
      names: ["input", "a,b"],
    });
    expect(graph.layers[1]).toMatchObject({ attributes: { axis: "1" }, inputs: [{ layer: "0", port: "0" }] });
  });

  it("says what wrote the file", () => {
    const info = (name: string) => tag("rt_info", {}, [tag(name, { value: "2023.1" })]);
    expect(readIr(net(chain, links, {}, [info("MO_version")]), "x").converter).toBe("Model Optimizer 2023.1");
    expect(readIr(net(chain, links, {}, [info("Runtime_version")]), "x").converter).toBe("OpenVINO 2023.1");
    expect(readIr(net(chain, links), "x").converter).toBeNull();
  });

  it("orders graphs that are ten thousand layers deep", () => {
    const many = Array.from({ length: 10_000 }, (_, i) =>
      layer(`${i}`, "ReLU", i > 0 ? ["0"] : [], [port("1")]),
    );
    const edges = many.slice(1).map((_, i) => edge(`${i}:1`, `${i + 1}:0`));
    const { layers } = readIr(net(many.reverse(), edges), "x");
    expect(layers.map(({ id }) => Number(id))).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  });

  it.each<[string, XmlElement, RegExp]>([
    ["another file", tag("svg"), /<svg>.*MODEL_FORMAT/s],
    ["another version", net(chain, links, { version: "7" }), /version 7.*MODEL_UNSUPPORTED/s],
    ["an id twice", net([...chain, ...chain], links), /twice.*MODEL_BROKEN/s],
    ["an edge from nowhere", net(chain, [...links, edge("9:0", "1:7")]), /9:0.*MODEL_BROKEN/s],
    ["two edges to one input", net(chain, [...links, edge("0:0", "2:0")]), /two to 2:0.*MODEL_BROKEN/s],
    ["an input without an edge", net(chain, links.slice(1)), /none to ReLU.*MODEL_BROKEN/s],
    [
      "a circle",
      net(
        [layer("1", "ReLU", ["0"], [port("1")]), layer("2", "ReLU", ["0"], [port("1")])],
        [edge("1:1", "2:0"), edge("2:1", "1:0")],
      ),
      /circles.*MODEL_BROKEN/s,
    ],
    [
      "a side that is none",
      net([layer("0", "Parameter", [], [port("0", ["NaN"])])], []),
      /sides.*MODEL_BROKEN/s,
    ],
    [
      "a side too many",
      net([layer("0", "P", [], [port("0", Array(20).fill("1"))])], []),
      /sides.*MODEL_BROKEN/s,
    ],
    ["a side too long", net([layer("0", "P", [], [port("0", ["4294967296"])])], []), /sides.*MODEL_BROKEN/s],
    ["a layer without a type", net([tag("layer", { id: "0" })], []), /id and type.*MODEL_BROKEN/s],
  ])("refuses %s", (_, root, message) => {
    expect(() => readIr(root, "model.xml")).toThrow(message);
  });
});
