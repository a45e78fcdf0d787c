/** One tensor of a checkpoint: a window on a storage's bytes, as torch's `_rebuild_tensor_v2` describes it. */
import type { ArrayType, NamedArray } from "../bundle/safetensors.js";
import { BlemishError } from "../errors.js";
import { asObject, type PickleObject, type PickleStorage, type PickleValue } from "./pickle-value.js";

/** How a storage's numbers stand in the file, and what they become. */
const STORAGES: Readonly<
  Record<string, { bytes: number; type: ArrayType; read: (view: DataView, at: number) => number }>
> = {
  "torch.FloatStorage": { bytes: 4, type: "F32", read: (view, at) => view.getFloat32(at, true) },
  "torch.DoubleStorage": { bytes: 8, type: "F32", read: (view, at) => view.getFloat64(at, true) },
  "torch.HalfStorage": { bytes: 2, type: "F32", read: (view, at) => halfOf(view.getUint16(at, true)) },
  "torch.BFloat16Storage": { bytes: 2, type: "F32", read: (view, at) => bfloatOf(view.getUint16(at, true)) },
  "torch.LongStorage": { bytes: 8, type: "I32", read: (view, at) => Number(view.getBigInt64(at, true)) },
  "torch.IntStorage": { bytes: 4, type: "I32", read: (view, at) => view.getInt32(at, true) },
  "torch.ShortStorage": { bytes: 2, type: "I32", read: (view, at) => view.getInt16(at, true) },
  "torch.CharStorage": { bytes: 1, type: "I32", read: (view, at) => view.getInt8(at) },
  "torch.ByteStorage": { bytes: 1, type: "U8", read: (view, at) => view.getUint8(at) },
  "torch.BoolStorage": { bytes: 1, type: "U8", read: (view, at) => view.getUint8(at) },
};

/** More elements than any memory here holds. */
const MOST_ELEMENTS = 2 ** 31;

/** Content of a storage by its key; undefined when the archive has none. */
export type StorageFiles = (key: string) => Uint8Array | undefined;

/**
 * The tensor that an object stands for: float32 where it holds numbers with a fraction, int32 for whole ones. Null when it stands
 * for something else.
 * @throws BlemishError MODEL_BROKEN when its bytes are not there, or it reaches beyond them.
 */
export function readTensor(object: PickleObject, files: StorageFiles, subject: string): NamedArray | null {
  if (
    object.name === "torch._utils._rebuild_parameter" ||
    object.name === "torch._utils._rebuild_parameter_with_state"
  ) {
    const [inner] = object.args;
    const tensor = asObject(inner);
    return tensor === null ? null : readTensor(tensor, files, subject);
  }
  if (object.name !== "torch._utils._rebuild_tensor_v2" && object.name !== "torch._utils._rebuild_tensor")
    return null;
  const [storage, offset, size, stride] = object.args;
  const wrong = (found: string) =>
    new BlemishError("MODEL_BROKEN", { subject, expected: "tensors inside of their storages", found });
  if (
    !isStorage(storage) ||
    !isCount(offset) ||
    !isCounts(size) ||
    !isCounts(stride) ||
    size.length !== stride.length
  )
    throw wrong("a tensor that is described in another way");
  const [, kind, key] = storage.reference;
  const kindName = isName(kind) ? kind.name : String(kind);
  const format = STORAGES[kindName];
  if (format === undefined) throw wrong(`a ${kindName}`);
  const bytes = files(String(key));
  if (bytes === undefined) throw wrong(`storage ${String(key)}, which is not there`);
  const count = size.reduce((product, side) => product * side, 1);
  const last = size.reduce((sum, side, axis) => sum + (side - 1) * (stride[axis] as number), offset);
  if (count > MOST_ELEMENTS || (count > 0 && (last + 1) * format.bytes > bytes.length))
    throw wrong(
      `element ${last} of storage ${String(key)}, which has ${Math.floor(bytes.length / format.bytes)}`,
    );
  return { type: format.type, shape: size, data: valuesOf(bytes, format, { offset, size, stride, count }) };
}

interface Window {
  readonly offset: number;
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly count: number;
}

function valuesOf(
  bytes: Uint8Array,
  { bytes: step, type, read }: (typeof STORAGES)[string],
  { offset, size, stride, count }: Window,
): NamedArray["data"] {
  const out =
    type === "F32" ? new Float32Array(count) : type === "I32" ? new Int32Array(count) : new Uint8Array(count);
  if (count === 0) return out;
  if (type === "F32" && step === 4 && isDense(size, stride)) {
    new Uint8Array(out.buffer).set(bytes.subarray(step * offset, step * (offset + count)));
    return out;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = new Array<number>(size.length).fill(0);
  let at = offset;
  for (let i = 0; i < count; i++) {
    out[i] = read(view, step * at);
    for (let axis = size.length - 1; axis >= 0; axis--) {
      at += stride[axis] as number;
      place[axis] = (place[axis] as number) + 1;
      if ((place[axis] as number) < (size[axis] as number)) break;
      at -= (stride[axis] as number) * (size[axis] as number);
      place[axis] = 0;
    }
  }
  return out;
}

/** Row-major without holes; sides of 1 may have any stride. */
function isDense(size: readonly number[], stride: readonly number[]): boolean {
  let wanted = 1;
  for (let axis = size.length - 1; axis >= 0; axis--) {
    if (size[axis] !== 1 && stride[axis] !== wanted) return false;
    wanted *= size[axis] as number;
  }
  return true;
}

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new Uint32Array(1);
const asFloat = new Float32Array(word.buffer);

/** The upper half of a float32. */
function bfloatOf(bits: number): number {
  word[0] = bits << 16;
  return asFloat[0] as number;
}

function isStorage(value: PickleValue | undefined): value is PickleStorage {
  return isRecord(value) && value.kind === "storage";
}

function isName(value: PickleValue | undefined): value is Extract<PickleValue, { kind: "name" }> {
  return isRecord(value) && value.kind === "name";
}

function isRecord(value: PickleValue | undefined): value is Extract<PickleValue, { kind: string }> {
  return typeof value === "object" && value !== null && "kind" in value;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}
