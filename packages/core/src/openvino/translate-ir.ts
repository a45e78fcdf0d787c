/** An OpenVINO IR as an ONNX model: the same operations under ONNX's names, weights as views into `model.bin`. */
import { BlemishError } from "../errors.js";
import { ONNX_TYPE } from "../onnx/data-types.js";
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "../onnx/onnx-model.js";
import { constantTensor, onnxTypeOf } from "./ir-constants.js";
import type { IrGraph, IrLayer, IrPort } from "./ir-graph.js";
import { OPERATORS } from "./operators.js";
import { nodeOf, type Translation } from "./translation.js";
import { valueNames } from "./value-names.js";

/** Version of ONNX's operators that are written. */
const OPSET = 18;

/** ONNX's version of the file format that goes with it. */
const IR_VERSION = 8;

/** Element types as ports spell them. */
const PRECISIONS: Readonly<Record<string, number>> = {
  FP32: ONNX_TYPE.float32,
  FP16: ONNX_TYPE.float32,
  FP64: ONNX_TYPE.float64,
  I64: ONNX_TYPE.int64,
  U64: ONNX_TYPE.int64,
  I32: ONNX_TYPE.int32,
  BOOL: ONNX_TYPE.bool,
  BOOLEAN: ONNX_TYPE.bool,
};

/**
 * Translates a graph.
 * @param weights content of `model.bin`; the result has views into it.
 * @throws BlemishError MODEL_UNSUPPORTED naming an operator, an attribute or an element type that is not known; MODEL_BROKEN for
 *   constants that are not in the file.
 */
export function translateIr(graph: IrGraph, weights: Uint8Array, subject: string): OnnxModel {
  const names = valueNames(graph);
  const content = contentOf(names);
  for (const layer of graph.layers) translateLayer(layer, content, weights, subject);
  const results = graph.layers.filter(({ type }) => type === "Result");
  return {
    irVersion: IR_VERSION,
    producerName: `OpenVINO IR ${graph.version}${graph.converter === null ? "" : ` by ${graph.converter}`}`,
    producerVersion: "",
    opsets: [{ domain: "", version: OPSET }],
    metadataProps: [],
    graph: {
      name: graph.name,
      nodes: content.nodes,
      initialisers: [...content.constants.values()],
      inputs: graph.layers
        .filter(({ type }) => type === "Parameter")
        .map((layer) => inputOf(layer, names.of)),
      outputs: [...new Set(results.map(({ inputs }) => inputs[0] as IrPort))].map((port) =>
        onnxValue(port, names.of),
      ),
      valueInfo: content.made.map((port) => onnxValue(port, names.of)),
    },
  };
}

type Names = ReturnType<typeof valueNames>;

/** What has been translated. */
interface Content {
  readonly names: Names;
  readonly nodes: OnnxNode[];
  readonly constants: Map<string, OnnxTensor>;
  /** Values that nodes make. */
  readonly made: IrPort[];
  readonly lists: Map<string, string>;
}

function contentOf(names: Names): Content {
  return { names, nodes: [], constants: new Map(), made: [], lists: new Map() };
}

function translateLayer(layer: IrLayer, content: Content, weights: Uint8Array, subject: string): void {
  const { names, constants } = content;
  const outputs = layer.outputs.map(names.of);
  if (layer.type === "Parameter" || layer.type === "Result") return;
  if (layer.type === "Const") {
    const [name = ""] = outputs;
    constants.set(name, constantTensor(layer, weights, name, subject));
    return;
  }
  const operator = OPERATORS.get(layer.type);
  if (operator === undefined || !/^opset\d+$/.test(layer.opset))
    throw new BlemishError("MODEL_UNSUPPORTED", {
      subject,
      expected: "operators of Anomalib's models",
      found: `${layer.type} (${layer.opset}) in ${layer.name}`,
    });
  const inputs = layer.inputs.map(names.of);
  if (isWidened(layer, constants.get(inputs[0] ?? ""))) {
    constants.set(outputs[0]!, { ...(constants.get(inputs[0]!) as OnnxTensor), name: outputs[0]! });
    return;
  }
  operator(translationOf(layer, inputs, outputs, content, subject));
  content.made.push(...layer.outputs);
}

/** Whether a layer only makes float32 of halves, which its constant is already. */
function isWidened({ type, attributes }: IrLayer, constant: OnnxTensor | undefined): boolean {
  return (
    type === "Convert" &&
    constant !== undefined &&
    constant.dataType === onnxTypeOf(attributes.destination_type ?? "")
  );
}

function translationOf(
  layer: IrLayer,
  inputs: readonly string[],
  outputs: readonly string[],
  { names, nodes, constants, lists }: Content,
  subject: string,
): Translation {
  const put: Translation["put"] = (tensor) => {
    const name = names.fresh();
    constants.set(name, { ...tensor, name });
    return name;
  };
  return {
    layer,
    inputs,
    outputs,
    fresh: names.fresh,
    put,
    add(opType, from, attributes = {}, to = outputs) {
      // Layers may share a name, and a layer can become two nodes; nodes of ONNX may not.
      nodes.push(nodeOf(opType, from, attributes, to, `${layer.name}#${nodes.length}`));
      return to[0] as string;
    },
    ints(values) {
      const key = values.join();
      const known = lists.get(key);
      if (known !== undefined) return known;
      const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
      const name = put({ dataType: ONNX_TYPE.int64, dims: [values.length], payload: { kind: "raw", bytes } });
      lists.set(key, name);
      return name;
    },
    floats(dims, values) {
      const bytes = new Uint8Array(Float32Array.from(values).buffer);
      return put({ dataType: ONNX_TYPE.float32, dims, payload: { kind: "raw", bytes } });
    },
    constant: (input) => constants.get(inputs[input] ?? "") ?? null,
    unsupported: (what) =>
      new BlemishError("MODEL_UNSUPPORTED", {
        subject,
        expected: `${layer.type} as ONNX knows it`,
        found: `${what} in ${layer.name}`,
      }),
  };
}

/** An input: the file says its type in its attributes, too. */
function inputOf(layer: IrLayer, nameOf: (port: IrPort) => string): OnnxValue {
  return onnxValue(layer.outputs[0] as IrPort, nameOf);
}

function onnxValue(port: IrPort, nameOf: (port: IrPort) => string): OnnxValue {
  const name = nameOf(port);
  const dims = port.dims.map((side, axis) => (side < 0 ? `${name}_${axis}` : side));
  return { name, elementType: PRECISIONS[port.precision] ?? null, dims };
}
