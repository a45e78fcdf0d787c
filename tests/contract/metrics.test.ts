/**
 * Every figure of an evaluation against others' programs on the same scores: scikit-learn, SciPy, AUPRO by its
 * definition (fixtures/metrics/make.py) and Anomalib 0.7.0's own metric classes (fixtures/metrics/make_070.py).
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { adaptiveThreshold, auroc, averagePrecision, binomialInterval, maxF1 } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { betaCdf, betaQuantile } from "../../packages/core/src/metrics/beta.js";
import {
  addPixels,
  aupro,
  createPixelHistogram,
  type PixelHistogram,
  pixelAuroc,
  pixelAveragePrecision,
  pixelMaxF1,
} from "../../packages/core/src/metrics/pixel-histogram.js";
import { groundTruthRegions } from "../../packages/core/src/pipeline/ground-truth-regions.js";
import { type MapCase, mapsAndMasks } from "../support/metric-maps.js";

interface Figures {
  readonly auroc: number;
  readonly averagePrecision: number;
  readonly maxF1: number;
  readonly maxF1Threshold: number;
}

interface ScoreCase {
  readonly name: string;
  readonly unit: number;
  readonly good: readonly number[];
  readonly anomalous: readonly number[];
}

interface Reference {
  readonly image: readonly (ScoreCase & Figures)[];
  readonly pixel: readonly (MapCase &
    Figures & { readonly name: string; readonly aupro: number; readonly regions: number })[];
  readonly betaQuantile: readonly {
    readonly p: number;
    readonly a: number;
    readonly b: number;
    readonly x: number;
  }[];
  readonly betaCdf: readonly {
    readonly p: number;
    readonly a: number;
    readonly b: number;
    readonly x: number;
  }[];
  readonly binomial: readonly {
    readonly events: number;
    readonly total: number;
    readonly interval: [number, number];
  }[];
}

interface Anomalib {
  readonly adaptive: readonly (Partial<ScoreCase> & { readonly name: string; readonly threshold: number })[];
  readonly pixel: readonly {
    readonly name: string;
    readonly auroc: number;
    readonly f1: number | null;
    readonly aupro: number;
  }[];
}

const FOLDER = resolve(import.meta.dirname, "../../fixtures/metrics");
const read = (name: string) => JSON.parse(readFileSync(resolve(FOLDER, name), "utf8"));
const reference: Reference = read("reference.json");
const anomalib: Anomalib = read("anomalib.json");

/** How far a picture's figure may be from scikit-learn's. */
const IMAGE = 1e-9;

/**
 * How far pixel figures may be: pixels within one level of the histogram (a relative width of 6·10⁻⁵) count as ties,
 * which chance makes visible only among few pixels.
 */
const PIXEL = { auroc: 1e-6, aupro: 1e-6, averagePrecision: 1e-6, maxF1: 1e-6 };
const FEW_PIXELS = { auroc: 3e-6, aupro: 1e-5, averagePrecision: 1e-4, maxF1: 1e-4 };
const allowed = ({ width, height, pictures }: MapCase) =>
  width * height * pictures.length >= 100_000 ? PIXEL : FEW_PIXELS;

const off = (ours: number, theirs: number) => Math.abs(ours - theirs);
const scores = ({ good, anomalous, unit }: ScoreCase) => ({
  good: good.map((score) => score * unit),
  anomalous: anomalous.map((score) => score * unit),
});

describe("figures of pictures are scikit-learn's", () => {
  it.each(reference.image)("$name", (one) => {
    const labelled = scores(one);
    expect(off(auroc(labelled), one.auroc)).toBeLessThan(IMAGE);
    expect(off(averagePrecision(labelled), one.averagePrecision)).toBeLessThan(IMAGE);
    const best = maxF1(labelled);
    expect(off(best.f1, one.maxF1)).toBeLessThan(IMAGE);
    expect(best.threshold).toBe(one.maxF1Threshold);
  });
});

describe("the adaptive threshold is Anomalib 0.7.0's, to the bit", () => {
  it.each(anomalib.adaptive)("$name", ({ name, threshold, ...own }) => {
    const one = { name, ...reference.image.find((image) => image.name === name), ...own } as ScoreCase;
    expect(adaptiveThreshold(scores(one))).toBe(threshold);
  });
});

describe("figures of pixels", () => {
  it.each(reference.pixel)("$name: scikit-learn's, and AUPRO as MVTec AD defines it", (one) => {
    const histogram = histogramOf(one);
    const limit = allowed(one);
    expect(histogram.regions).toBe(one.regions);
    expect(off(pixelAuroc(histogram), one.auroc)).toBeLessThan(limit.auroc);
    expect(off(aupro(histogram), one.aupro)).toBeLessThan(limit.aupro);
    expect(off(pixelAveragePrecision(histogram), one.averagePrecision)).toBeLessThan(limit.averagePrecision);
    expect(off(pixelMaxF1(histogram).f1, one.maxF1)).toBeLessThan(limit.maxF1);
  });

  it.each(anomalib.pixel)("$name: close to Anomalib 0.7.0's", ({ name, ...theirs }) => {
    const one = reference.pixel.find((pixel) => pixel.name === name)!;
    const histogram = histogramOf(one);
    const limit = allowed(one);
    expect(off(pixelAuroc(histogram), theirs.auroc)).toBeLessThan(limit.auroc);
    if (theirs.f1 !== null) expect(off(pixelMaxF1(histogram).f1, theirs.f1)).toBeLessThan(limit.maxF1);
    // Anomalib resamples every region's curve by the index of its points, which is exact only for fine curves.
    const fine = one.width * one.height >= 4096;
    expect(off(aupro(histogram), theirs.aupro)).toBeLessThan(fine ? 2e-4 : 4e-3);
  });
});

describe("the beta distribution and exact binomial intervals are SciPy's", () => {
  it.each(reference.betaQuantile)("the $p quantile of Beta($a, $b)", ({ p, a, b, x }) => {
    expect(off(betaQuantile(p, a, b) / x, 1)).toBeLessThan(1e-9);
  });
  it.each(reference.betaCdf)("P(Beta($a, $b) ≤ $x)", ({ p, a, b, x }) => {
    expect(off(betaCdf(x, a, b), p)).toBeLessThan(1e-11);
  });
  it.each(reference.binomial)("$events of $total", ({ events, total, interval }) => {
    const [low, high] = binomialInterval(events, total);
    expect(off(low, interval[0])).toBeLessThan(1e-10);
    expect(off(high, interval[1])).toBeLessThan(1e-10);
  });
});

function histogramOf(one: MapCase): PixelHistogram {
  const histogram = createPixelHistogram();
  for (const { map, mask } of mapsAndMasks(one))
    addPixels(histogram, map.data, groundTruthRegions(mask, map));
  return histogram;
}
