/** The smallest queue there is. */

/**
 * Runs the tasks it is given in the order in which they come, at most `width` at a time. A task that fails stops
 * nobody.
 */
export function createLane(width = 1): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = width;
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      // The place goes to the next in line, and is free only when there is none.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
