/**
 * A checkpoint of Anomalib (0.x or 2.x, PaDiM or PatchCore on a ResNet) as a model file: the network is built from its
 * weights, the head taken as it is. It becomes what its own ONNX export would have become.
 */
import type { ModelDescription, Normalisation } from "../../anomalib/model-description.js";
import type { RecognisedExport } from "../../anomalib/recognise-export.js";
import type { RecognisedPadim } from "../../anomalib/recognise-padim.js";
import type { RecognisedPatchcore } from "../../anomalib/recognise-patchcore.js";
import { outputSize } from "../../anomalib/transform.js";
import type { ImportedModelFile } from "../../bundle/model-file.js";
import type { NamedArray } from "../../bundle/safetensors.js";
import { type CheckpointFacts, checkpointFacts } from "../../checkpoint/checkpoint-facts.js";
import type { Checkpoint } from "../../checkpoint/read-checkpoint.js";
import { BlemishError } from "../../errors.js";
import { type CheckpointNetwork, checkpointNetwork } from "./checkpoint-network.js";
import { type ImportRequest, importRecognised } from "./import-model.js";

/** A checkpoint and how it is to be stored. */
export interface CheckpointRequest extends Omit<ImportRequest, "model" | "description" | "files"> {
  readonly checkpoint: Checkpoint;
}

/**
 * The checkpoint as a model file without parity samples.
 * @throws BlemishError MODEL_ENGINE for methods, versions and networks that are not read; BACKBONE, METADATA_TRANSFORM,
 *   MODEL_STATISTICS, MODEL_BROKEN for parts of it.
 */
export function importCheckpoint(request: CheckpointRequest): ImportedModelFile {
  const { checkpoint, subject } = request;
  const facts = checkpointFacts(checkpoint, subject);
  const network = checkpointNetwork(checkpoint.tensors, facts, subject);
  const found = recognisedParts(checkpoint, facts, network, subject);
  const description = descriptionOf(facts, checkpoint);
  return importRecognised({ ...request, model: network.model, description, files: new Map() }, found);
}

/** Blur of Anomalib's maps, in pixels. */
const SIGMA = 4;

function recognisedParts(
  { tensors }: Checkpoint,
  facts: CheckpointFacts,
  { taps: layers }: CheckpointNetwork,
  subject: string,
): RecognisedExport {
  const size = outputSize(facts.steps);
  if (size === null) throw broken(subject, "preprocessing that gives a size", "none");
  const taps = layers.map(({ name, channels, stride }) => ({ name, channels, ...cellsOf(size, stride) }));
  const [{ width, height }] = taps as [(typeof taps)[number]];
  const shared: SharedParts = {
    recognised: true,
    input: "input",
    size,
    resizes: facts.profile === "anomalib-2",
    taps,
    grid: { width, height },
    end: endOf(facts),
  };
  const tensor = (end: string) => tensorOf(tensors, end, subject);
  return facts.method === "padim"
    ? { kind: "padim", found: padimParts(shared, tensor, subject) }
    : { kind: "patchcore", found: patchcoreParts(shared, tensor, facts, subject) };
}

/** What both methods are recognised by. */
type SharedParts = Omit<RecognisedPadim, "channels" | "mean" | "inverseCovariance" | "sigma">;

function padimParts(
  shared: SharedParts,
  tensor: (end: string) => NamedArray,
  subject: string,
): RecognisedPadim {
  const channels = Array.from(tensor("idx").data, Number);
  const [count, cells] = [channels.length, shared.grid.width * shared.grid.height];
  const mean = floatsOf(tensor("gaussian.mean"), [count, cells], subject);
  const inverse = floatsOf(tensor("gaussian.inv_covariance"), [cells, count, count], subject);
  const inverseCovariance = new Uint8Array(inverse.buffer, inverse.byteOffset, inverse.byteLength);
  return { ...shared, channels, mean, inverseCovariance, sigma: SIGMA };
}

function patchcoreParts(
  shared: SharedParts,
  tensor: (end: string) => NamedArray,
  { profile, neighbours }: CheckpointFacts,
  subject: string,
): RecognisedPatchcore {
  const bank = tensor("memory_bank");
  const channels = shared.taps.reduce((sum, tap) => sum + tap.channels, 0);
  const [rows] = bank.shape as [number];
  return {
    ...shared,
    batch: 1,
    embedding: {
      grid: "finest",
      scales: shared.taps.map(() => 1),
      channels: null,
      projection: null,
      neighbourhood: 3,
      enlargement: profile === "anomalib-2" ? "bilinear" : "nearest",
    },
    bank: { rows, channels, data: floatsOf(bank, [rows, channels], subject) },
    neighbours,
    map: { upsampling: "nearest", sigma: SIGMA },
  };
}

/** Rounding up, as padded convolutions do. */
function cellsOf(size: { readonly width: number; readonly height: number }, stride: number) {
  return { width: Math.ceil(size.width / stride), height: Math.ceil(size.height / stride) };
}

function endOf({
  profile,
  imageThreshold,
  pixelThreshold,
  imageRange,
  pixelRange,
  decisions,
}: CheckpointFacts) {
  if (profile !== "anomalib-2" || imageThreshold === null || pixelThreshold === null) return null;
  if (imageRange === null || pixelRange === null) return null;
  return {
    normaliser: {
      image: { threshold: imageThreshold, range: imageRange.max - imageRange.min },
      pixel: { threshold: pixelThreshold, range: pixelRange.max - pixelRange.min },
    },
    decisions,
  };
}

/** As `describeModel` describes the export of the same model. */
function descriptionOf(facts: CheckpointFacts, { module }: Checkpoint): ModelDescription {
  const { profile, method, steps, task, decisions } = facts;
  const second = profile === "anomalib-2";
  const size = outputSize(steps);
  return {
    profile,
    evidence: [
      module === null ? "A checkpoint of Lightning." : `A module that torch saved: ${module}.`,
      second
        ? "It has a post-processor of its own, as Anomalib 2.x."
        : "Its thresholds are metrics of the module, as Anomalib 0.x has them.",
    ],
    kind: method,
    task: task === "classification" || task === "detection" ? task : "segmentation",
    input: {
      name: "input",
      height: second ? null : (size?.height ?? null),
      width: second ? null : (size?.width ?? null),
      batch: 1,
    },
    outputs: second
      ? { map: "anomaly_map", score: "pred_score", label: "pred_label", mask: "pred_mask" }
      : { map: "output", score: method === "patchcore" ? "pred_score" : null, label: null, mask: null },
    scoreSource: second || method === "patchcore" ? "output" : "map-max",
    preprocessing: second ? [{ type: "toFloat", maxValue: 255 }] : steps,
    imageThreshold: second ? decisions.image : facts.imageThreshold,
    pixelThreshold: second ? decisions.pixel : facts.pixelThreshold,
    normalisation: normalisationOf(facts),
    notes: second ? ["Pictures are resized as Anomalib's export does it, without antialiasing."] : [],
  };
}

function normalisationOf({ profile, imageRange, pixelRange }: CheckpointFacts): Normalisation {
  if (profile === "anomalib-2") return { method: "in-graph" };
  if (imageRange === null || pixelRange === null) return { method: "none" };
  return { method: "min_max", image: imageRange, pixel: pixelRange };
}

/** The tensor whose name ends so. */
function tensorOf(tensors: Checkpoint["tensors"], end: string, subject: string): NamedArray {
  const name = Object.keys(tensors).find((one) => one === end || one.endsWith(`.${end}`));
  const found = name === undefined ? undefined : tensors[name];
  if (found === undefined) throw broken(subject, `the tensor ${end}`, "none");
  return found;
}

function floatsOf({ data, shape }: NamedArray, wanted: readonly number[], subject: string): Float32Array {
  const fits = shape.length === wanted.length && wanted.every((side, axis) => side === shape[axis]);
  if (data instanceof Float32Array && fits) return data;
  throw broken(subject, `float32 [${wanted.join(", ")}]`, `[${shape.join(", ")}]`);
}

function broken(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("MODEL_BROKEN", { subject, expected, found });
}
