/** One turn of a model in a measurement: some pictures one by one, or many at once. */
import type { ImageSource } from "../images/read-image.js";
import type { Model } from "../model/model.js";
import type { StageTimings } from "../model/results.js";

/** One picture that was judged alone. */
export interface Lap {
  /** From the file to the decision by the caller's clock: handing over to the worker and back is in it. */
  readonly ms: number;
  /** The stages in the worker; `pictures` and `encode` are those of a heat map as a PNG file, which `ms` is without. */
  readonly timings: StageTimings;
}

/** Many pictures that were judged at once. */
export interface Run {
  readonly perSecond: number;
  /** Processor time of a picture in milliseconds, all threads of the process together. */
  readonly cpuMs: number;
}

/**
 * Judges the files one by one, each once for its decision and once for its heat map.
 * @throws BlemishError when a picture cannot be judged, CANCELLED.
 */
export async function measureAlone(
  model: Model,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Lap[]> {
  const options = { maps: false, validity: false, ...(signal && { signal }) } as const;
  const laps: Lap[] = [];
  for (const file of files) {
    const asked = performance.now();
    const { timings } = await model.predict(file, options);
    const ms = performance.now() - asked;
    const drawn = await model.predict(file, { ...options, encode: { heatMap: true } });
    const { pictures, encode } = drawn.timings;
    laps.push({ ms, timings: { ...timings, pictures, encode } });
  }
  return laps;
}

/**
 * Judges the sources as many at a time as the model takes.
 * @throws BlemishError when a picture cannot be judged, CANCELLED.
 */
export async function measureTogether(
  model: Model,
  sources: readonly ImageSource[],
  signal: AbortSignal | undefined,
): Promise<Run> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const results = model.predictMany(sources, { maps: false, validity: false, ...(signal && { signal }) });
  for await (const { error } of results) if (error) throw error;
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: (1000 * sources.length) / ms,
    cpuMs: (user + system) / 1000 / sources.length,
  };
}
