/**
 * Who used the time of a thread in which several pictures are under way. Only one of them can have the thread, so
 * what one does is not counted for the others that merely wait meanwhile.
 */

/** Times the pictures of one thread. */
export interface StageClock {
  /**
   * Runs something that waits for others, the disk or a decoder in its own thread, and may keep the thread itself from
   * the call until its first `await`.
   * @returns its value and its milliseconds: without the runs of the network, and without what other work did at once.
   */
  readonly time: <T>(work: () => Promise<T>) => Promise<readonly [T, number]>;
  /** Runs the network's turn of one picture; the clocks of all others stand still. */
  readonly hold: <T>(work: () => Promise<T>) => Promise<T>;
  /** Milliseconds for what runs inside {@link hold}: without what other work did at once. */
  readonly now: () => number;
}

/** A clock for one thread. @param wall milliseconds of a steady clock. */
export function stageClock(wall: () => number = () => performance.now()): StageClock {
  let atOnce = 0;
  let held = 0;
  const now = () => wall() - atOnce;
  const nowOutside = () => now() - held;
  return {
    now,
    async time(work) {
      const begin = wall();
      const promise = work();
      const own = wall() - begin;
      atOnce += own;
      const start = nowOutside();
      const value = await promise;
      // Work that ended in the short time before a run gets its hold of the thread is let off.
      return [value, own + Math.max(0, nowOutside() - start)];
    },
    async hold(work) {
      const start = now();
      try {
        return await work();
      } finally {
        held += now() - start;
      }
    },
  };
}
