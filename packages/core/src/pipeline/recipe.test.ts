import { describe, expect, it } from "vitest";
import { TINY_BACKBONE } from "../../../../tests/support/small-training.js";
import { anomalibRecipe } from "./anomalib-recipe.js";
import { blemishRecipe } from "./blemish-recipe.js";
import { recipeFor } from "./recipe.js";

describe("recipeFor", () => {
  it("is our own recipe, unless Anomalib's is asked for", () => {
    expect(recipeFor(TINY_BACKBONE)).toEqual(blemishRecipe(TINY_BACKBONE, {}));
    expect(recipeFor(TINY_BACKBONE, { profile: "blemish", seed: 3 })).toEqual(
      blemishRecipe(TINY_BACKBONE, { seed: 3 }),
    );
    const options = { profile: "anomalib-0.7", channels: 4 } as const;
    expect(recipeFor(TINY_BACKBONE, options)).toEqual(anomalibRecipe(TINY_BACKBONE, options));
    expect(recipeFor(TINY_BACKBONE, options).profile).toBe("anomalib-0.7");
  });

  it("is plain data, the same for the same options", () => {
    const recipe = recipeFor(TINY_BACKBONE, { channels: 3 });
    expect(structuredClone(recipe)).toEqual(recipe);
    expect(recipeFor(TINY_BACKBONE, { channels: 3 })).toEqual(recipe);
  });
});
