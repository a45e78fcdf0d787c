/** Telling files apart by how they begin, whatever they are called. */
import { open } from "node:fs/promises";

/** The first bytes of a file, fewer where it is shorter; none for what is no file that can be read. */
export async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  const file = await open(path).catch(() => null);
  if (file === null) return new Uint8Array(0);
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return new Uint8Array(0);
  } finally {
    await file.close();
  }
}
