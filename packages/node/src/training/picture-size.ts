/** The size of the pictures of a training, where what was asked for is said in their pixels. */
import { asksForPictureSize, needsPicture, type RecipeOptions } from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";
import { readImage, readingOf } from "../images/read-image.js";

/**
 * The options with the size of the first picture, where they cannot be understood without one and do not have it.
 * @throws BlemishError of reading the picture.
 */
export async function withPictureSize(
  options: RecipeOptions,
  pictures: readonly string[],
  limits: Partial<DecodeLimits> = {},
): Promise<RecipeOptions> {
  const [first] = pictures;
  if (options.picture !== undefined || first === undefined) return options;
  if (!asksForPictureSize(options) && !needsPicture(options)) return options;
  const { profile = "blemish", capture } = options;
  const { width, height } = await readImage(first, {
    ...readingOf({ profile, ...(capture && { capture }) }),
    limits,
  });
  return { ...options, picture: { width, height } };
}
