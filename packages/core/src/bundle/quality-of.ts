/** The quality that a model was trained with, by the options it keeps. */
import type { Quality, RecipeOptions } from "./recipe-options.js";

/** The quality of a training that names neither quality nor size. */
export const DEFAULT_QUALITY: Quality = "balanced";

/** @returns null where the inputs did not come from a quality: a size was given, or the profile has its own. */
export function qualityOf({ profile, size, quality }: RecipeOptions): Quality | null {
  return profile === "anomalib-0.7" || size !== undefined ? null : (quality ?? DEFAULT_QUALITY);
}
