/** The choices of a training, made from a profile, a backbone and the user's options; all else follows from them. */
import { BlemishError } from "../errors.js";
import { pythonRandom } from "../python-random.js";
import { seededRandom } from "../random.js";
import { type BackboneManifest, backboneSteps } from "../stages/backbone/manifest.js";
import type { EmbeddingSpec } from "../stages/embedding/embed.js";
import { semiOrthogonal } from "../stages/embedding/semi-orthogonal.js";
import type { Ridge } from "../stages/padim/gaussian.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import type { PreprocessStep } from "../stages/preprocess/steps.js";
import type { ScoreRule } from "../stages/score-map/image-score.js";

/** Conventions that a training can follow. */
export type TrainingProfile = "blemish" | "anomalib-0.7";

/** What a user may choose; the rest has measured defaults. */
export interface RecipeOptions {
  readonly profile?: TrainingProfile;
  /** Side of the square network input in pixels. Default 256. */
  readonly size?: number;
  /** Channels kept of the embedding. Default: all up to 200, else 200 (`blemish`); 100 or 550 (`anomalib-0.7`). */
  readonly channels?: number;
  /** Default `top1%` (`blemish`), `max` (`anomalib-0.7`). */
  readonly score?: ScoreRule;
  /** Share of good parts that may be called anomalous. Default 0.05. */
  readonly falseAlarmRate?: number;
  /** Default 0 (`blemish`), 42 (`anomalib-0.7`). */
  readonly seed?: number;
  /** Pixels at each side of the map that take no part. Default 0. */
  readonly ignoreBorder?: number;
  /** How the model stores its whitening factors. Default `int16`. */
  readonly factors?: FactorPrecision;
}

/** Everything a training needs to know; plain data. */
export interface Recipe {
  readonly profile: TrainingProfile;
  readonly size: { readonly width: number; readonly height: number };
  readonly preprocessing: readonly PreprocessStep[];
  readonly embedding: EmbeddingSpec;
  /** Channels of the finished embedding. */
  readonly channels: number;
  readonly grid: { readonly width: number; readonly height: number };
  readonly ridge: Ridge;
  /** Below this number of pictures moments are pooled over 3 × 3 cells; 0 = never. */
  readonly poolBelow: number;
  readonly sigma: number;
  readonly score: ScoreRule;
  readonly falseAlarmRate: number;
  readonly seed: number;
  readonly ignoreBorder: number;
  readonly factors: FactorPrecision;
}

/** Anomalib's defaults by number of concatenated channels (ResNet-18 and Wide-ResNet-50-2). */
const ANOMALIB_CHANNELS = new Map([
  [448, 100],
  [1792, 550],
]);

/** More channels than this are projected by the `blemish` profile. */
const MOST_CHANNELS = 200;

/**
 * The recipe for a backbone.
 * @throws OPTION_VALUE when an option does not fit the backbone.
 */
export function recipeFor(backbone: BackboneManifest, options: RecipeOptions = {}): Recipe {
  const profile = options.profile ?? "blemish";
  const size = checkSize(options.size ?? 256, backbone.input.multipleOf);
  const total = backbone.taps.reduce((sum, tap) => sum + tap.channels, 0);
  const strides = backbone.taps.map((tap) => tap.stride);
  const side = size / (profile === "blemish" ? Math.max(...strides) : Math.min(...strides));
  const common = {
    profile,
    size: { width: size, height: size },
    grid: { width: side, height: side },
    sigma: 4,
    falseAlarmRate: options.falseAlarmRate ?? 0.05,
    ignoreBorder: options.ignoreBorder ?? 0,
    factors: options.factors ?? ("int16" as const),
  };
  const steps = backboneSteps(backbone, size, size);
  if (profile === "anomalib-0.7") return { ...common, ...anomalibChoices(total, steps, backbone, options) };
  const channels = checkChannels(options.channels ?? Math.min(total, MOST_CHANNELS), total);
  const seed = options.seed ?? 0;
  const projection =
    channels === total ? null : { rows: channels, data: semiOrthogonal(channels, total, seededRandom(seed)) };
  return {
    ...common,
    preprocessing: steps,
    embedding: {
      grid: "coarsest",
      scales: backbone.taps.map((tap) => tap.scale),
      channels: null,
      projection,
    },
    channels,
    ridge: { relative: 0.4 },
    poolBelow: 50,
    score: options.score ?? "top1%",
    seed,
  };
}

/** Anomalib 0.7: OpenCV's resize, channels drawn by Python's generator, ridge 0.01, the map's maximum. */
function anomalibChoices(
  total: number,
  steps: PreprocessStep[],
  backbone: BackboneManifest,
  options: RecipeOptions,
) {
  const seed = options.seed ?? 42;
  const channels = options.channels ?? ANOMALIB_CHANNELS.get(total);
  if (channels === undefined)
    throw wrongChannels(total, "none was given, and Anomalib has no default for this backbone");
  const preprocessing = steps.map(
    (step): PreprocessStep => (step.type === "resize" ? { ...step, interpolation: "linear" } : step),
  );
  return {
    preprocessing,
    embedding: {
      grid: "finest" as const,
      scales: backbone.taps.map(() => 1),
      channels: pythonRandom(seed).sample(total, checkChannels(channels, total)),
      projection: null,
    },
    channels,
    ridge: { absolute: 0.01 },
    poolBelow: 0,
    score: options.score ?? ("max" as const),
    seed,
  };
}

function checkSize(size: number, multipleOf: number): number {
  if (Number.isInteger(size) && size > 0 && size % multipleOf === 0 && size <= 4096) return size;
  throw new BlemishError("OPTION_VALUE", {
    subject: "The size (--size)",
    expected: `a multiple of ${multipleOf} up to 4096, in pixels`,
    found: String(size),
  });
}

function checkChannels(channels: number, total: number): number {
  if (Number.isInteger(channels) && channels > 0 && channels <= total) return channels;
  throw wrongChannels(total, String(channels));
}

function wrongChannels(total: number, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The number of channels (--channels)",
    expected: `a whole number from 1 to ${total}`,
    found,
  });
}
