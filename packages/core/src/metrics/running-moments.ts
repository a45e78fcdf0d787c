/** Mean and deviation of numbers that come one after another (Welford's method): nothing is kept. */

/** Moments of all numbers so far. */
export interface RunningMoments {
  add(values: Float32Array): void;
  /** 0 of none. */
  readonly mean: number;
  /** √(Σ (x − mean)² / N); 0 for fewer than two numbers. */
  readonly deviation: number;
}

/** Starts with none. */
export function runningMoments(): RunningMoments {
  let [count, mean, squares] = [0, 0, 0];
  return {
    add(values) {
      for (let i = 0; i < values.length; i++) {
        const before = values[i] - mean;
        mean += before / ++count;
        squares += before * (values[i] - mean);
      }
    },
    get mean() {
      return mean;
    },
    get deviation() {
      return count < 2 ? 0 : Math.sqrt(squares / count);
    },
  };
}
