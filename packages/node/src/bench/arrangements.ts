/** How a model is opened for one picture at a time, and how for many at once. */
import type { OpenOptions } from "../model/open.js";

/** Options of `open` for either use; the same object where they do not differ. */
export interface Arrangements {
  /** For the quickest single answer. */
  readonly alone: OpenOptions;
  /** For the most pictures a second. */
  readonly together: OpenOptions;
}

/**
 * A setting that names neither mode nor workers is measured as it is best used: in mode `latency` for one picture, in mode
 * `throughput` for many. Any other is measured as it is, for both.
 */
export function arrangementsOf(setting: OpenOptions, cores: number): Arrangements {
  const { mode, workers } = setting;
  if (mode !== undefined || workers !== undefined) return { alone: setting, together: setting };
  const alone = { ...setting, mode: "latency" } as const;
  return { alone, together: cores === 1 ? alone : { ...setting, mode: "throughput" } };
}
