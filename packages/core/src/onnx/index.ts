/** Public names for ONNX files. */
export { dataTypeName } from "./data-types.js";
export { type ExternalFile, externalDataFiles } from "./external-data.js";
export { type Externalised, externalise, weightBytes } from "./externalise.js";
export { type GraphIndex, indexGraph } from "./graph-index.js";
export type {
  OnnxAttribute,
  OnnxDim,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxOpset,
  OnnxTensor,
  OnnxValue,
  PackedField,
  TensorPayload,
} from "./onnx-model.js";
export { readOnnx } from "./read-onnx.js";
export { type ExternalFiles, type TensorValues, tensorValues } from "./tensor-values.js";
export { writeOnnx } from "./write-onnx.js";
