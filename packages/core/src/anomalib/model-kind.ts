/**
 * Which algorithm a graph is, told by its structure (PaDiM, PatchCore) or by the module names that PyTorch's
 * exporter leaves in it (the others), and what can be read of it.
 */
import type { GraphIndex } from "../onnx/graph-index.js";
import { type ExternalFiles, tensorValues } from "../onnx/tensor-values.js";
import { type Blur, findBlur } from "./find-blur.js";
import { findGrid, findPadim, type Grid, type PadimParts } from "./find-padim.js";
import { findPatchcore, type PatchcoreParts } from "./find-patchcore.js";
import { findTaps, type Tap } from "./find-taps.js";
import type { ModelKind } from "./model-description.js";

/** What is known of a model's inside: plain data. Lists are empty and fields null where nothing was found. */
export interface KindDetails {
  readonly kind: ModelKind;
  /** Layers whose features are compared, in concatenation order. */
  readonly layers: readonly Tap[];
  /** Channels of all layers together. */
  readonly totalChannels: number | null;
  /** Channels kept of them: all for PatchCore. */
  readonly channels: number | null;
  /** Kept channels in draw order: PaDiM only, where the values are at hand. */
  readonly channelIndices: readonly number[] | null;
  /** Cells that have a Gaussian of their own: PaDiM only. */
  readonly cells: number | null;
  readonly grid: Grid | null;
  /** PatchCore only. */
  readonly memoryBank: { readonly rows: number; readonly columns: number } | null;
  readonly neighbours: number | null;
  readonly blur: Blur | null;
}

/** Module names of Anomalib's torch models; all of one list must occur. */
const MODULES: readonly (readonly [ModelKind, readonly string[]])[] = [
  ["stfpm", ["teacher_model", "student_model"]],
  ["efficient-ad", ["teacher", "student", "ae"]],
  ["fastflow", ["fast_flow_blocks"]],
  ["reverse-distillation", ["encoder", "bottleneck", "decoder"]],
];

/** The algorithm of a graph; "unknown" unless it is sure. */
export function modelKind(index: GraphIndex): ModelKind {
  if (findPadim(index) !== null) return "padim";
  if (findPatchcore(index) !== null) return "patchcore";
  const modules = moduleNames(index);
  return MODULES.find(([, names]) => names.every((name) => modules.has(name)))?.[0] ?? "unknown";
}

/** Every part between dots and slashes of the names of nodes and weights. */
function moduleNames(index: GraphIndex): Set<string> {
  const names = new Set<string>();
  for (const { name } of index.graph.nodes) for (const part of name.split(/[/.]/)) names.add(part);
  for (const { name } of index.graph.initialisers) for (const part of name.split(/[/.]/)) names.add(part);
  return names;
}

/**
 * Everything that can be read of a model's inside.
 *
 * @param input size of the network's input in pixels, where it is fixed or resized to: tells the grid.
 * @param files external weights by location, where they are at hand.
 */
export function kindDetails(index: GraphIndex, input: Grid | null, files?: ExternalFiles): KindDetails {
  const blur = findBlur(index, files);
  const padim = findPadim(index);
  if (padim !== null) return { ...padimDetails(index, padim, input, files), blur };
  const patchcore = findPatchcore(index);
  if (patchcore !== null) return { ...patchcoreDetails(index, patchcore), blur };
  return { ...NOTHING, kind: modelKind(index), blur };
}

const NOTHING: KindDetails = {
  kind: "unknown",
  layers: [],
  totalChannels: null,
  channels: null,
  channelIndices: null,
  cells: null,
  grid: null,
  memoryBank: null,
  neighbours: null,
  blur: null,
};

function padimDetails(
  index: GraphIndex,
  parts: PadimParts,
  input: Grid | null,
  files?: ExternalFiles,
): KindDetails {
  const layers = findTaps(index, parts.embedding);
  const indices = tensorValues(parts.indices, files);
  const { cells, channels } = parts;
  return {
    ...NOTHING,
    kind: "padim",
    layers,
    totalChannels: sumOfChannels(layers),
    channels,
    channelIndices: indices === null ? null : Array.from(indices as ArrayLike<number | bigint>, Number),
    cells,
    grid: findGrid(index, cells, layers[0]?.stride ?? 1, input),
  };
}

function patchcoreDetails(index: GraphIndex, parts: PatchcoreParts): KindDetails {
  const layers = findTaps(index, parts.embedding);
  const { rows, columns, neighbours } = parts;
  return {
    ...NOTHING,
    kind: "patchcore",
    layers,
    totalChannels: sumOfChannels(layers) ?? columns,
    channels: columns,
    memoryBank: { rows, columns },
    neighbours,
  };
}

function sumOfChannels(layers: readonly Tap[]): number | null {
  const counts = layers.map((layer) => layer.channels);
  return counts.some((count) => count === null)
    ? null
    : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
