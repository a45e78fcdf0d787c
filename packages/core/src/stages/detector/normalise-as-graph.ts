/**
 * What a graph that Anomalib 2.x exported does after its raw map: normalisation and decision. The fast engine ends
 * before them, so it does them here, in float32 and in the graph's order, to the same bits.
 */
import type { FloatMap, Mask } from "../image/image.js";
import type { Detection } from "./detector.js";

/** Threshold and range that an Anomalib 2.x graph normalises with: (v − threshold) / range + 0.5, cut to 0–1. */
export interface GraphNormaliser {
  readonly image: { readonly threshold: number; readonly range: number };
  readonly pixel: { readonly threshold: number; readonly range: number };
}

/** Normalised values above which a graph says "anomalous". */
export interface GraphDecisions {
  readonly image: number;
  /** null where the graph gives no mask. */
  readonly pixel: number | null;
}

/**
 * The outputs of an Anomalib 2.x graph from its raw map `[h, w]` and score: normalised map, score and label (strictly
 * above), mask. The raw map is kept as it is.
 * Source: Anomalib 2.7 `PostProcessor`, as its export computes it (float32; Sub, Div, Add, Clip, Greater).
 */
export function normaliseAsGraph(
  raw: { readonly map: FloatMap; readonly score: number },
  normaliser: GraphNormaliser,
  decisions: GraphDecisions,
): Detection {
  const { width, height, data } = raw.map;
  const score = normaliseOne(
    raw.score,
    Math.fround(normaliser.image.threshold),
    Math.fround(normaliser.image.range),
  );
  const values = new Float32Array(data.length);
  const threshold = Math.fround(normaliser.pixel.threshold);
  const range = Math.fround(normaliser.pixel.range);
  for (let i = 0; i < values.length; i++) values[i] = normaliseOne(data[i]!, threshold, range);
  return {
    map: { width, height, data: values },
    score,
    label: score > Math.fround(decisions.image),
    mask: decisions.pixel === null ? null : maskAbove({ width, height, data: values }, decisions.pixel),
    normalised: true,
  };
}

/** Every step rounded to float32; NaN stays NaN, so that it is noticed. */
function normaliseOne(value: number, threshold: number, range: number): number {
  const scaled = Math.fround(Math.fround(Math.fround(value) - threshold) / range);
  const moved = Math.fround(scaled + 0.5);
  return moved < 0 ? 0 : moved > 1 ? 1 : moved;
}

function maskAbove({ width, height, data }: FloatMap, decision: number): Mask {
  const limit = Math.fround(decision);
  const bits = new Uint8Array(data.length);
  for (let i = 0; i < bits.length; i++) bits[i] = data[i]! > limit ? 1 : 0;
  return { width, height, channels: 1, data: bits };
}
