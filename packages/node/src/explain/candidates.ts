/** Other ways to train a model on the same pictures, which might find what this one misses. */
import {
  BlemishError,
  type HeadChoice,
  optionsForHead,
  type Quality,
  qualityOf,
  type RecipeOptions,
  type TrainedManifest,
} from "@blemish/core";

/** One way: its name and the options of its recipe. */
export interface CandidateRecipe {
  readonly name: string;
  readonly options: RecipeOptions;
}

/** What is tried unless something else is asked for: every quality, and each head alone. */
export const CANDIDATES: readonly string[] = ["fast", "balanced", "accurate", "padim", "patchcore"];

const QUALITIES: readonly string[] = ["fast", "balanced", "accurate"] satisfies Quality[];
const HEADS: readonly string[] = ["padim", "patchcore", "fusion"] satisfies HeadChoice[];

/** Sides of a network input in pixels that are taken for one. */
const MOST_PIXELS = 4096;

/**
 * The recipes of the named ways: a quality with both heads, a head with the model's own inputs, or the side of one input
 * in pixels with the model's own heads. All else is as the model has it, the false-alarm rate that its threshold follows
 * included; the threshold rests on leave-one-out scores.
 * @throws BlemishError OPTION_VALUE for a name that is none of these.
 */
export function candidateRecipes(names: readonly string[], manifest: TrainedManifest): CandidateRecipe[] {
  const { training, calibration } = manifest;
  const { quality: _quality, size, head, ...own } = training.options;
  // Qualities and memory banks are of our own profile; what shapes Anomalib's has no meaning there.
  const kept = manifest.profile === "blemish" ? withoutThreshold(own) : {};
  const base = { ...kept, falseAlarmRate: calibration.askedRate };
  const inputs = inputsOf(manifest, size);
  return names.map((name) => {
    if (QUALITIES.includes(name)) return { name, options: { ...base, quality: name as Quality } };
    if (HEADS.includes(name))
      return { name, options: optionsForHead({ ...base, ...inputs }, name as HeadChoice) };
    if (isSize(name)) return { name, options: { ...base, ...(head && { head }), size: Number(name) } };
    throw new BlemishError("OPTION_VALUE", {
      subject: "A candidate",
      expected: `one of ${[...QUALITIES, ...HEADS].join(", ")}, or a size in pixels`,
      found: JSON.stringify(name),
    });
  });
}

function withoutThreshold({ threshold: _threshold, ...options }: RecipeOptions): RecipeOptions {
  return options;
}

/** The inputs that a model has: those of a quality, or one of a size. */
function inputsOf(manifest: TrainedManifest, size: number | undefined): RecipeOptions {
  const quality = qualityOf(manifest.training.options);
  return quality === null ? { size: size ?? manifest.size.width } : { quality };
}

function isSize(name: string): boolean {
  return /^\d+$/.test(name) && Number(name) >= 1 && Number(name) <= MOST_PIXELS;
}
