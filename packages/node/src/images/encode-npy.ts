/** NumPy's .npy file of one map, so that Python tools can load what Blemish computed. */
import type { FloatMap } from "@blemish/core";

/** Version 1.0, little-endian float32, C order, shape (height, width); the numbers begin at a multiple of 64 bytes. */
export function encodeNpy(map: FloatMap): Uint8Array {
  const { width, height, data } = map;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${height}, ${width}), }`;
  const before = 10;
  const start = Math.ceil((before + text.length + 1) / 64) * 64;
  const file = new Uint8Array(start + 4 * data.length);
  const view = new DataView(file.buffer);
  file.set(Buffer.from("\x93NUMPY\x01\x00", "latin1"));
  view.setUint16(8, start - before, true);
  file.set(Buffer.from(`${text.padEnd(start - before - 1)}\n`, "latin1"), before);
  for (let i = 0; i < data.length; i++) view.setFloat32(start + 4 * i, data[i]!, true);
  return file;
}
