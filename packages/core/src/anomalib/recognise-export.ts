/** Recognises whichever of the methods an exported graph is that our own kernels can stand in for. */
import { indexGraph } from "../onnx/graph-index.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import { refusal } from "./graph-walk.js";
import { modelKind } from "./model-kind.js";
import { type RecognisedPadim, recognisePadim } from "./recognise-padim.js";
import { type RecognisedPatchcore, recognisePatchcore } from "./recognise-patchcore.js";
import { type NotRecognised, recognised } from "./recognition.js";

/** A graph that was taken to pieces. */
export type RecognisedExport =
  | { readonly kind: "padim"; readonly found: RecognisedPadim }
  | { readonly kind: "patchcore"; readonly found: RecognisedPatchcore };

/**
 * Takes a PaDiM or PatchCore graph to pieces; of others, and of those that differ from what Anomalib exports, says why not.
 * @param files external weights: location → whole content.
 * @throws BlemishError MODEL_BROKEN or MODEL_DATA_MISSING for weights of the wrong length.
 */
export function recogniseExport(model: OnnxModel, files?: ExternalFiles): RecognisedExport | NotRecognised {
  const kind = modelKind(indexGraph(model.graph));
  if (kind === "padim") {
    const found = recognisePadim(model, files);
    return found.recognised ? { kind, found } : found;
  }
  if (kind === "patchcore") {
    const found = recognisePatchcore(model, files);
    return found.recognised ? { kind, found } : found;
  }
  return recognised(() => {
    throw refusal("a PaDiM or PatchCore graph", kind === "unknown" ? "another method" : kind);
  });
}
