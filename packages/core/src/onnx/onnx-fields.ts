/** Tags of the fields of `onnx.proto` that are read and written: the one place that knows the numbers. */
import { delimited, fixed32, varint } from "./wire-format.js";

/** ModelProto. */
export const MODEL = {
  irVersion: varint(1),
  producerName: delimited(2),
  producerVersion: delimited(3),
  graph: delimited(7),
  opset: delimited(8),
  metadata: delimited(14),
} as const;

/** OperatorSetIdProto. */
export const OPSET = { domain: delimited(1), version: varint(2) } as const;

/** StringStringEntryProto: metadata and external data. */
export const ENTRY = { key: delimited(1), value: delimited(2) } as const;

/** GraphProto. */
export const GRAPH = {
  node: delimited(1),
  name: delimited(2),
  initialiser: delimited(5),
  input: delimited(11),
  output: delimited(12),
  valueInfo: delimited(13),
} as const;

/** NodeProto. */
export const NODE = {
  input: delimited(1),
  output: delimited(2),
  name: delimited(3),
  opType: delimited(4),
  attribute: delimited(5),
  domain: delimited(7),
} as const;

/** AttributeProto. Lists of numbers may come packed or one by one. */
export const ATTRIBUTE = {
  name: delimited(1),
  float: fixed32(2),
  int: varint(3),
  string: delimited(4),
  tensor: delimited(5),
  graph: delimited(6),
  floats: fixed32(7),
  floatsPacked: delimited(7),
  ints: varint(8),
  intsPacked: delimited(8),
  strings: delimited(9),
  tensors: delimited(10),
  graphs: delimited(11),
  type: varint(20),
} as const;

/** AttributeProto.AttributeType, by the names of `OnnxAttribute`. */
export const ATTRIBUTE_TYPE = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
} as const;

/** TensorProto. */
export const TENSOR = {
  dims: varint(1),
  dimsPacked: delimited(1),
  dataType: varint(2),
  name: delimited(8),
  raw: delimited(9),
  strings: delimited(6),
  external: delimited(13),
  dataLocation: varint(14),
} as const;

/** Field numbers of TensorProto's typed lists. */
export const TENSOR_LIST = { float: 4, int32: 5, int64: 7, double: 10, uint64: 11 } as const;

/** ValueInfoProto, and the messages nested in it. */
export const VALUE = { name: delimited(1), type: delimited(2) } as const;
/** TypeProto. */
export const TYPE = { tensor: delimited(1) } as const;
/** TypeProto.Tensor. */
export const TENSOR_TYPE = { elementType: varint(1), shape: delimited(2) } as const;
/** TensorShapeProto. */
export const SHAPE = { dim: delimited(1) } as const;
/** TensorShapeProto.Dimension. */
export const DIM = { value: varint(1), param: delimited(2) } as const;
