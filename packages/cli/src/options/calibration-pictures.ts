/** The pictures that the ranges of an int8 network are measured on. */
import { recognizeDataset } from "@blemish/node";

/**
 * Paths of all pictures of the inputs, good and bad, train and test; masks are none.
 * @param inputs folders, files, globs or data sets.
 * @throws BlemishError DATASET, NO_IMAGES, IMAGE_NOT_FOUND.
 */
export async function calibrationPictures(inputs: readonly string[]): Promise<string[]> {
  const { items } = await recognizeDataset(inputs, { needGoods: false });
  return items.map(({ path }) => path);
}
