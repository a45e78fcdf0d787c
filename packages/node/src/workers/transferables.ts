/** Which memory of a result moves to the main thread instead of being copied. */
import * as threads from "node:worker_threads";

/** Memory that native code handed out cannot be moved: Node 20 copies it by itself, later ones throw unless asked. */
const { isMarkedAsUntransferable = () => false } = threads as {
  readonly isMarkedAsUntransferable?: (buffer: ArrayBuffer) => boolean;
};

/**
 * Every buffer that belongs wholly to one of the typed arrays in `value`, once each; objects are followed, class
 * instances and arrays of plain values are not. A view of a larger buffer is left to be copied, because somebody
 * else may own the rest.
 */
export function transferables(value: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return;
    if (!ArrayBuffer.isView(part)) {
      for (const inner of Object.values(part)) visit(inner);
      return;
    }
    const { buffer, byteLength } = part;
    const whole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    if (whole && !isMarkedAsUntransferable(buffer)) buffers.add(buffer);
  };
  visit(value);
  return [...buffers];
}
