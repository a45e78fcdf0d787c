/** Everything a person may ask of a model file, as plain data that survives JSON. */
import { dataTypeName, elementsOf } from "../onnx/data-types.js";
import { externalDataFiles, forEachTensor } from "../onnx/external-data.js";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.js";
import type { OnnxDim, OnnxGraph, OnnxModel, OnnxOpset, OnnxValue } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import type { PreprocessStep } from "../stages/preprocess/steps.js";
import { type EngineFacts, engineFacts } from "./engine-facts.js";
import { findPreprocessing, type GraphPreprocessing } from "./graph-preprocessing.js";
import { findThreshold, type GraphThreshold } from "./graph-thresholds.js";
import type { Metadata } from "./metadata.js";
import type { ModelDescription, Normalisation, Profile, Range, Task } from "./model-description.js";
import { type KindDetails, kindDetails } from "./model-kind.js";

/** What is inspected. */
export interface InspectRequest {
  readonly model: OnnxModel;
  /** Size of the model file in bytes. */
  readonly fileBytes: number;
  /** null when the model is not recognised as an anomaly detector. */
  readonly description: ModelDescription | null;
  readonly metadata: Metadata | null;
  /** External weights by location, where they are at hand: some details need them. */
  readonly externalFiles?: ExternalFiles;
}

/** An input or output. */
export interface ValueFacts {
  readonly name: string;
  /** `float32`, `bool`, … */
  readonly type: string;
  /** Sides: fixed, named, or null for unknown; null where the file has no shape. */
  readonly shape: readonly OnnxDim[] | null;
}

/** The facts about a model. Lengths are in bytes, sizes in pixels, thresholds in the model's raw units. */
export interface ModelFacts {
  readonly producer: string;
  readonly irVersion: number;
  readonly opsets: readonly OnnxOpset[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
  readonly inputs: readonly ValueFacts[];
  readonly outputs: readonly ValueFacts[];
  /** Operators with their number, most frequent first; those of nested graphs count too. */
  readonly operators: readonly { readonly operator: string; readonly count: number }[];
  readonly nodes: number;
  /** Numbers in all weights and constants. */
  readonly parameters: number;
  readonly bytes: {
    readonly model: number;
    readonly external: readonly { readonly file: string; readonly bytes: number }[];
    readonly total: number;
  };
  /** null when the model is not recognised as an anomaly detector; so are task and scoreSource. */
  readonly profile: Profile | null;
  readonly evidence: readonly string[];
  readonly task: Task | null;
  readonly scoreSource: ModelDescription["scoreSource"] | null;
  readonly details: KindDetails;
  /** Whether the fast engine can stand in for the graph. */
  readonly engine: EngineFacts;
  readonly thresholds: { readonly image: number | null; readonly pixel: number | null };
  /** Thresholds and ranges that an Anomalib 2.x graph holds; null elsewhere. */
  readonly graphThresholds: {
    readonly image: GraphThreshold | null;
    readonly pixel: GraphThreshold | null;
  } | null;
  readonly normalisation: NormalisationFacts | null;
  /** What happens to the picture before the graph. */
  readonly preprocessing: readonly PreprocessStep[];
  /** What happens to it inside the graph. */
  readonly graphPreprocessing: GraphPreprocessing;
  readonly notes: readonly string[];
}

/** A normalisation without its per-pixel arrays. */
export type NormalisationFacts =
  | { readonly method: "none" | "in-graph" }
  | { readonly method: "min_max"; readonly image: Range; readonly pixel: Range }
  | {
      readonly method: "cdf";
      readonly image: { readonly mean: number; readonly std: number };
      readonly pixels: number;
    };

/** The facts about a model; everything that needs no anomaly detector is there for any ONNX file. */
export function inspectModel(request: InspectRequest): ModelFacts {
  const { model, fileBytes, description, metadata, externalFiles } = request;
  const index = indexGraph(model.graph);
  const external = externalDataFiles(model).map(({ location, bytes }) => ({
    file: location,
    bytes: externalFiles?.get(location)?.length ?? bytes,
  }));
  const graphPreprocessing = findPreprocessing(index, index.inputs[0]?.name ?? "");
  const operators = countOperators(model.graph);
  return {
    producer: [model.producerName, model.producerVersion].filter((part) => part !== "").join(" "),
    irVersion: model.irVersion,
    opsets: model.opsets,
    metadataProps: model.metadataProps,
    inputs: index.inputs.map(valueFacts),
    outputs: model.graph.outputs.map(valueFacts),
    operators,
    nodes: operators.reduce((sum, { count }) => sum + count, 0),
    parameters: countParameters(model.graph),
    bytes: { model: fileBytes, external, total: external.reduce((sum, { bytes }) => sum + bytes, fileBytes) },
    profile: description?.profile ?? null,
    evidence: description?.evidence ?? [],
    task: description?.task ?? null,
    scoreSource: description?.scoreSource ?? null,
    details: kindDetails(index, inputSize(description, graphPreprocessing), externalFiles),
    engine: engineFacts(model, externalFiles),
    thresholds: {
      image: description?.imageThreshold ?? metadata?.imageThreshold ?? null,
      pixel: description?.pixelThreshold ?? metadata?.pixelThreshold ?? null,
    },
    graphThresholds: description?.profile === "anomalib-2" ? graphThresholds(index, description) : null,
    normalisation: normalisationFacts(description?.normalisation ?? metadata?.normalisation ?? null),
    preprocessing: description?.preprocessing ?? [],
    graphPreprocessing,
    notes: description?.notes ?? metadata?.notes ?? [],
  };
}

function valueFacts({ name, elementType, dims }: OnnxValue): ValueFacts {
  return { name, type: dataTypeName(elementType), shape: dims };
}

function countOperators(graph: OnnxGraph): { operator: string; count: number }[] {
  const counts = new Map<string, number>();
  addOperators(graph, counts);
  const operators = [...counts].map(([operator, count]) => ({ operator, count }));
  return operators.sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1));
}

function addOperators(graph: OnnxGraph, counts: Map<string, number>): void {
  for (const { opType, domain, attributes } of graph.nodes) {
    const operator = domain === "" || domain === "ai.onnx" ? opType : `${domain}::${opType}`;
    counts.set(operator, (counts.get(operator) ?? 0) + 1);
    for (const attribute of attributes) {
      if (attribute.type === "graph") addOperators(attribute.value, counts);
      else if (attribute.type === "graphs") for (const body of attribute.value) addOperators(body, counts);
    }
  }
}

function countParameters(graph: OnnxGraph): number {
  let sum = 0;
  forEachTensor(graph, ({ dims }) => {
    sum += elementsOf(dims);
  });
  return sum;
}

/** Size that the network itself works at. */
function inputSize(description: ModelDescription | null, { resize }: GraphPreprocessing) {
  if (resize !== null) return { height: resize.height, width: resize.width };
  const { height = null, width = null } = description?.input ?? {};
  return height === null || width === null ? null : { height, width };
}

function graphThresholds(index: GraphIndex, { outputs }: ModelDescription): ModelFacts["graphThresholds"] {
  return {
    image: outputs.score === null ? null : findThreshold(index, outputs.score),
    pixel: outputs.map === null ? null : findThreshold(index, outputs.map),
  };
}

function normalisationFacts(normalisation: Normalisation | null): NormalisationFacts | null {
  if (normalisation === null || normalisation.method !== "cdf") return normalisation;
  return { method: "cdf", image: normalisation.image, pixels: normalisation.pixel.mean.length };
}
