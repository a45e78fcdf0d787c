/**
 * A model file → ONNX for any runtime: pictures' tensors in, map, score and decisions out, in one of three forms. The backbone
 * is the model's own, the rest standard operators of the same opset; scores equal the fast engine's within 1e-5.
 */
import { modelIdentity } from "../../bundle/identity.js";
import { kindOf } from "../../bundle/kind-of.js";
import type { PassManifest } from "../../bundle/manifest.js";
import type { ModelFile, Sha256 } from "../../bundle/model-file.js";
import { BlemishError } from "../../errors.js";
import { ONNX_TYPE } from "../../onnx/data-types.js";
import type { OnnxModel, OnnxValue } from "../../onnx/onnx-model.js";
import { readOnnx } from "../../onnx/read-onnx.js";
import type { RgbImage } from "../../stages/image/image.js";
import { preProcess } from "../../stages/preprocess/pre-process.js";
import { anomalibMetadata } from "./anomalib-metadata.js";
import { decisionNodes, normalisedNodes } from "./decision-nodes.js";
import { checkedOptions, type ExportOptions, leftBehind } from "./export-forms.js";
import { type ExportNotes, noteProperties } from "./export-notes.js";
import { type ExportScale, exportScale } from "./export-scale.js";
import { type GraphBuilder, graphBuilder } from "./graph-builder.js";
import { modelNodes, type RawValues } from "./graph-parts.js";
import { paintedNodes, pictureNodes } from "./picture-nodes.js";

/** An exported model. */
export interface ExportedModel {
  readonly onnx: OnnxModel;
  /** Text of the `metadata.json` beside it; null unless the form is `anomalib-0.7`. */
  readonly metadata: string | null;
  /** What the file does not carry, a sentence each. */
  readonly leftBehind: readonly string[];
}

/** What else is to stand in the file. */
export interface ExportEvidence {
  /** For the model's identity; absent = it is not written. */
  readonly sha256?: Sha256;
  /** What is wrong with the model, a sentence each. */
  readonly warnings?: readonly string[];
}

/**
 * Exports a model.
 * @throws BlemishError OPTION_VALUE for options that do not go together, EXPORT for what the form cannot carry.
 */
export function exportModel(
  model: ModelFile,
  options: ExportOptions = {},
  evidence: ExportEvidence = {},
): ExportedModel {
  const { manifest } = model;
  const checked = checkedOptions(manifest, options);
  const network = readOnnx(model.backbone, "The model's backbone");
  const opset = network.opsets.find(({ domain }) => domain === "")?.version ?? 0;
  const builder = graphBuilder(opset);
  const batch = checked.batch === "dynamic" ? "batch" : 1;
  const { inputs, tensors } = inputNodes(builder, model, checked, batch);
  const raw = modelNodes(builder, model, network, tensors);
  const scale = exportScale(model);
  const outputs = outputNodes(builder, model, raw, scale, checked.form, batch);
  const lost = leftBehind(manifest, checked);
  const inside = checked.preprocessing === "inside" ? tensors : [];
  const made = { raw: { ...raw, inputs: inside }, scale, leftBehind: lost };
  const onnx: OnnxModel = {
    irVersion: Math.max(network.irVersion, opset >= 18 ? 8 : 7),
    producerName: "blemish",
    producerVersion: "",
    opsets: [{ domain: "", version: opset }, ...network.opsets.filter(({ domain }) => domain !== "")],
    metadataProps: noteProperties(notesOf(model, checked, made, evidence)),
    graph: {
      name: "blemish",
      nodes: builder.nodes,
      initialisers: builder.initialisers,
      inputs,
      outputs,
      valueInfo: [],
    },
  };
  const metadata = checked.form === "anomalib-0.7" ? anomalibMetadata(manifest, scale, checked) : null;
  return { onnx, metadata, leftBehind: lost };
}

type Batch = number | "batch";

function inputNodes(
  builder: GraphBuilder,
  { manifest }: ModelFile,
  { form, preprocessing }: Required<ExportOptions>,
  batch: Batch,
): { inputs: OnnxValue[]; tensors: string[] } {
  if (preprocessing === "inside") {
    const picture = { name: "input", elementType: ONNX_TYPE.float32, dims: [batch, 3, "height", "width"] };
    // Anomalib 2.x gives pictures as 0 to 1; the other forms take samples as they are.
    const samples =
      form === "anomalib-2"
        ? builder.add("Round", [builder.add("Mul", ["input", builder.floats([], [255])])])
        : "input";
    return {
      inputs: [picture],
      tensors: manifest.passes.map((pass) => pictureNodes(builder, samples, pass)),
    };
  }
  const inputs = manifest.passes.map(({ size: { width, height } }, i): OnnxValue => {
    const name = manifest.passes.length === 1 ? "input" : `input_${i + 1}`;
    // A network that resizes pictures itself takes any size.
    const sides = manifest.backbone.input.resizesTo === undefined ? [height, width] : ["height", "width"];
    return { name, elementType: ONNX_TYPE.float32, dims: [batch, 3, ...sides] };
  });
  const paint = form === "anomalib-0.7" ? paintOver : (_: GraphBuilder, tensor: string) => tensor;
  return { inputs, tensors: inputs.map(({ name }, i) => paint(builder, name, manifest.passes[i]!)) };
}

/** A tensor painted as its preprocessing says: `metadata.json` has no words for it. */
function paintOver(builder: GraphBuilder, tensor: string, { preprocessing, size }: PassManifest): string {
  const values = preprocessing.filter(({ type }) => type === "normalize" || type === "toFloat");
  return preprocessing.reduce((value, step) => {
    if (step.type !== "paint") return value;
    const shade = preProcess(rgbPixel(step.colour), values).data;
    return paintedNodes(builder, value, step.runs, size, Array.from(shade));
  }, tensor);
}

function rgbPixel(colour: readonly number[]): RgbImage {
  return { width: 1, height: 1, channels: 3, data: Uint8Array.from(colour) };
}

function outputNodes(
  builder: GraphBuilder,
  model: ModelFile,
  raw: RawValues,
  scale: ExportScale,
  form: Required<ExportOptions>["form"],
  batch: Batch,
): OnnxValue[] {
  const { width, height } = model.manifest.size;
  const map = (name: string, type: number = ONNX_TYPE.float32): OnnxValue => ({
    name,
    elementType: type,
    dims: [batch, 1, height, width],
  });
  const score = (name: string, type: number = ONNX_TYPE.float32): OnnxValue => ({
    name,
    elementType: type,
    dims: [batch, 1],
  });
  if (form === "anomalib-0.7") {
    cutAtScore(builder, model, raw);
    return [map("output")];
  }
  const named =
    form === "anomalib-2" ? normalisedOnly(builder, raw, scale) : rawAndNormalised(builder, raw, scale);
  return named.map((name) => {
    const type = name === "pred_label" || name === "pred_mask" ? ONNX_TYPE.bool : ONNX_TYPE.float32;
    return name.startsWith("pred_score") || name === "pred_label" ? score(name, type) : map(name, type);
  });
}

/** A map whose maximum is the image score. */
function cutAtScore(builder: GraphBuilder, { manifest }: ModelFile, { map, score }: RawValues): void {
  if (manifest.map.score === "max") builder.add("Identity", [map], {}, "output");
  else builder.add("Min", [map, builder.add("Reshape", [score, builder.ints([-1, 1, 1, 1])])], {}, "output");
}

/** The four outputs of Anomalib 2.x, in its order. */
function normalisedOnly(
  builder: GraphBuilder,
  { map, score }: RawValues,
  { image, pixel }: ExportScale,
): string[] {
  if (image === null || pixel === null)
    throw new BlemishError("EXPORT", {
      subject: "The model",
      expected: "thresholds and ranges of score and map for the form anomalib-2",
      found: "none",
    });
  normalisedNodes(builder, score, image.threshold, image.range, "pred_score");
  normalisedNodes(builder, map, pixel.threshold, pixel.range, "anomaly_map");
  const limits = { imageThreshold: image.threshold, pixelThreshold: pixel.threshold };
  decisionNodes(builder, { map, score }, limits, { label: "pred_label", mask: "pred_mask" });
  return ["pred_score", "pred_label", "anomaly_map", "pred_mask"];
}

function rawAndNormalised(
  builder: GraphBuilder,
  { map, score }: RawValues,
  { image, pixel }: ExportScale,
): string[] {
  builder.add("Identity", [map], {}, "anomaly_map");
  builder.add("Identity", [score], {}, "pred_score");
  const names = ["anomaly_map", "pred_score"];
  const limits = { imageThreshold: image?.threshold ?? null, pixelThreshold: pixel?.threshold ?? null };
  decisionNodes(builder, { map, score }, limits, { label: "pred_label", mask: "pred_mask" });
  if (image !== null) {
    normalisedNodes(builder, score, image.threshold, image.range, "pred_score_normalised");
    names.push("pred_label", "pred_score_normalised");
  }
  if (pixel !== null) {
    normalisedNodes(builder, map, pixel.threshold, pixel.range, "anomaly_map_normalised");
    names.push("pred_mask", "anomaly_map_normalised");
  }
  return names;
}

/** What a reader of the file needs to know besides the graph. */
function notesOf(
  model: ModelFile,
  { form, preprocessing: place }: Required<ExportOptions>,
  made: Pick<ExportNotes, "raw" | "scale" | "leftBehind">,
  { sha256, warnings }: ExportEvidence,
): ExportNotes {
  const { manifest } = model;
  const { parity, passes, map, size, profile, task, picture, capture, backbone } = manifest;
  return {
    form,
    profile,
    preprocessing: { place, steps: passes.map(({ preprocessing }) => preprocessing) },
    map: { ...size, ...map },
    ...made,
    model: {
      kind: kindOf(manifest),
      task,
      precision: backbone.precision ?? "float32",
      ...(picture !== undefined && { picture }),
      ...(capture !== undefined && { capture }),
    },
    parity,
    ...(sha256 !== undefined && { identity: modelIdentity(model, sha256) }),
    ...(manifest.origin === "blemish" && { calibration: manifest.calibration }),
    ...(warnings !== undefined && { warnings }),
  };
}
