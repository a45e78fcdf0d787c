/** The quality that a model was trained with, by the options it keeps. */
import type { Quality, RecipeOptions } from "./recipe-options.js";

/** All qualities, from the quickest to the one that found most on eleven real data sets. */
export const QUALITIES = ["fast", "balanced", "accurate"] as const satisfies readonly Quality[];

/** The quality of a training that names neither quality nor size. */
export const DEFAULT_QUALITY: Quality = "balanced";

/**
 * @returns null where the inputs did not come from a quality: a size was given or is that of the pictures, or the profile
 *   has its own.
 */
export function qualityOf({ profile, size, fit, quality }: RecipeOptions): Quality | null {
  const own = profile === "anomalib-0.7" || size !== undefined || fit === "native";
  return own ? null : (quality ?? DEFAULT_QUALITY);
}
