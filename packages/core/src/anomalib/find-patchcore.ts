/** Recognises PatchCore's nearest-neighbour search in a graph: memory bank and number of neighbours. */
import { ONNX_TYPE } from "../onnx/data-types.js";
import { constantNumbers, type GraphIndex, intsAttribute } from "../onnx/graph-index.js";
import type { OnnxNode, OnnxTensor } from "../onnx/onnx-model.js";
import { ancestors } from "./find-taps.js";

/** The parts of a PatchCore head. */
export interface PatchcoreParts {
  /** float32: `[rows, columns]`, or its transpose where the exporter folded that in. */
  readonly memoryBank: OnnxTensor;
  /** Patches that are remembered. */
  readonly rows: number;
  /** Channels of a patch. */
  readonly columns: number;
  /** Neighbours that weigh the image score; null when the graph does not say. */
  readonly neighbours: number | null;
  /** Name of the concatenated taps, `[N, C, H, W]`. */
  readonly embedding: string;
}

const SEARCHES = new Set(["TopK", "ReduceMin", "ArgMin"]);
/** What stands between patches and embedding: 2.7 searches slices of the patches one after another. */
const BETWEEN = new Set(["Reshape", "Slice", "Identity", "Cast"]);
const MAX_BETWEEN = 6;
/** What may stand between the embedding and the layers: anything else (a Conv) is another method. */
const EMBEDDING_SOURCES = new Set(["Concat", "AveragePool", "Resize", "Relu"]);

/**
 * PatchCore's head: patches as rows (`[0, 2, 3, 1]` transposed, reshaped, perhaps sliced) times a constant two-dimensional
 * memory bank, square roots, and a search for the smallest. null when the graph has none.
 */
export function findPatchcore(index: GraphIndex): PatchcoreParts | null {
  const { nodes } = index.graph;
  if (!nodes.some((node) => SEARCHES.has(node.opType)) || !nodes.some((node) => node.opType === "Sqrt"))
    return null;
  for (const node of nodes) {
    if (node.opType !== "MatMul") continue;
    const embedding = embeddingOf(index, node.inputs[0] ?? "");
    const bank = embedding === null ? null : bankOf(index, node.inputs[1] ?? "");
    if (embedding !== null && bank !== null) return { ...bank, neighbours: neighboursOf(index), embedding };
  }
  return null;
}

/** The value whose channels are the columns of the patches; null when the patches are made another way. */
function embeddingOf(index: GraphIndex, patches: string): string | null {
  for (const node of ancestors(index, patches, MAX_BETWEEN)) {
    if (node.opType === "Transpose" && intsAttribute(node, "perm")?.join() === "0,2,3,1") {
      const embedding = node.inputs[0] ?? "";
      return EMBEDDING_SOURCES.has(index.producers.get(embedding)?.opType ?? "") ? embedding : null;
    }
    if (!BETWEEN.has(node.opType)) return null;
  }
  return null;
}

function bankOf(
  index: GraphIndex,
  name: string,
): Pick<PatchcoreParts, "memoryBank" | "rows" | "columns"> | null {
  const folded = index.constants.get(name);
  const transpose: OnnxNode | undefined = index.producers.get(name);
  const plain =
    transpose?.opType === "Transpose" ? index.constants.get(transpose.inputs[0] ?? "") : undefined;
  const tensor = folded ?? plain;
  if (tensor?.dataType !== ONNX_TYPE.float32 || tensor.dims.length !== 2) return null;
  const [first, second] = tensor.dims as [number, number];
  if (folded === undefined) return { memoryBank: tensor, rows: first, columns: second };
  // Where the exporter kept the bank itself, too, that one is the better reading.
  const upright = index.graph.initialisers.find(
    ({ dims }) => dims.length === 2 && dims[0] === second && dims[1] === first && first !== second,
  );
  return { memoryBank: upright ?? tensor, rows: second, columns: first };
}

/** The largest choice of the graph: converters write the search for the one nearest patch as a TopK, too. */
function neighboursOf(index: GraphIndex): number | null {
  const counts = index.graph.nodes.flatMap(({ opType, inputs }) => {
    const count = opType === "TopK" ? constantNumbers(index, inputs[1] ?? "")?.[0] : undefined;
    return count !== undefined && Number.isSafeInteger(count) ? [count] : [];
  });
  return counts.length > 0 ? Math.max(...counts) : null;
}
