/** Brings weights that stand in other files into the network, so that a backbone is one file. */
import { BlemishError } from "../errors.js";
import { tensorBytes } from "../onnx/data-types.js";
import type { OnnxModel, OnnxTensor } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";

/**
 * The same network with the external initialisers of its main graph as views into the files given.
 * @param files location → whole content, for every file that the network names.
 * @throws BlemishError MODEL_DATA_MISSING for a file that is missing or too short.
 */
export function inlineWeights(model: OnnxModel, files: ExternalFiles, subject: string): OnnxModel {
  const initialisers = model.graph.initialisers.map((tensor) => inlined(tensor, files, subject));
  return { ...model, graph: { ...model.graph, initialisers } };
}

function inlined(tensor: OnnxTensor, files: ExternalFiles, subject: string): OnnxTensor {
  const { payload, dataType, dims } = tensor;
  if (payload.kind !== "external") return tensor;
  const { location, offset } = payload;
  const length = payload.length ?? tensorBytes(dataType, dims) ?? 0;
  const file = files.get(location);
  if (file !== undefined && offset + length <= file.length)
    return { ...tensor, payload: { kind: "raw", bytes: file.subarray(offset, offset + length) } };
  throw new BlemishError("MODEL_DATA_MISSING", {
    subject,
    expected: `${offset + length} bytes in ${location}`,
    found: file === undefined ? "no such file" : `${file.length}`,
  });
}
