/**
 * Where linear interpolation reads: for each output position of one axis the two source positions and the
 * fraction between them, as OpenCV 4 computes them. Shared by the 8-bit and the float resampler.
 */

/** Taps of one axis; each array has one entry for each output position. */
export interface LinearTaps {
  /** Source index of the lower neighbour. */
  readonly low: Int32Array;
  /** Source index of the upper neighbour: `low + 1`, or `low` at the border. */
  readonly high: Int32Array;
  /** Share of the upper neighbour, 0 ≤ fraction ≤ 1; 1 only where float32 rounds a share just below it. */
  readonly fraction: Float32Array;
}

/** The fixed-point shares of the two neighbours, 11 bits: 2048 is one. */
export interface FixedWeights {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

/** The axis of a tap table: OpenCV treats the borders of the two differently, which shows in border rows. */
export type Axis = "x" | "y";

const FIXED_ONE = 2048;

/** Source pixels for each output pixel, computed by the same two divisions as OpenCV (so 49 may become 48.99…). */
export function axisScale(source: number, target: number): number {
  return 1 / (target / source);
}

/** Taps of OpenCV's INTER_LINEAR: pixel centres are aligned, whatever the factor; nothing is averaged. */
export function linearTaps(source: number, target: number, axis: Axis): LinearTaps {
  const scale = axisScale(source, target);
  return fillTaps(source, target, axis, (index) => {
    const position = Math.fround((index + 0.5) * scale - 0.5);
    const floor = Math.floor(position);
    return { floor, fraction: position - floor };
  });
}

/** Taps of OpenCV's INTER_AREA where an axis grows: it then interpolates between the pixels' edges. */
export function areaLinearTaps(source: number, target: number, axis: Axis): LinearTaps {
  const scale = axisScale(source, target);
  const inverse = target / source;
  return fillTaps(source, target, axis, (index) => {
    const floor = Math.floor(index * scale);
    const position = Math.fround(index + 1 - (floor + 1) * inverse);
    return { floor, fraction: position <= 0 ? 0 : position - Math.floor(position) };
  });
}

/** The taps of some of the outputs, `from` to before `to`. */
export function tapsOfRows({ low, high, fraction }: LinearTaps, from: number, to: number): LinearTaps {
  return {
    low: low.subarray(from, to),
    high: high.subarray(from, to),
    fraction: fraction.subarray(from, to),
  };
}

/** 11-bit weights of the taps, each share rounded half to even on its own, so a pair may sum to 2047 or 2049. */
export function fixedWeights({ fraction }: LinearTaps): FixedWeights {
  const low = new Int32Array(fraction.length);
  const high = new Int32Array(fraction.length);
  for (let index = 0; index < fraction.length; index++) {
    const share = fraction[index];
    low[index] = roundHalfEven(Math.fround(1 - share) * FIXED_ONE);
    high[index] = roundHalfEven(share * FIXED_ONE);
  }
  return { low, high };
}

function fillTaps(
  source: number,
  target: number,
  axis: Axis,
  locate: (index: number) => { floor: number; fraction: number },
): LinearTaps {
  const low = new Int32Array(target);
  const high = new Int32Array(target);
  const fraction = new Float32Array(target);
  const last = source - 1;
  for (let index = 0; index < target; index++) {
    const at = locate(index);
    const outside = at.floor < 0 || at.floor >= last;
    low[index] = clamp(at.floor, last);
    high[index] = clamp(at.floor + 1, last);
    // Only the x axis drops the fraction outside: rows keep it and blend the border row with itself.
    fraction[index] = axis === "x" && outside ? 0 : at.fraction;
  }
  return { low, high, fraction };
}

function clamp(index: number, last: number): number {
  return Math.min(Math.max(index, 0), last);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor + (floor % 2);
  return rest > 0.5 ? floor + 1 : floor;
}
