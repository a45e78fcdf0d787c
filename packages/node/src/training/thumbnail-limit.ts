/** How many bytes of small good pictures a model may keep. */
import { BlemishError } from "@blemish/core";
import type { TrainOptions } from "./train-options.js";

/** Bytes of thumbnails that `blemish train` keeps, and a model that had some and is added to: 30 to 65 pictures. */
export const THUMBNAIL_BYTES = 200_000;

/** Most bytes, so that places fit into 32 bits. */
const MOST_BYTES = 2 ** 31 - 1;

/** Bytes that thumbnails may take, see {@link TrainOptions}. @throws BlemishError OPTION_VALUE. */
export function thumbnailLimit({ thumbnails, addTo }: TrainOptions): number {
  if (thumbnails === undefined)
    return addTo?.thumbnails === undefined ? 0 : Math.max(THUMBNAIL_BYTES, addTo.thumbnails.bytes.length);
  if (Number.isFinite(thumbnails) && thumbnails >= 0 && thumbnails <= MOST_BYTES) return thumbnails;
  throw new BlemishError("OPTION_VALUE", {
    subject: "thumbnails",
    expected: `bytes from 0 to ${MOST_BYTES}`,
    found: String(thumbnails),
  });
}
