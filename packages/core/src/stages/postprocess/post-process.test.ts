import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formulaMask, hillMap, rampMap, reference } from "../../../../../fixtures/visualise/formulas.js";
import {
  rowMap as map,
  minMax,
  describedModel as model,
  seen,
} from "../../../../../tests/support/detections.js";
import { noiseMap } from "../../../../../tests/support/noise.js";
import type { Normalisation } from "../../anomalib/model-description.js";
import { BlemishError, type ErrorCode } from "../../errors.js";
import type { Detection } from "../detector/detector.js";
import type { FloatMap } from "../image/image.js";
import { postProcess } from "./post-process.js";

function codeOf(action: () => unknown): ErrorCode | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof BlemishError) return error.code;
    throw error;
  }
}

describe("score and label", () => {
  it("takes the map's maximum where the graph gives no score, and counts the threshold itself as anomalous", () => {
    const result = postProcess(
      seen(map(0.2, 0.75, 0.1)),
      { width: 3, height: 1 },
      model({ imageThreshold: 0.75 }),
    );
    expect(result).toMatchObject({ rawScore: 0.75, predScore: 0.5, predLabel: true, verdict: "anomalous" });
    const below = postProcess(
      seen(map(0.2, 0.75)),
      { width: 2, height: 1 },
      model({ imageThreshold: 0.7500001 }),
    );
    expect(below).toMatchObject({ predLabel: false, verdict: "good" });
  });

  it("prefers the graph's score unless the maximum is asked for", () => {
    const detection = seen(map(0.2, 0.9), 0.4);
    const size = { width: 2, height: 1 };
    expect(postProcess(detection, size, model()).rawScore).toBe(0.4);
    expect(postProcess(detection, size, model({ scoreSource: "map-max" })).rawScore).toBe(Math.fround(0.9));
  });

  it("judges a model that gives only a score", () => {
    const result = postProcess(seen(null, 0.9), { width: 4, height: 4 }, model({ imageThreshold: 0.7 }));
    expect(result).toMatchObject({
      predLabel: true,
      anomalyMap: null,
      predMask: null,
      rawMap: null,
      regions: [],
    });
    expect(result.predScore).toBeCloseTo(0.6, 12);
  });

  it("decides the same whatever the normalisation", () => {
    const value = fc.float({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 6, maxLength: 6 }), value, value, (values, image, pixel) => {
        const raw: FloatMap = { width: 3, height: 2, data: Float32Array.from(values) };
        const judge = (normalisation: Normalisation) =>
          postProcess(
            seen(raw),
            { width: 7, height: 5 },
            model({ normalisation, imageThreshold: image, pixelThreshold: pixel }),
          );
        const [none, narrow, wide] = [
          judge({ method: "none" }),
          judge(minMax(0, 0.1)),
          judge(minMax(-5, 40)),
        ];
        for (const other of [narrow, wide]) {
          expect(other.predLabel).toBe(none.predLabel);
          expect(other.predMask).toEqual(none.predMask);
          expect(other.regions.map(({ box, area }) => [box, area])).toEqual(
            none.regions.map(({ box, area }) => [box, area]),
          );
          // Rounding may bring a score just below the threshold up to 0.5, never past it.
          if (other.predLabel) expect(other.predScore).toBeGreaterThanOrEqual(0.5);
          else expect(other.predScore).toBeLessThanOrEqual(0.5);
        }
        expect(none.predScore).toBe(none.rawScore);
        expect(none.normalised).toBe(false);
      }),
    );
  });

  it("moves the decision and the 0.5 with the imageThreshold option", () => {
    const size = { width: 2, height: 1 };
    const result = postProcess(seen(map(0.1, 1)), size, model(), { imageThreshold: 1.2 });
    expect(result).toMatchObject({ predLabel: false, imageThreshold: 1.2, predScore: 0.4 });
    const at = postProcess(seen(map(0.1, 1)), size, model({ imageThreshold: null }), { imageThreshold: 1 });
    expect(at).toMatchObject({ predLabel: true, predScore: 0.5 });
  });
});

describe("map and mask", () => {
  it("gives the golden resized map and mask", () => {
    const { points, map: values, max, maskPixels } = reference.heatMaps.resized;
    const result = postProcess(
      seen(hillMap()),
      { width: 400, height: 300 },
      model({ normalisation: { method: "none" } }),
    );
    const at = (row: number, column: number) => result.anomalyMap!.data[row * 400 + column];
    expect(points.map(([row, column]: number[]) => at(row!, column!))).toEqual(values);
    expect(Math.max(...result.anomalyMap!.data)).toBe(max);
    expect(result.predMask!.data.reduce((sum, bit) => sum + bit, 0)).toBe(maskPixels);
    expect(result.regions).toHaveLength(1);
    expect(result.regions[0]!.area).toBe(maskPixels);
    expect(result.regions[0]!.peak.value).toBe(max);
  });

  it("compares the map with the threshold in float32, as NumPy does", () => {
    const result = postProcess(seen(map(0.1, 0.3)), { width: 2, height: 1 }, model({ pixelThreshold: 0.1 }));
    expect(Array.from(result.predMask!.data)).toEqual([1, 1]);
  });

  it("keeps raw map and raw size untouched", () => {
    const raw = rampMap(20, 10);
    const before = raw.data.slice();
    const result = postProcess(seen(raw), { width: 50, height: 40 }, model());
    expect(raw.data).toEqual(before);
    expect(result.rawMap).toBe(raw);
    expect(result.anomalyMap).toMatchObject({ width: 50, height: 40 });
    expect(result.predMask).toMatchObject({ width: 50, height: 40 });
  });

  it("has no mask without a pixel threshold, and centres the map at the image threshold", () => {
    const result = postProcess(seen(map(0.6, 0.1)), { width: 2, height: 1 }, model({ pixelThreshold: null }));
    expect(result).toMatchObject({ predMask: null, pixelThreshold: null, regions: [], predBoxes: null });
    expect(result.anomalyMap!.data[0]).toBe(0.5);
  });

  it("decides the same without maps of the picture's size", () => {
    const size = { width: 90, height: 70 };
    for (const task of ["segmentation", "detection"] as const) {
      for (const pixelThreshold of [0.5, 9, null]) {
        const described = model({ task, pixelThreshold });
        const whole = postProcess(seen(rampMap(40, 30)), size, described);
        const lean = postProcess(seen(rampMap(40, 30)), size, described, { maps: false });
        expect(lean).toEqual({ ...whole, anomalyMap: null, predMask: null });
        expect(whole.anomalyMap).not.toBeNull();
      }
    }
    expect(postProcess(seen(rampMap(40, 30)), size, model(), { maps: false }).regions.length).toBeGreaterThan(
      0,
    );
  });

  it("finds the same regions and peaks without maps, wherever they lie", () => {
    for (let seed = 0; seed < 30; seed++) {
      const noise = noiseMap(9, 11, seed).data.map((value) => value / 48 - (seed % 4) / 10);
      const raw = { width: 9, height: 11, data: noise };
      const whole = postProcess(seen(raw), { width: 40, height: 25 }, model());
      const lean = postProcess(seen(raw), { width: 40, height: 25 }, model(), { maps: false });
      expect(lean.regions).toEqual(whole.regions);
    }
  });

  it("gives an all-zero mask and no regions for a good picture", () => {
    const result = postProcess(seen(map(0.1, 0.2)), { width: 6, height: 4 }, model(), { task: "detection" });
    expect(result.predMask).toEqual({ width: 6, height: 4, channels: 1, data: new Uint8Array(24) });
    expect(result).toMatchObject({ regions: [], predBoxes: [], boxLabels: [], boxScores: [] });
  });
});

describe("boxes", () => {
  const data = Float32Array.from(formulaMask(12, 12, 8, 10).data, (bit) => bit * 1.5);
  const raw: FloatMap = { width: 12, height: 12, data };

  it("are the regions' boxes, for detection only", () => {
    const result = postProcess(seen(raw), raw, model({ task: "detection" }));
    expect(result.regions.length).toBeGreaterThan(2);
    expect(result.predBoxes).toEqual(result.regions.map((region) => region.box));
    expect(result.boxLabels).toEqual(result.regions.map(() => 1));
    expect(result.boxScores).toEqual(result.regions.map((region) => region.peak.value));
    expect(postProcess(seen(raw), raw, model()).predBoxes).toBeNull();
    expect(postProcess(seen(raw), raw, model(), { task: "detection" }).predBoxes).toEqual(result.predBoxes);
    expect(
      postProcess(seen(raw), raw, model({ task: "detection" }), { task: "segmentation" }).boxScores,
    ).toBeNull();
  });
});

describe("Anomalib 2.x", () => {
  const v2 = model({
    profile: "anomalib-2",
    normalisation: { method: "in-graph" },
    imageThreshold: 0.5,
    pixelThreshold: 0.5,
  });
  const mask = { width: 3, height: 1, channels: 1 as const, data: Uint8Array.of(0, 1, 0) };
  const detection: Detection = { map: map(0.5, 0.7, 0.1), score: 0.5, label: false, mask, normalised: true };
  const size = { width: 3, height: 1 };

  it("takes everything from the graph", () => {
    const result = postProcess(detection, size, v2);
    expect(result).toMatchObject({
      predScore: 0.5,
      rawScore: null,
      normalised: true,
      predLabel: false,
      imageThreshold: 0.5,
    });
    expect(result.predMask).toEqual(mask);
    expect(postProcess({ ...detection, label: true }, size, v2).verdict).toBe("anomalous");
  });

  it("counts only what is over the threshold where it decides itself", () => {
    expect(postProcess(detection, size, v2, { imageThreshold: 0.5 }).predLabel).toBe(false);
    expect(postProcess(detection, size, v2, { imageThreshold: 0.49 }).predLabel).toBe(true);
    expect(postProcess(detection, size, v2, { imageThreshold: 0.49 }).predScore).toBe(0.5);
    const bare = postProcess({ ...detection, label: null, mask: null }, size, {
      ...v2,
      imageThreshold: null,
      pixelThreshold: null,
    });
    expect(bare).toMatchObject({ predLabel: false, imageThreshold: 0.5, pixelThreshold: 0.5 });
    expect(Array.from(bare.predMask!.data)).toEqual([0, 1, 0]);
  });

  it("resizes map and mask to the picture", () => {
    const result = postProcess(detection, { width: 9, height: 3 }, v2);
    expect(result.anomalyMap).toMatchObject({ width: 9, height: 3 });
    expect(result.predMask).toMatchObject({ width: 9, height: 3 });
    expect(result.regions).toHaveLength(1);
  });

  it("refuses a mask of another size than the map", () => {
    const wrong = { ...detection, mask: { ...mask, width: 1, height: 3 } };
    expect(codeOf(() => postProcess(wrong, size, v2))).toBe("MODEL_OUTPUT");
  });
});

describe("cdf", () => {
  const normalisation: Normalisation = {
    method: "cdf",
    image: { mean: 0.5, std: 0.25 },
    pixel: { mean: Float32Array.of(0.5, 0.5), std: Float32Array.of(0.25, 0.5) },
  };
  const cdf = model({ normalisation, imageThreshold: 2, pixelThreshold: 1 });

  it("decides in standardised units and reports the image threshold raw", () => {
    const result = postProcess(seen(map(Math.exp(0.8), Math.exp(0.8))), { width: 2, height: 1 }, cdf);
    expect(result.imageThreshold).toBeCloseTo(Math.E, 12);
    expect(result.predLabel).toBe(false);
    expect(result.predScore).toBeCloseTo(0.2118554, 6);
    // z = 1.2 and 0.6 against a pixel threshold of 1.
    expect(Array.from(result.predMask!.data)).toEqual([1, 0]);
    expect(result.anomalyMap!.data[0]).toBeCloseTo(0.5792597, 6);
  });
});

describe("what cannot be judged", () => {
  const size = { width: 2, height: 1 };
  it.each([
    ["a NaN in the map", seen(map(0, Number.NaN)), model(), {}, "MODEL_OUTPUT"],
    ["an infinite map", seen(map(0, Number.POSITIVE_INFINITY)), model(), {}, "MODEL_OUTPUT"],
    ["an empty map", seen(map()), model(), {}, "MODEL_OUTPUT"],
    ["a NaN score", seen(null, Number.NaN), model(), {}, "MODEL_OUTPUT"],
    ["neither map nor score", seen(null), model(), {}, "MODEL_OUTPUT"],
    ["no threshold", seen(map(0, 1)), model({ imageThreshold: null }), {}, "THRESHOLD_MISSING"],
    ["a NaN threshold", seen(map(0, 1)), model({ imageThreshold: Number.NaN }), {}, "THRESHOLD_MISSING"],
    ["a NaN option", seen(map(0, 1)), model(), { imageThreshold: Number.NaN }, "OPTION_VALUE"],
    ["an empty range", seen(map(0, 1)), model({ normalisation: minMax(1, 1) }), {}, "METADATA_FORMAT"],
  ] as const)("%s", (_, detection, description, options, code) => {
    expect(codeOf(() => postProcess(detection, size, description, options))).toBe(code);
  });
});
