/** The choices of a training, made from a profile, a backbone and the user's options; all else follows from them. */

import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { checkRate, checkUncertainRate } from "../../metrics/promise.js";
import type { BackboneManifest } from "../../stages/backbone/manifest.js";
import { checkCapture } from "../../stages/image/capture.js";
import { anomalibBackbone, anomalibRecipe } from "./anomalib-recipe.js";
import { blemishRecipe } from "./blemish-recipe.js";
import { decisionFor } from "./decision-recipe.js";
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
  const { capture } = options;
  return withDecision(
    capture === undefined ? recipe : { ...recipe, capture: checkCapture(capture) },
    options,
  );
}

/** The recipe with what decides: filters, zones, a grey zone. */
function withDecision(recipe: Recipe, options: RecipeOptions): Recipe {
  const { uncertainRate } = options;
  if (uncertainRate !== undefined) checkUncertainRate(uncertainRate, recipe.falseAlarmRate);
  const { size, ignoreBorder, picture, judged } = recipe;
  const decision = decisionFor(options, {
    size,
    ignoreBorder,
    ...(options.picture !== undefined && { picture: options.picture }),
    ...(picture !== undefined && { view: picture.view }),
    ...(judged !== undefined && { judged }),
  });
  return {
    ...recipe,
    ...(uncertainRate !== undefined && { uncertainRate }),
    ...(decision !== null && { decision }),
  };
}
