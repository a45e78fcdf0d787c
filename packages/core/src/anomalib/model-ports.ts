/** Which input and outputs of a graph mean what: one picture in, an anomaly map or a score out. */
import { BlemishError } from "../errors.js";
import { dataTypeName, ONNX_TYPE } from "../onnx/data-types.js";
import type { GraphIndex } from "../onnx/graph-index.js";
import type { OnnxDim, OnnxValue } from "../onnx/onnx-model.js";
import type { ModelDescription } from "./model-description.js";
import { shorten } from "./parse-json.js";

/** Input and outputs of an anomaly detector. */
export interface ModelPorts {
  readonly input: ModelDescription["input"];
  readonly outputs: ModelDescription["outputs"];
  /** Size of the map in pixels, where the graph fixes it. */
  readonly mapSize: { readonly height: number; readonly width: number } | null;
  /** True for the output names of Anomalib 2.x. */
  readonly named: boolean;
  readonly notes: readonly string[];
}

const MAX_SIDE = 16_384;
const MAX_BATCH = 64;

/**
 * The ports of a graph.
 *
 * @throws BlemishError MODEL_NOT_ANOMALY when inputs or outputs are not those of an anomaly detector,
 * MODEL_INPUT when there is one picture input, but of a type or size that cannot be fed.
 */
export function modelPorts(index: GraphIndex, subject: string): ModelPorts {
  const input = pictureInput(index, subject);
  const notes: string[] = [];
  if (input.batch > 1) {
    notes.push(
      `The export fixed its batch at ${input.batch}: each picture is fed ${input.batch} times in one run.`,
    );
  }
  const { outputs } = index.graph;
  const named = outputs.some(({ name }) => name === "pred_score" || name === "anomaly_map");
  const found = named ? namedOutputs(outputs, notes) : shapedOutputs(outputs, input.batch, notes);
  if (found.map === null && found.score === null) {
    throw new BlemishError("MODEL_NOT_ANOMALY", {
      subject,
      expected: "an anomaly map [N, 1, H, W] or a score [N] as output",
      found: outputs.length === 0 ? "no output" : outputs.slice(0, 4).map(valueText).join(", "),
    });
  }
  const names = [found.map, found.score, found.label, found.mask].map((value) => value?.name ?? null);
  const [map, score, label, mask] = names as [string | null, string | null, string | null, string | null];
  return { input, outputs: { map, score, label, mask }, mapSize: mapSizeOf(found.map), named, notes };
}

function pictureInput(index: GraphIndex, subject: string): ModelDescription["input"] {
  const [value] = index.inputs;
  if (value === undefined || index.inputs.length > 1 || value.dims?.length !== 4) {
    throw new BlemishError("MODEL_NOT_ANOMALY", {
      subject,
      expected: "one input [N, 3, H, W]",
      found: value === undefined ? "no input" : index.inputs.slice(0, 4).map(valueText).join(", "),
    });
  }
  const [batch, channels, height, width] = value.dims as [OnnxDim, OnnxDim, OnnxDim, OnnxDim];
  const bothSides = (typeof height === "number") === (typeof width === "number");
  const fits =
    value.elementType === ONNX_TYPE.float32 &&
    (typeof channels !== "number" || channels === 3) &&
    inRange(batch, MAX_BATCH) &&
    bothSides &&
    inRange(height, MAX_SIDE) &&
    inRange(width, MAX_SIDE);
  if (!fits) {
    throw new BlemishError("MODEL_INPUT", {
      subject,
      expected: `float32 [1, 3, H, W] with both sides fixed or both free, up to ${MAX_SIDE}`,
      found: valueText(value),
    });
  }
  return { name: value.name, height: fixed(height), width: fixed(width), batch: fixed(batch) ?? 1 };
}

function inRange(side: OnnxDim, most: number): boolean {
  return typeof side !== "number" || (side >= 1 && side <= most);
}

function fixed(side: OnnxDim): number | null {
  return typeof side === "number" ? side : null;
}

interface FoundOutputs {
  map: OnnxValue | null;
  score: OnnxValue | null;
  label: OnnxValue | null;
  mask: OnnxValue | null;
}

/** Anomalib 2.x: by name. Without thresholds label and mask leave the graph as copies of score and map. */
function namedOutputs(outputs: readonly OnnxValue[], notes: string[]): FoundOutputs {
  const byName = (name: string, type: number) =>
    outputs.find((output) => output.name === name && output.elementType === type) ?? null;
  const found = {
    map: byName("anomaly_map", ONNX_TYPE.float32),
    score: byName("pred_score", ONNX_TYPE.float32),
    label: byName("pred_label", ONNX_TYPE.bool),
    mask: byName("pred_mask", ONNX_TYPE.bool),
  };
  if (found.map !== null && !isMap(found.map)) found.map = null;
  if (outputs.some(({ name, elementType }) => name === "pred_label" && elementType !== ONNX_TYPE.bool)) {
    notes.push("The graph has no thresholds of its own: its pred_label is no decision and is not used.");
  }
  return found;
}

/** Anomalib 0.x and 1.x: by shape; the first map and the first score count. */
function shapedOutputs(outputs: readonly OnnxValue[], batch: number, notes: string[]): FoundOutputs {
  const numbers = outputs.filter(({ elementType }) => elementType === ONNX_TYPE.float32);
  const score = numbers.find((output) => isScore(output, batch)) ?? null;
  const map = numbers.find((output) => output !== score && isMap(output)) ?? null;
  if (map?.dims === null)
    notes.push(`The output ${map.name} has no shape in the file; it is taken for the anomaly map.`);
  const unused = outputs
    .filter((output) => output !== map && output !== score)
    .map(({ name }) => shorten(name));
  if ((map !== null || score !== null) && unused.length > 0) {
    notes.push(
      `Outputs that are not used: ${unused.slice(0, 8).join(", ")}${unused.length > 8 ? " and more" : ""}.`,
    );
  }
  return { map, score, label: null, mask: null };
}

function isMap({ dims }: OnnxValue): boolean {
  if (dims === null) return true;
  if (dims.length !== 4 && dims.length !== 3) return false;
  if (dims.length === 4 && typeof dims[1] === "number" && dims[1] !== 1) return false;
  return inRange(dims.at(-1) ?? null, MAX_SIDE) && inRange(dims.at(-2) ?? null, MAX_SIDE);
}

function isScore({ dims }: OnnxValue, batch: number): boolean {
  if (dims === null || dims.length > 2) return false;
  if (dims.length === 2 && dims[1] !== 1) return false;
  const [count] = dims;
  return typeof count !== "number" || count === 1 || count === batch;
}

function mapSizeOf(map: OnnxValue | null): ModelPorts["mapSize"] {
  const height = map?.dims?.at(-2);
  const width = map?.dims?.at(-1);
  return typeof height === "number" && typeof width === "number" ? { height, width } : null;
}

/** A value in words: name, type, shape. */
function valueText({ name, elementType, dims }: OnnxValue): string {
  const shape = dims === null ? "without a shape" : `[${dims.slice(0, 8).map(sideText).join(", ")}]`;
  return `${shorten(name)} ${dataTypeName(elementType)} ${shape}`;
}

function sideText(side: OnnxDim): string {
  return side === null ? "?" : shorten(String(side));
}
