/** The element types of ONNX tensors (`TensorProto.DataType`): names and sizes. */

interface DataType {
  readonly name: string;
  /** Bits of one element; 0 where elements have no fixed size. */
  readonly bits: number;
}

const DATA_TYPES: readonly (DataType | null)[] = [
  null,
  { name: "float32", bits: 32 },
  { name: "uint8", bits: 8 },
  { name: "int8", bits: 8 },
  { name: "uint16", bits: 16 },
  { name: "int16", bits: 16 },
  { name: "int32", bits: 32 },
  { name: "int64", bits: 64 },
  { name: "string", bits: 0 },
  { name: "bool", bits: 8 },
  { name: "float16", bits: 16 },
  { name: "float64", bits: 64 },
  { name: "uint32", bits: 32 },
  { name: "uint64", bits: 64 },
  { name: "complex64", bits: 64 },
  { name: "complex128", bits: 128 },
  { name: "bfloat16", bits: 16 },
  { name: "float8e4m3fn", bits: 8 },
  { name: "float8e4m3fnuz", bits: 8 },
  { name: "float8e5m2", bits: 8 },
  { name: "float8e5m2fnuz", bits: 8 },
  { name: "uint4", bits: 4 },
  { name: "int4", bits: 4 },
];

/** Element type codes that the code asks for by name. */
export const ONNX_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;

/** Name of an element type as NumPy spells it; `type <code>` for one that is not known. */
export function dataTypeName(code: number | null): string {
  if (code === null) return "not a tensor";
  return DATA_TYPES[code]?.name ?? `type ${code}`;
}

/**
 * Bytes that a tensor of a shape takes; null where the type has no fixed size or is not known, and Infinity
 * for a shape beyond any file.
 */
export function tensorBytes(dataType: number, dims: readonly number[]): number | null {
  const bits = DATA_TYPES[dataType]?.bits ?? 0;
  return bits === 0 ? null : Math.ceil((elementsOf(dims) * bits) / 8);
}

/** Number of elements of a tensor's shape: 1 for a scalar, Infinity beyond 2⁵³. */
export function elementsOf(dims: readonly number[]): number {
  if (dims.includes(0)) return 0;
  const count = dims.reduce((product, side) => product * side, 1);
  return Number.isSafeInteger(count) ? count : Number.POSITIVE_INFINITY;
}
