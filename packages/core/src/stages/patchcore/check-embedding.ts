/** What a selection refuses of an embedding, whichever pass it belongs to. */
import { BlemishError } from "../../errors.js";

/** Squared distances of larger numbers would leave the range of float32. */
const LARGEST = 1e16;

/** What an embedding must fit. */
export interface EmbeddingShape {
  readonly channels: number;
  /** Patches of each picture. */
  readonly cells: number;
  /** Number of pictures. */
  readonly pictures: number;
}

/**
 * Checks an embedding before any of it is used.
 * @param data float32 `[channels, cells]`.
 * @param picture its number, from 0.
 * @throws MODEL_STATISTICS that names the picture when the embedding has another size or numbers that are not finite.
 */
export function checkEmbedding(
  data: Float32Array,
  picture: number,
  { channels, cells, pictures }: EmbeddingShape,
): void {
  if (!Number.isInteger(picture) || picture < 0 || picture >= pictures)
    throw refused(picture, `one of ${pictures} pictures, counted from 0`, `number ${picture}`);
  if (data.length !== channels * cells)
    throw refused(picture, `${cells} patches of ${channels} channels`, `${data.length} numbers`);
  for (let i = 0; i < data.length; i++)
    if (!(Math.abs(data[i]) < LARGEST))
      throw refused(picture, "features that are finite", `${data[i]} in patch ${i % cells}`);
}

function refused(picture: number, expected: string, found: string): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: `Training picture ${picture} (counted from 0)`,
    expected,
    found,
  });
}
