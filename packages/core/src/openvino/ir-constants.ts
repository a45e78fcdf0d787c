/** Constants of an IR: ranges of `model.bin` as tensors of ONNX. */
import { BlemishError } from "../errors.js";
import { elementsOf, ONNX_TYPE } from "../onnx/data-types.js";
import type { OnnxTensor } from "../onnx/onnx-model.js";
import { tensorValues } from "../onnx/tensor-values.js";
import type { IrLayer } from "./ir-graph.js";

/** Element types: as layers spell them, their bytes, and what they become. Unsigned indices fit in int64. */
const TYPES: Readonly<Record<string, { readonly bytes: number; readonly type: number }>> = {
  f32: { bytes: 4, type: ONNX_TYPE.float32 },
  f16: { bytes: 2, type: ONNX_TYPE.float32 },
  f64: { bytes: 8, type: ONNX_TYPE.float64 },
  i64: { bytes: 8, type: ONNX_TYPE.int64 },
  u64: { bytes: 8, type: ONNX_TYPE.int64 },
  i32: { bytes: 4, type: ONNX_TYPE.int32 },
  i8: { bytes: 1, type: ONNX_TYPE.int8 },
  u8: { bytes: 1, type: ONNX_TYPE.uint8 },
  boolean: { bytes: 1, type: ONNX_TYPE.bool },
};

/** Code of an element type as layers spell it; null for one that is not known. Half floats become float32. */
export function onnxTypeOf(elementType: string): number | null {
  return Object.hasOwn(TYPES, elementType) ? (TYPES[elementType]?.type ?? null) : null;
}

/**
 * The tensor of a Const layer: a view into the file, or a copy in float32 where it has half floats.
 * @param weights content of `model.bin`.
 * @throws BlemishError MODEL_UNSUPPORTED for an element type that is not known, MODEL_BROKEN for a range that is not in the file or
 *   does not fit the shape.
 */
export function constantTensor(
  layer: IrLayer,
  weights: Uint8Array,
  name: string,
  subject: string,
): OnnxTensor {
  const { element_type: elementType = "", shape = "", offset = "", size = "" } = layer.attributes;
  const known = Object.hasOwn(TYPES, elementType) ? TYPES[elementType] : undefined;
  if (known === undefined)
    throw new BlemishError("MODEL_UNSUPPORTED", {
      subject,
      expected: `constants of ${Object.keys(TYPES).join(", ")}`,
      found: `${elementType || "none"} in ${layer.name}`,
    });
  const dims = shape.trim() === "" ? [] : shape.split(",").map(Number);
  const [start, length] = [Number(offset), Number(size)];
  const wanted = elementsOf(dims) * known.bytes;
  const whole = [start, length, ...dims].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!whole || offset === "" || length !== wanted || start + length > weights.length)
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: `${wanted} bytes of ${layer.name} in a model.bin of ${weights.length} bytes`,
      found: `${size || "no"} bytes at ${offset || "no place"}`,
    });
  const bytes = weights.subarray(start, start + length);
  const content = elementType === "f16" ? floatsOfHalves(dims, bytes) : bytes;
  return { name, dataType: known.type, dims, payload: { kind: "raw", bytes: content } };
}

/** Half floats as float32. */
function floatsOfHalves(dims: readonly number[], bytes: Uint8Array): Uint8Array {
  const halves = { name: "", dataType: ONNX_TYPE.float16, dims, payload: { kind: "raw", bytes } } as const;
  return new Uint8Array((tensorValues(halves) as Float32Array).buffer);
}
