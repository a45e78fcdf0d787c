/** Reads NumPy's .npy files (version 1, C order) that hold reference numbers. */
import { readFileSync } from "node:fs";

const ARRAYS = {
  "<f4": Float32Array,
  "<f8": Float64Array,
  "<i8": BigInt64Array,
  "<i4": Int32Array,
  "|u1": Uint8Array,
  "|b1": Uint8Array,
} as const;

/** The array's values and shape. */
export function readNpy(path: string) {
  const file = readFileSync(path);
  const headerLength = file.readUInt16LE(8);
  const header = file.toString("latin1", 10, 10 + headerLength);
  const type = /'descr': '([^']+)'/.exec(header)?.[1] as keyof typeof ARRAYS;
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .filter((s) => s.trim() !== "")
    .map(Number);
  const bytes = new Uint8Array(file.subarray(10 + headerLength));
  const Type = ARRAYS[type];
  return { shape, data: new Type(bytes.buffer, 0, bytes.length / Type.BYTES_PER_ELEMENT) };
}

/** A float32 .npy file. */
export function readFloatNpy(path: string): { shape: number[]; data: Float32Array } {
  const { shape, data } = readNpy(path);
  if (!(data instanceof Float32Array)) throw new Error(`${path} is not float32`);
  return { shape, data };
}
