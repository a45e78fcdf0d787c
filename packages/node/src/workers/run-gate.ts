/**
 * Keeps a process from ending while a worker is inside native code: ONNX Runtime aborts the whole process
 * (exit 134) when its thread is torn down in the middle of a load or a run. Two shared integers are enough.
 */

/** Shared between a worker and the thread that started it: [work is under way, no more work may begin]. */
export type RunGate = Int32Array<SharedArrayBuffer>;

const BUSY = 0;
const SHUT = 1;

/** Longest wait for one run when the process ends, ms. */
const PATIENCE = 10_000;

/** An open gate. */
export function createRunGate(): RunGate {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/**
 * Does `work` while the gate is open; one piece of work at a time. Behind a shut gate nothing begins and the
 * promise stays pending, because the thread is about to end.
 */
export async function passGate<T>(gate: RunGate, work: () => Promise<T>): Promise<T> {
  Atomics.store(gate, BUSY, 1);
  try {
    // Order matters: busy is raised before shut is read, and shutGate does the reverse, so one of them sees the other.
    if (Atomics.load(gate, SHUT) === 1) return new Promise<never>(() => {});
    return await work();
  } finally {
    leave(gate);
  }
}

/** Shuts the gate for good and blocks until the work under way has left it. */
export function shutGate(gate: RunGate): void {
  Atomics.store(gate, SHUT, 1);
  Atomics.wait(gate, BUSY, 1, PATIENCE);
}

function leave(gate: RunGate): void {
  Atomics.store(gate, BUSY, 0);
  Atomics.notify(gate, BUSY);
}
