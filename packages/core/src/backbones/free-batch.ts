/**
 * Makes a network that was exported for a fixed number of pictures take one. Anomalib 2.7 fixes PatchCore's batch at 2, and
 * writes the number into the input and into the sizes that pictures are brought to.
 */
import { BlemishError } from "../errors.js";
import { ONNX_TYPE } from "../onnx/data-types.js";
import { constantNumbers, type GraphIndex, indexGraph } from "../onnx/graph-index.js";
import { knownShapes } from "../onnx/known-shapes.js";
import type { OnnxModel, OnnxNode, OnnxTensor } from "../onnx/onnx-model.js";
import { cutGraph } from "./cut-graph.js";

/** What is made to take one picture. */
export interface FreeBatchRequest {
  /** Name of the picture input `[batch, 3, H, W]`. */
  readonly input: string;
  /** Pictures that it takes. */
  readonly batch: number;
  /** Names of the values `[batch, C, h, w]` that are wanted. */
  readonly values: readonly string[];
  /** What errors call the model. */
  readonly subject: string;
}

/** The input of these operators that holds the sizes of their result. */
const SIZES: Readonly<Record<string, number>> = { Resize: 3, Reshape: 1, Expand: 1 };

/** Any size of a picture serves to see that the batch is 1. */
const PROBE = 256;

/**
 * The part of a network that computes the values, for one picture; the model as it is where it takes one already.
 * @throws BlemishError MODEL_ENGINE when the values still depend on the batch.
 */
export function freeBatch(model: OnnxModel, { input, batch, values, subject }: FreeBatchRequest): OnnxModel {
  if (batch === 1) return model;
  const cut = cutGraph(model, values, subject);
  const index = indexGraph(cut.graph);
  const added: OnnxTensor[] = [];
  const nodes = cut.graph.nodes.map((node) => forOne(index, node, batch, added));
  const inputs = cut.graph.inputs.map((port) =>
    port.name === input ? { ...port, dims: [1, ...(port.dims ?? []).slice(1)] } : port,
  );
  const initialisers = [...cut.graph.initialisers, ...added];
  const graph = { ...cut.graph, nodes, inputs, initialisers, valueInfo: [] };
  const sides = inputs.find(({ name }) => name === input)?.dims?.slice(1) ?? [];
  const dims = [1, ...sides.map((side, axis) => (typeof side === "number" ? side : axis === 0 ? 3 : PROBE))];
  const shapes = knownShapes(indexGraph(graph), new Map([[input, dims]]));
  const wrong = values.find((name) => shapes(name)?.dims[0] !== 1);
  if (wrong === undefined) return { ...cut, graph };
  throw new BlemishError("MODEL_ENGINE", {
    subject,
    expected: "a network that can take one picture at a time",
    found: `${wrong} of an export that fixed its batch at ${batch}`,
  });
}

/** The node with 1 for the batch where its result has a fixed size `[batch, C, h, w]`. */
function forOne(index: GraphIndex, node: OnnxNode, batch: number, added: OnnxTensor[]): OnnxNode {
  const at = SIZES[node.opType];
  const name = at === undefined ? "" : (node.inputs[at] ?? "");
  const sizes = constantNumbers(index, name);
  if (sizes?.length !== 4 || sizes[0] !== batch) return node;
  const own = `${node.outputs[0]}.sizes`;
  const bytes = new Uint8Array(BigInt64Array.from([1, ...sizes.slice(1)], BigInt).buffer);
  added.push({ name: own, dataType: ONNX_TYPE.int64, dims: [4], payload: { kind: "raw", bytes } });
  return { ...node, inputs: node.inputs.map((input, place) => (place === at ? own : input)) };
}
