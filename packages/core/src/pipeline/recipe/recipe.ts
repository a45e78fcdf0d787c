/** The choices of a training, made from a profile, a backbone and the user's options; all else follows from them. */

import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { checkRate } from "../../metrics/promise.js";
import type { BackboneManifest } from "../../stages/backbone/manifest.js";
import { anomalibBackbone, anomalibRecipe } from "./anomalib-recipe.js";
import { blemishRecipe } from "./blemish-recipe.js";
import type { Recipe } from "./recipe-types.js";

export type {
  DetectorRecipe,
  Extent,
  PadimRecipe,
  PassRecipe,
  PatchcoreRecipe,
  Recipe,
} from "./recipe-types.js";

/** The backbone with the taps that its recipe looks at: what embeds pictures, and what the model carries. */
export function backboneFor(backbone: BackboneManifest, options: RecipeOptions = {}): BackboneManifest {
  return options.profile === "anomalib-0.7" ? anomalibBackbone(backbone, options) : backbone;
}

/**
 * The recipe for a backbone; it looks at the taps of `backboneFor`.
 * @throws OPTION_VALUE when an option does not fit the backbone or another option.
 */
export function recipeFor(backbone: BackboneManifest, options: RecipeOptions = {}): Recipe {
  const recipe =
    options.profile === "anomalib-0.7" ? anomalibRecipe(backbone, options) : blemishRecipe(backbone, options);
  // Now and not when a long training comes to its threshold.
  checkRate(recipe.falseAlarmRate);
  return recipe;
}
