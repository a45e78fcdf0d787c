/**
 * Pixel metrics over any number of pictures in fixed memory: scores are counted on four million levels, a relative
 * width of 6·10⁻⁵, so areas under curves are exact to 10⁻⁶ from 100,000 pixels on. Definitions as in scikit-learn
 * (AUROC) and in the MVTec AD evaluation (AUPRO: mean per-region overlap over the false-positive rate up to a limit,
 * divided by it).
 */

/** Bits of a float32's pattern that select a level. */
const LEVEL_BITS = 22;
const LEVELS = 1 << LEVEL_BITS;

/** Counts of pixels by score level; grows by {@link addPixels}. */
export interface PixelHistogram {
  /** Good pixels `[levels]`. */
  readonly good: Float64Array;
  /** Anomalous pixels `[levels]`. */
  readonly anomalous: Float64Array;
  /** Anomalous pixels, each weighing 1 / area of its region `[levels]`. */
  readonly overlap: Float64Array;
  /** Number of ground-truth regions so far. */
  regions: number;
}

/** An empty histogram (about 100 MB). */
export function createPixelHistogram(): PixelHistogram {
  const levels = () => new Float64Array(LEVELS);
  return { good: levels(), anomalous: levels(), overlap: levels(), regions: 0 };
}

/**
 * Adds one picture.
 * @param scores map values ≥ 0, `[pixels]`; negative values count as 0.
 * @param regions for every pixel the number of its ground-truth region, 1 … count, or 0 = good; null = all good.
 */
export function addPixels(
  histogram: PixelHistogram,
  scores: Float32Array,
  regions: { readonly labels: Int32Array; readonly count: number } | null,
): void {
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  // For numbers ≥ 0 the bit pattern of a float32 orders like the number itself; the sign bit is always 0.
  const shift = 31 - LEVEL_BITS;
  if (regions === null) {
    for (let i = 0; i < bits.length; i++) histogram.good[scores[i] > 0 ? bits[i] >>> shift : 0]++;
    return;
  }
  const area = new Float64Array(regions.count + 1);
  for (let i = 0; i < regions.labels.length; i++) area[regions.labels[i]]++;
  for (let i = 0; i < bits.length; i++) {
    const level = scores[i] > 0 ? bits[i] >>> shift : 0;
    const region = regions.labels[i];
    if (region === 0) histogram.good[level]++;
    else {
      histogram.anomalous[level]++;
      histogram.overlap[level] += 1 / area[region];
    }
  }
  histogram.regions += regions.count;
}

/** Pixel AUROC, 0–1; NaN without good or without anomalous pixels. */
export function pixelAuroc({ good, anomalous }: PixelHistogram): number {
  let [area, found, total] = [0, 0, 0];
  for (let level = LEVELS - 1; level >= 0; level--) {
    area += good[level] * (found + anomalous[level] / 2);
    found += anomalous[level];
    total += good[level];
  }
  return area / (found * total);
}

/** Pixel average precision, 0–1; NaN without anomalous pixels. */
export function pixelAveragePrecision({ good, anomalous }: PixelHistogram): number {
  let [sum, found, alarms] = [0, 0, 0];
  for (let level = LEVELS - 1; level >= 0; level--) {
    if (good[level] + anomalous[level] === 0) continue;
    found += anomalous[level];
    alarms += good[level];
    sum += anomalous[level] * (found / (found + alarms));
  }
  return sum / found;
}

/** The best pixel F1, 0–1, and the lowest level's threshold that reaches it; NaN without anomalous pixels. */
export function pixelMaxF1({ good, anomalous }: PixelHistogram): { f1: number; threshold: number } {
  const total = anomalous.reduce((sum, count) => sum + count, 0);
  let best = { f1: Number.NaN, threshold: Number.NaN };
  for (let level = LEVELS - 1, found = 0, alarms = 0; level >= 0; level--) {
    if (good[level] + anomalous[level] === 0) continue;
    found += anomalous[level];
    alarms += good[level];
    const f1 = (2 * found) / (total + found + alarms);
    if (total > 0 && !(f1 < best.f1)) best = { f1, threshold: levelStart(level) };
  }
  return best;
}

/** Points of the PRO curve up to a false-positive rate, both axes 0–1, starting at (0, 0). */
export function proCurve(histogram: PixelHistogram, limit: number): { fpr: number[]; pro: number[] } {
  const { good, overlap, regions } = histogram;
  const total = good.reduce((sum, count) => sum + count, 0);
  const [fpr, pro] = [[0], [0]];
  let [alarms, covered] = [0, 0];
  for (let level = LEVELS - 1; level >= 0 && alarms / total < limit; level--) {
    if (good[level] === 0 && overlap[level] === 0) continue;
    const before = { rate: alarms / total, pro: covered / regions };
    alarms += good[level];
    covered += overlap[level];
    const rate = alarms / total;
    const share = rate <= limit ? 1 : (limit - before.rate) / (rate - before.rate);
    fpr.push(Math.min(rate, limit));
    pro.push(before.pro + share * (covered / regions - before.pro));
  }
  return { fpr, pro };
}

/** AUPRO, 0–1: area under the PRO curve up to the limit (0.3), divided by the limit; NaN without regions. */
export function aupro(histogram: PixelHistogram, limit = 0.3): number {
  const { fpr, pro } = proCurve(histogram, limit);
  let area = 0;
  for (let i = 1; i < fpr.length; i++) area += ((fpr[i] - fpr[i - 1]) * (pro[i] + pro[i - 1])) / 2;
  return histogram.regions === 0 ? Number.NaN : area / limit;
}

function levelStart(level: number): number {
  return new Float32Array(Uint32Array.of(level << (31 - LEVEL_BITS)).buffer)[0];
}
