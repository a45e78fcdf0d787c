import { describe, expect, it } from "vitest";
import { adaptiveThreshold } from "../metrics/ranking.js";
import { seededRandom } from "../random.js";
import type { FloatMap, Mask } from "../stages/image/image.js";
import { adaptiveCalibrator } from "./adaptive-calibrator.js";

const random = seededRandom(8);
const map = (shift: number): FloatMap => ({
  width: 6,
  height: 5,
  data: Float32Array.from({ length: 30 }, (_, i) => 1 + random.next() + (i < 10 ? shift : 0)),
});
const mask: Mask = {
  width: 6,
  height: 5,
  channels: 1,
  data: Uint8Array.from({ length: 30 }, (_, i) => (i < 10 ? 1 : 0)),
};
const good = { label: "good", mask: null } as const;
const bad = { label: "anomalous" } as const;

/** The best F1 by trying every value as a threshold; the lowest of equally good ones. */
function bestByTrying(values: readonly { value: number; truth: boolean }[]): number {
  const f1 = (threshold: number) => {
    const found = values.filter(({ value, truth }) => truth && value >= threshold).length;
    const alarms = values.filter(({ value, truth }) => !truth && value >= threshold).length;
    return (2 * found) / (values.filter(({ truth }) => truth).length + found + alarms);
  };
  const thresholds = [...new Set(values.map(({ value }) => value))].sort((a, b) => a - b);
  const best = Math.max(...thresholds.map(f1));
  return thresholds.find((threshold) => f1(threshold) === best) as number;
}

describe("adaptiveCalibrator", () => {
  const pictures = [
    { ...good, score: 2, map: map(0) },
    { ...good, score: 3.5, map: map(0.5) },
    { ...bad, score: 3, map: map(0.7), mask },
    { ...bad, score: 5, map: map(2), mask },
  ];

  it("finds Anomalib's image threshold, the best pixel threshold, and the range of all maps", () => {
    const calibrator = adaptiveCalibrator();
    for (const picture of pictures) calibrator.add(picture);
    const { imageThreshold, pixelThreshold, min, max } = calibrator.result();
    expect(imageThreshold).toBe(adaptiveThreshold({ good: [2, 3.5], anomalous: [3, 5] }));
    const values = pictures.flatMap(({ map, label }) =>
      [...map.data].map((value, i) => ({ value, truth: label === "anomalous" && mask.data[i] === 1 })),
    );
    const best = bestByTrying(values);
    expect(Math.abs(pixelThreshold / best - 1)).toBeLessThan(1e-4);
    const all = values.map(({ value }) => value);
    expect([min, max]).toEqual([Math.min(...all), Math.max(...all)]);
  });

  it("takes the image threshold for pixels without masks, and the range of scores without maps", () => {
    const calibrator = adaptiveCalibrator();
    calibrator.add({ ...good, score: 1, map: null });
    calibrator.add({ ...bad, score: 4, map: null, mask: null });
    expect(calibrator.result()).toEqual({ imageThreshold: 4, pixelThreshold: 4, min: 1, max: 4 });
  });

  it("needs both labels", () => {
    for (const label of ["good", "anomalous"] as const) {
      const calibrator = adaptiveCalibrator();
      calibrator.add({ label, score: 1, map: null, mask: null });
      expect(() => calibrator.result()).toThrow(expect.objectContaining({ code: "MODEL_STATISTICS" }));
    }
  });
});
