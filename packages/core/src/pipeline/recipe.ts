/** The choices of a training, made from a profile, a backbone and the user's options; all else follows from them. */

import type { RecipeOptions } from "../bundle/recipe-options.js";
import type { BackboneManifest } from "../stages/backbone/manifest.js";
import { anomalibRecipe } from "./anomalib-recipe.js";
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

/**
 * The recipe for a backbone.
 * @throws OPTION_VALUE when an option does not fit the backbone or another option.
 */
export function recipeFor(backbone: BackboneManifest, options: RecipeOptions = {}): Recipe {
  return options.profile === "anomalib-0.7"
    ? anomalibRecipe(backbone, options)
    : blemishRecipe(backbone, options);
}
