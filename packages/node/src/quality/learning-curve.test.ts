import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSynthSet } from "../datasets/write-synth-set.js";
import { findImages } from "../images/find-images.js";
import { curveOf, learningCurve } from "./learning-curve.js";

let folder = "";
let goods: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-curve-"));
  const set = { seed: 8, train: 18, testGood: 0, testBad: 0, width: 64, height: 64 };
  await writeSynthSet("washer", folder, { ...set, workers: 1 });
  goods = (await findImages([folder])).map(({ path }) => path);
});
afterAll(() => rm(folder, { recursive: true }));

const scores = (good: number[], anomalous: number[]) => ({
  pasted: { good, anomalous },
  real: { good, anomalous: [] },
});
const ramp = (from: number, count = 40) => Array.from({ length: count }, (_, i) => from + i / count);

describe("curveOf", () => {
  const poor = scores(ramp(0), ramp(0.1));
  const good = scores(ramp(0), ramp(2));

  it("says that more pictures help while the last doubling was a gain", () => {
    const curve = curveOf([10, 20], [poor, good]);
    expect(curve).toMatchObject({ verdict: "helps", held: 40, defects: 40 });
    expect(curve.points.map(({ pictures }) => pictures)).toEqual([10, 20]);
    expect(curve.gain).toBeCloseTo(curve.points[1]!.auroc - curve.points[0]!.auroc, 12);
  });

  it("says that there are enough when nothing was gained", () =>
    expect(curveOf([10, 20], [good, good])).toMatchObject({ verdict: "enough", gain: 0 }));

  it("does not decide when the pictures do not tell", () => {
    const few = (shift: number) => scores([0, 1, 2, 3], [1.5 + shift, 2.5 - shift, 0.5, 3.5]);
    expect(curveOf([4, 8], [few(0), few(0.9)]).verdict).toBe("open");
  });
});

describe("learningCurve", () => {
  it("trains with more and more of the pictures that are not held out", async () => {
    const done: number[] = [];
    const curve = await learningCurve(goods, {
      ...{ size: 64, head: "padim", workers: 1 },
      onProgress: (part) => done.push(part),
    });
    expect(curve.points.map(({ pictures }) => pictures)).toEqual([3, 6, 12]);
    expect(curve).toMatchObject({ held: 6, defects: 12 });
    for (const { auroc, interval } of curve.points) {
      expect(auroc).toBeGreaterThanOrEqual(interval[0]);
      expect(auroc).toBeLessThanOrEqual(interval[1]);
    }
    expect(done).toEqual([0, 1, 2, 3]);
  });

  it("refuses too few pictures, and can be cancelled", async () => {
    await expect(learningCurve(goods.slice(0, 8))).rejects.toMatchObject({
      code: "OPTION_VALUE",
      found: "8",
    });
    await expect(learningCurve(goods, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });
});
