/**
 * An ONNX file as plain data: fields only. It follows `onnx.proto` (ONNX 1.16, IR version 10) for what an
 * exported network holds; documentation strings, training information, local functions, sparse tensors and the
 * per-node metadata of newer exporters are left out.
 */

/** A whole file. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  /** Operator sets the graph was written for; the standard one has the domain "". */
  readonly opsets: readonly OnnxOpset[];
  /** Free text pairs of the model, in file order. */
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
  readonly graph: OnnxGraph;
}

/** One operator set and its version. */
export interface OnnxOpset {
  readonly domain: string;
  readonly version: number;
}

/** The network, or the body of a control-flow node. */
export interface OnnxGraph {
  readonly name: string;
  /** In an order in which they can be computed. */
  readonly nodes: readonly OnnxNode[];
  /** The weights: tensors with names. */
  readonly initialisers: readonly OnnxTensor[];
  /** Up to IR version 3 the initialisers are listed here too. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Types of values in between, where the exporter wrote them. */
  readonly valueInfo: readonly OnnxValue[];
}

/** One operation. An empty name in `inputs` stands for an input that is left out. */
export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
}

/** A named constant of a node. Whole numbers are 64-bit, hence bigint. */
export type OnnxAttribute = { readonly name: string } & (
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "tensor"; readonly value: OnnxTensor }
  | { readonly type: "graph"; readonly value: OnnxGraph }
  | { readonly type: "floats"; readonly value: readonly number[] }
  | { readonly type: "ints"; readonly value: readonly bigint[] }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "tensors"; readonly value: readonly OnnxTensor[] }
  | { readonly type: "graphs"; readonly value: readonly OnnxGraph[] }
  /** Sparse tensors and type descriptions: the number of the type in `onnx.proto`; the value is not read. */
  | { readonly type: "other"; readonly value: number }
);

/** Type and shape of a value. */
export interface OnnxValue {
  readonly name: string;
  /** Code of `data-types.ts`; null for sequences, maps and other values that are no tensor. */
  readonly elementType: number | null;
  /** null where the file names no shape. */
  readonly dims: readonly OnnxDim[] | null;
}

/** A side of a shape: fixed, symbolic (any size, named), or unknown. */
export type OnnxDim = number | string | null;

/** A constant array. `dims` is empty for a scalar. */
export interface OnnxTensor {
  readonly name: string;
  /** Code of `data-types.ts`. */
  readonly dataType: number;
  readonly dims: readonly number[];
  readonly payload: TensorPayload;
}

/** Where the numbers of a tensor are. `bytes` are views into the file, never copies of weights. */
export type TensorPayload =
  /** Little-endian elements, one after another. */
  | { readonly kind: "raw"; readonly bytes: Uint8Array }
  /** In another file; `length` null = as many bytes as the shape needs. */
  | {
      readonly kind: "external";
      readonly location: string;
      readonly offset: number;
      readonly length: number | null;
    }
  /** Packed protobuf values of one of the typed fields. */
  | { readonly kind: "packed"; readonly field: PackedField; readonly bytes: Uint8Array }
  | { readonly kind: "strings"; readonly values: readonly string[] };

/** Typed tensor fields: fixed-width float and double, variable-width integers. */
export type PackedField = "float" | "int32" | "int64" | "double" | "uint64";
