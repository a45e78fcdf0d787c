/** The training pictures that look least like the others, for the report. */
import { type FloatMap, rankedByScore, type TrainedModelFile } from "@blemish/core";
import type { Model } from "@blemish/node";
import type { ReportPicture } from "../report-page/report-data.js";
import { colourRange } from "./gallery.js";
import { mapUri, pictureUri, smallMap } from "./report-picture.js";

/** How many are shown. */
const SHOWN = 5;

/**
 * The training pictures with the highest leave-one-out scores, highest first. The finished model has seen them, so
 * its maps show the right place but too low values: they are scaled up to the leave-one-out score, which is what a
 * picture like it would get. Pictures that are gone are left out.
 */
export async function suspectPictures(
  model: Model,
  { manifest, scores }: Pick<TrainedModelFile, "manifest" | "scores">,
): Promise<ReportPicture[]> {
  const range = colourRange(model.description);
  const found: ReportPicture[] = [];
  for (const { index, score } of rankedByScore(scores).slice(0, SHOWN)) {
    const path = manifest.training.files[index]?.path ?? "";
    const image = await pictureUri(path, model.description.capture);
    if (image === null) continue;
    const { rawMap, rawScore } = await model.predict(path, { maps: false, validity: false });
    const asNew = rawMap === null ? null : scaled(smallMap(rawMap), score / (rawScore || score));
    const map = asNew === null || range === null ? null : await mapUri(asNew, range);
    found.push({ path, set: "training", label: "good", defect: "", score, image, map, mask: null });
  }
  return found;
}

function scaled({ width, height, data }: FloatMap, factor: number): FloatMap {
  return { width, height, data: data.map((value) => value * factor) };
}
