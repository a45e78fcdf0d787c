/**
 * How long fuzz tests run. The default keeps `npm test` fast; `BLEMISH_FUZZ=20` runs every fuzz test twenty
 * times as long, for a night or a release.
 */

/**
 * Number of cases of one fuzz test: `base` times the factor in the environment variable `BLEMISH_FUZZ`
 * (1 when unset), at least 1.
 *
 * @throws Error when the variable is set to something that is not a number above 0.
 */
export function fuzzRuns(base: number): number {
  const text = process.env.BLEMISH_FUZZ;
  if (text === undefined || text === "") return base;
  const factor = Number(text);
  if (!Number.isFinite(factor) || factor <= 0)
    throw new Error(`BLEMISH_FUZZ must be a number above 0, not ${text}`);
  return Math.max(1, Math.round(base * factor));
}

/** Time limit of one fuzz test in milliseconds: a minute times the factor. */
export const FUZZ_TIMEOUT = Math.max(60_000, fuzzRuns(60_000));

/**
 * Runs code on hostile input: gives its result, or the code of the BlemishError it threw. Any other error (a
 * crash) is thrown on.
 */
export function resultOrCode<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && error.name === "BlemishError" && "code" in error) return String(error.code);
    throw error;
  }
}
