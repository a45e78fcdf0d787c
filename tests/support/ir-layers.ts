/** Graphs of OpenVINO in a few words, for tests: one layer over constants and inputs, and what it computes once translated. */

import { writeOnnx } from "../../packages/core/src/onnx/write-onnx.js";
import type { IrGraph, IrLayer, IrPort } from "../../packages/core/src/openvino/ir-graph.js";
import { translateIr } from "../../packages/core/src/openvino/translate-ir.js";
import type { Tensor } from "../../packages/core/src/tensor.js";
import { ortSession } from "../../packages/node/src/session/ort-session.js";

/** An input of a layer: numbers that are fed (float32), or a constant. */
export interface Given {
  readonly dims: readonly number[];
  readonly values: readonly number[];
  /** Element type of a constant; absent = fed. */
  readonly constant?: "f32" | "f16" | "i64" | "i32" | "u64";
}

/** A constant list of whole numbers. */
export const ints = (...values: number[]): Given => ({ dims: [values.length], values, constant: "i64" });
/** A constant whole number. */
export const int = (value: number): Given => ({ dims: [], values: [value], constant: "u64" });
/** Numbers that are fed. */
export const fed = (dims: readonly number[], values: readonly number[]): Given => ({ dims, values });

const BYTES = {
  f32: (values: readonly number[]) => Float32Array.from(values),
  f16: (values: readonly number[]) => Uint16Array.from(values),
  i32: (values: readonly number[]) => Int32Array.from(values),
  i64: (values: readonly number[]) => BigInt64Array.from(values, BigInt),
  u64: (values: readonly number[]) => BigInt64Array.from(values, BigInt),
} as const;

/** What a layer is. */
export interface LayerWords {
  readonly type: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly opset?: string;
  readonly name?: string;
  /** How many outputs it has, all of them outputs of the graph; default 1. */
  readonly outputs?: number;
}

/** A graph of one layer with the inputs before it and the results behind it. */
export function graphOf(
  words: LayerWords,
  inputs: readonly Given[],
): { graph: IrGraph; weights: Uint8Array } {
  const layers: IrLayer[] = [];
  const parts: Uint8Array[] = [];
  let offset = 0;
  const ports = inputs.map(({ dims, values, constant }, i): IrPort => {
    const port = { layer: `in${i}`, port: "0", dims, names: [`x${i}`] };
    const id = { id: `in${i}`, name: `x${i}`, opset: "opset1", inputs: [] };
    if (constant === undefined) {
      const own = { ...port, precision: "FP32" };
      layers.push({ ...id, type: "Parameter", attributes: {}, outputs: [own] });
      return own;
    }
    const array = BYTES[constant](values);
    const bytes = new Uint8Array(array.buffer);
    const place = {
      offset: `${offset}`,
      size: `${bytes.length}`,
      shape: dims.join(", "),
      element_type: constant,
    };
    const own = { ...port, precision: constant.toUpperCase() };
    layers.push({ ...id, type: "Const", attributes: place, outputs: [own] });
    parts.push(bytes);
    offset += bytes.length;
    return own;
  });
  const { type, attributes = {}, opset = "opset1", name = "layer", outputs = 1 } = words;
  const made = Array.from({ length: outputs }, (_, i) => ({
    ...{ layer: "it", port: `${i + 9}`, precision: "", dims: [], names: [`y${i}`] },
  }));
  layers.push({ id: "it", name, type, opset, attributes, inputs: ports, outputs: made });
  for (const [i, port] of made.entries())
    layers.push({
      ...{ id: `out${i}`, name: `y${i}/sink_port_0`, type: "Result", opset: "opset1", attributes: {} },
      ...{ inputs: [port], outputs: [] },
    });
  return { graph: { name: "g", version: 11, converter: null, layers }, weights: Buffer.concat(parts) };
}

/** What ONNX Runtime computes of it, output by output. */
export async function runLayer(words: LayerWords, ...inputs: readonly Given[]): Promise<Tensor[]> {
  const { graph, weights } = graphOf(words, inputs);
  const onnx = translateIr(graph, weights, "model.xml");
  // Shapes and types of results are the runtime's to find.
  const outputs = onnx.graph.outputs.map(({ name }) => ({ name, elementType: null, dims: null }));
  const bytes = writeOnnx({ ...onnx, graph: { ...onnx.graph, outputs, valueInfo: [] } });
  const session = await ortSession({ bytes, name: "model.xml" }, { threads: 1, spinning: false });
  try {
    const feeds = inputs.flatMap(({ dims, values, constant }, i) =>
      constant === undefined ? [[`x${i}`, { shape: dims, data: Float32Array.from(values) }]] : [],
    );
    const answer = await session.run(Object.fromEntries(feeds));
    return outputs.map(({ name }) => answer[name] as Tensor);
  } finally {
    await session.close();
  }
}
