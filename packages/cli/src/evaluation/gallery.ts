/** Chooses the pictures that a report shows while a test runs, so that memory does not grow with the test. */
import type { Capture, DatasetItem, FloatMap, ModelDescription, TrainedPicture } from "@blemish/core";
import type { FailedItem, JudgedItem } from "@blemish/node";
import type { ReportPicture } from "../report-page/report-data.js";
import { type MapRange, mapUri, maskUri, pictureUri, rangeOf, smallMap } from "./report-picture.js";
import { reasonsOf } from "./report-reasons.js";

/** Most pictures of a report. Half of them are kept for mistakes. */
const MOST = 150;

/** A picture that is kept until the range of the maps is known. */
type Kept = Omit<ReportPicture, "map"> & { readonly small: FloatMap | null };

/** Takes the judged pictures of a test one by one. */
export interface Gallery {
  add(one: JudgedItem | FailedItem): Promise<void>;
  /** The kept pictures, and the range that their maps are drawn in. */
  finish(): Promise<{ readonly pictures: ReportPicture[]; readonly mapRange: MapRange | null }>;
}

/**
 * A gallery for a test of these items: all of them up to 150; else the first mistakes, and of each kind of picture
 * equally many.
 * @param capture how the model's pictures are taken.
 * @param looked what of them it looks at.
 * @param range raw values of the model's own colour scale; null = that of the maps that are kept.
 */
export function startGallery(
  items: readonly DatasetItem[],
  range: MapRange | null,
  capture?: Capture,
  looked?: TrainedPicture,
): Gallery {
  const kinds = new Set(items.map(kindOf));
  const room = items.length <= MOST ? MOST : Math.floor(MOST / 2 / Math.max(1, kinds.size));
  const ofKind = new Map<string, number>();
  const kept: Kept[] = [];
  let mistakes = 0;

  /** Whether the picture is wanted; counts it where it is. */
  const take = ({ item, picture }: JudgedItem): boolean => {
    const wrong = picture.predLabel !== (picture.label === "anomalous");
    if (wrong && mistakes < MOST / 2) {
      mistakes++;
      return true;
    }
    const count = ofKind.get(kindOf(item)) ?? 0;
    ofKind.set(kindOf(item), count + 1);
    return count < room;
  };

  return {
    async add(one) {
      if (one.error !== undefined || !take(one)) return;
      const { path, label, defect, score, map, mask } = one.picture;
      const image = await pictureUri(path, capture, looked);
      if (image === null) return;
      kept.push({
        path,
        set: "test",
        label,
        defect,
        score,
        image,
        small: map === null ? null : smallMap(map),
        mask: mask === null ? null : await maskUri(mask),
        ...whyOf(one),
      });
    },
    async finish() {
      const maps = kept.flatMap(({ small }) => (small === null ? [] : [small]));
      const mapRange = maps.length === 0 ? null : (range ?? rangeOf(maps));
      const pictures: ReportPicture[] = [];
      for (const { small, ...picture } of kept) {
        const map = small === null || mapRange === null ? null : await mapUri(small, mapRange);
        pictures.push({ ...picture, map });
      }
      return { pictures, mapRange };
    },
  };
}

/** The model's own colour scale, raw values; null where it has none. */
export function colourRange({ normalisation }: Pick<ModelDescription, "normalisation">): MapRange | null {
  if (normalisation.method === "in-graph") return { min: 0, max: 1 };
  return normalisation.method === "min_max" ? normalisation.pixel : null;
}

/** Of good pictures that were called good nobody wants to know why. */
function whyOf({ picture, result }: JudgedItem): Pick<ReportPicture, "why"> {
  const wanted = picture.predLabel || picture.label === "anomalous";
  return wanted && result.explanations ? { why: reasonsOf(result.explanations) } : {};
}

function kindOf({ label, defect }: DatasetItem): string {
  return `${label}/${defect}`;
}
