/** Other ways to train a model on the same pictures, which might find what this one misses. */
import {
  BlemishError,
  type HeadChoice,
  optionsForHead,
  QUALITIES,
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
export const CANDIDATES: readonly string[] = [...QUALITIES, "padim", "patchcore"];

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
    if (isQuality(name)) return { name, options: { ...resized(base), quality: name } };
    if (HEADS.includes(name))
      return { name, options: optionsForHead({ ...base, ...inputs }, name as HeadChoice) };
    if (isSize(name))
      return { name, options: { ...resized(base), ...(head && { head }), size: Number(name) } };
    throw new BlemishError("OPTION_VALUE", {
      subject: "A candidate",
      expected: `one of ${[...QUALITIES, ...HEADS].join(", ")}, or a size in pixels`,
      found: JSON.stringify(name),
    });
  });
}

function withoutThreshold({
  threshold: _rule,
  uncertainRate: _rate,
  ...options
}: RecipeOptions): RecipeOptions {
  return options;
}

/** A size or a quality is asked for: pictures are not taken as they are, nor in tiles. */
function resized({ tile: _tile, tileMargin: _margin, ...options }: RecipeOptions): RecipeOptions {
  return options.fit === "native" ? { ...options, fit: "pad" } : options;
}

/** The inputs that a model has: those of a quality, or one of a size. */
function inputsOf(manifest: TrainedManifest, size: RecipeOptions["size"]): RecipeOptions {
  const { options } = manifest.training;
  // The input is as large as the picture.
  if (options.fit === "native") return {};
  const quality = qualityOf(options);
  return quality === null ? { size: size ?? manifest.size.width } : { quality };
}

function isQuality(name: string): name is Quality {
  return (QUALITIES as readonly string[]).includes(name);
}

function isSize(name: string): boolean {
  return /^\d+$/.test(name) && Number(name) >= 1 && Number(name) <= MOST_PIXELS;
}
