/** Numbers as people read them: rates as "5 of 100", intervals, counts. The same in every locale. */
import type { Interval } from "@blemish/core";

/** What stands for a figure that cannot be computed. */
export const NO_FIGURE = "–";

/** Which way a shown number may differ from the exact one: a guarantee must not shrink, a lower end not grow. */
type Rounding = "near" | "up" | "down";

/**
 * A rate 0–1 in parts, with two digits: "5 of 100", "4.8 of 100", "3 of 1,000". Zero is "0 of 100".
 * @param rounding "up" never tells less than the rate.
 */
export function ofHundred(rate: number, rounding: Rounding = "near"): string {
  if (!Number.isFinite(rate)) return NO_FIGURE;
  const total = rate >= 0.00995 || rate === 0 ? 100 : rate >= 0.000995 ? 1000 : 10_000;
  return `${rounded(rate * total, rounding)} of ${grouped(total)}`;
}

/** A rate 0–1 as a percentage with two digits, such as "3.2 %". */
export function percent(rate: number | null, rounding: Rounding = "near"): string {
  if (rate === null || !Number.isFinite(rate)) return NO_FIGURE;
  return `${rounded(rate * 100, rounding)} %`;
}

/** Both ends of an interval of rates, rounded outwards: "0.4 to 11 %", or another word for "to". */
export function percentRange(
  interval: Interval | readonly [number | null, number | null],
  word = "to",
): string {
  const [low, high] = interval;
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return NO_FIGURE;
  return `${rounded(low * 100, "down")} ${word} ${rounded(high * 100, "up")} %`;
}

/** A figure 0–1 such as an AUROC with three digits after the point; only exactly 1 is shown as 1.000. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NO_FIGURE;
  // A sum that misses 1 by rounding is 1.
  return value < 1 - 1e-9 && value >= 0.9995 ? "0.999" : value.toFixed(3);
}

/** A raw score or threshold with five digits. */
export function scoreText(score: number | null): string {
  return score === null || !Number.isFinite(score) ? NO_FIGURE : String(Number(score.toPrecision(5)));
}

/** "1 picture", "20 pictures", "1,000 pictures". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Digits in groups of three. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Seconds as "0.4 s", "12 s", "3 min 5 s". */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Two digits, and all digits before the point. The small allowance keeps 7.000000001 from becoming 7.1. */
function rounded(value: number, rounding: Rounding): string {
  if (value === 0) return "0";
  const step = 10 ** Math.min(0, Math.floor(Math.log10(Math.abs(value))) - 1);
  const steps = value / step;
  const whole =
    rounding === "up"
      ? Math.ceil(steps - 1e-6)
      : rounding === "down"
        ? Math.floor(steps + 1e-6)
        : Math.round(steps);
  return String(Number((whole * step).toPrecision(12)));
}
