/** Why places are hot, as the report shows it: few places, short numbers, good pictures from the model. */
import {
  explanationWords,
  type PlaceExplanation,
  type RelativeBox,
  type StoredThumbnails,
  shownPatches,
  thumbnailOf,
  windowAround,
} from "@blemish/core";
import type { ReportPatch, ReportPicture, ReportReason } from "../report-page/report-data.js";

/** Places of a picture. */
const MOST_PLACES = 3;

/** Bytes of good pictures in a report. */
const MOST_BYTES = 2_000_000;

/** The hottest places of a picture. */
export function reasonsOf(explanations: readonly PlaceExplanation[]): ReportReason[] {
  return explanations.slice(0, MOST_PLACES).map((place) => {
    const { box, goods } = shownPatches(place);
    return {
      x: rounded(place.x),
      y: rounded(place.y),
      words: explanationWords(place),
      hot: patchOf(box),
      goods: goods.map(({ picture, name, box: where, words }) => ({
        picture,
        name,
        words,
        ...patchOf(where),
      })),
    };
  });
}

/** The good pictures that these pictures' reasons name, by number, as `data:` URIs; at most 2 MB, the first named first. */
export function goodsOf(
  pictures: readonly ReportPicture[],
  thumbnails: StoredThumbnails | undefined,
): Record<number, string> {
  const found: Record<number, string> = {};
  let bytes = 0;
  for (const { picture } of pictures.flatMap(({ why = [] }) => why).flatMap(({ goods }) => goods)) {
    const file = picture in found ? null : thumbnailOf(thumbnails, picture);
    if (file === null || bytes + file.length > MOST_BYTES) continue;
    bytes += file.length;
    found[picture] = `data:image/webp;base64,${Buffer.from(file).toString("base64")}`;
  }
  return found;
}

function patchOf(box: RelativeBox | null): ReportPatch {
  return { box: box === null ? null : short(box), window: short(windowAround(box)) };
}

function short({ x, y, width, height }: RelativeBox): RelativeBox {
  return { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) };
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
