/** One after the other: the smallest queue there is. */

/** Runs the tasks it is given one at a time, in the order in which they come. A task that fails stops nobody. */
export function createLane(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => {});
    return run;
  };
}
