/** The numbers of a tensor as a typed array: a view where the bytes allow one, a decoded copy otherwise. */
import { BlemishError } from "../errors.js";
import { dataTypeName, elementsOf, ONNX_TYPE, tensorBytes } from "./data-types.js";
import type { OnnxTensor, PackedField } from "./onnx-model.js";
import { openWire, readInt64 } from "./wire-format.js";

/** Numbers of a tensor, row-major. Half precision is given as float32, booleans as 0 and 1. */
export type TensorValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Files named by external tensors: location → whole content. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

type ArrayType = {
  new (buffer: ArrayBufferLike, offset: number, length: number): TensorValues;
  new (length: number): TensorValues;
  readonly BYTES_PER_ELEMENT: number;
};

const ARRAYS = new Map<number, ArrayType>([
  [ONNX_TYPE.float32, Float32Array],
  [ONNX_TYPE.float64, Float64Array],
  [ONNX_TYPE.int8, Int8Array],
  [ONNX_TYPE.uint8, Uint8Array],
  [ONNX_TYPE.bool, Uint8Array],
  [ONNX_TYPE.int16, Int16Array],
  [ONNX_TYPE.uint16, Uint16Array],
  [ONNX_TYPE.float16, Uint16Array],
  [ONNX_TYPE.bfloat16, Uint16Array],
  [ONNX_TYPE.int32, Int32Array],
  [ONNX_TYPE.uint32, Uint32Array],
  [ONNX_TYPE.int64, BigInt64Array],
  [ONNX_TYPE.uint64, BigUint64Array],
]);

/**
 * The values of a tensor, `elementsOf(dims)` of them; null for types that hold no plain numbers (text, complex,
 * 4-bit and 8-bit floats) and for an external tensor whose file is not in `files`.
 *
 * @throws BlemishError MODEL_DATA_MISSING when the external file is too short, MODEL_BROKEN when a packed list
 * does not hold as many values as the shape says.
 */
export function tensorValues(
  tensor: OnnxTensor,
  files?: ExternalFiles,
  subject = "the model",
): TensorValues | null {
  const { payload, dataType, dims } = tensor;
  const type = ARRAYS.get(dataType);
  if (type === undefined || payload.kind === "strings") return null;
  const count = elementsOf(dims);
  if (payload.kind === "packed") {
    const values = unpacked(tensor, payload.field, payload.bytes, type, subject);
    return widened(values, dataType);
  }
  const bytes = payload.kind === "raw" ? payload.bytes : externalBytes(tensor, files, subject);
  if (bytes === null) return null;
  if (bytes.length !== count * type.BYTES_PER_ELEMENT) throw wrongCount(tensor, subject);
  return widened(viewed(bytes, count, type), dataType);
}

/**
 * The bytes of a float32 tensor where they are, aligned or not: for weights that are too large to be copied. null for
 * other types and for an external tensor whose file is not in `files`.
 *
 * @throws BlemishError as `tensorValues`.
 */
export function floatBytes(
  tensor: OnnxTensor,
  files?: ExternalFiles,
  subject = "the model",
): Uint8Array | null {
  const { payload, dataType, dims } = tensor;
  if (dataType !== ONNX_TYPE.float32 || payload.kind === "strings") return null;
  const bytes = payload.kind === "external" ? externalBytes(tensor, files, subject) : payload.bytes;
  const isList = payload.kind === "packed" && payload.field !== "float";
  if (isList || (bytes !== null && bytes.length !== 4 * elementsOf(dims))) throw wrongCount(tensor, subject);
  return bytes;
}

function externalBytes(
  tensor: OnnxTensor,
  files: ExternalFiles | undefined,
  subject: string,
): Uint8Array | null {
  if (tensor.payload.kind !== "external") return null;
  const { location, offset, length } = tensor.payload;
  const file = files?.get(location);
  if (file === undefined) return null;
  const end = offset + (length ?? tensorBytes(tensor.dataType, tensor.dims) ?? 0);
  if (end <= file.length) return file.subarray(offset, end);
  throw new BlemishError("MODEL_DATA_MISSING", {
    subject,
    expected: `${end} bytes in ${location}`,
    found: `${file.length}`,
  });
}

function viewed(bytes: Uint8Array, count: number, type: ArrayType): TensorValues {
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0;
  // Node's Buffer is a Uint8Array whose `slice` shares its memory, so it would stay where it is.
  const source = aligned ? bytes : new Uint8Array(bytes);
  return new type(source.buffer, source.byteOffset, count);
}

/** Decodes a typed list field: fixed-width floats, or varints of any integer type. */
function unpacked(
  tensor: OnnxTensor,
  field: PackedField,
  bytes: Uint8Array,
  type: ArrayType,
  subject: string,
): TensorValues {
  const count = elementsOf(tensor.dims);
  if (field === "float" || field === "double") {
    const fits = field === "float" ? type === Float32Array : type === Float64Array;
    if (!fits || bytes.length !== count * type.BYTES_PER_ELEMENT) throw wrongCount(tensor, subject);
    return viewed(bytes, count, type);
  }
  // Each varint takes a byte at least, so the array is at most eight times the bytes that are there.
  if (bytes.length < count) throw wrongCount(tensor, subject);
  const values = new type(count);
  const cursor = openWire(bytes, subject);
  const wide = values instanceof BigInt64Array || values instanceof BigUint64Array;
  for (let index = 0; index < count; index++) {
    if (cursor.position >= cursor.end) throw wrongCount(tensor, subject);
    const value = readInt64(cursor);
    if (wide) values[index] = value;
    else (values as Int32Array)[index] = Number(value);
  }
  if (cursor.position !== cursor.end) throw wrongCount(tensor, subject);
  return values;
}

function wrongCount(tensor: OnnxTensor, subject: string): BlemishError {
  const type = dataTypeName(tensor.dataType);
  return new BlemishError("MODEL_BROKEN", {
    subject,
    expected: `${type} values for [${tensor.dims.join(", ")}] in tensor ${tensor.name}`,
    found: "another number of them",
  });
}

/** Half-precision bit patterns as float32; everything else unchanged. */
function widened(values: TensorValues, dataType: number): TensorValues {
  if (dataType === ONNX_TYPE.float16) return Float32Array.from(values as Uint16Array, halfToFloat);
  if (dataType !== ONNX_TYPE.bfloat16) return values;
  const bits = Uint32Array.from(values as Uint16Array, (half) => half * 65536);
  return new Float32Array(bits.buffer);
}

/** An IEEE 754 binary16 bit pattern as a number. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
