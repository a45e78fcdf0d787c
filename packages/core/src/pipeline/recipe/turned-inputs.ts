/**
 * A region of interest on mirrored and turned copies of a picture: the region turns with the part, so that what is ignored
 * stays out of the memory bank.
 */
import { cellCount } from "../../bundle/cell-count.js";
import type { EmbeddingSpec } from "../../stages/embedding/embed.js";
import { cropAt } from "../../stages/image/crop-at.js";
import type { Mask, RgbImage } from "../../stages/image/image.js";
import { turnedPictures } from "../../stages/image/turned-pictures.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import { markedPlaces } from "../../stages/region/runs.js";
import { judgedArea } from "../../stages/region/trained-picture.js";
import { judgedInput } from "./judged-input.js";
import type { DetectorRecipe, PassRecipe, Recipe } from "./recipe-types.js";

/** How one copy becomes the embeddings of one input; it is made of the view, so that nothing is cropped any more. */
export interface TurnedInput {
  readonly preprocessing: readonly PreprocessStep[];
  /** One for each detector, all with as many places as the picture itself. */
  readonly embeddings: readonly EmbeddingSpec[];
}

/**
 * The inputs of all copies of `turnedPictures`, one for each pass; null where copies are treated as the picture is, because
 * all of it is looked at.
 */
export function turnedInputs({ picture, passes }: Recipe): TurnedInput[][] | null {
  const judged = picture && judgedArea(picture, picture);
  if (picture === undefined || !judged) return null;
  const view = { x: 0, y: 0, width: picture.view.width, height: picture.view.height };
  return turnedPictures(asPicture(cropAt(judged, picture.view))).map((copy) => {
    const mask = asMask(copy);
    return passes.map((pass): TurnedInput => {
      const { size, content = { x: 0, y: 0, ...size } } = pass;
      const [{ grid }] = pass.detectors as readonly [DetectorRecipe];
      const { painted, cells } = judgedInput(mask, view, { size, content }, grid);
      const all = cells ?? [0, grid.width * grid.height];
      return {
        preprocessing: stepsFor(pass, painted),
        embeddings: pass.detectors.map((detector) => ({
          ...detector.embedding,
          places: spread(markedPlaces(all), cellCount(detector)),
        })),
      };
    });
  });
}

function stepsFor({ preprocessing }: PassRecipe, painted: readonly number[] | null): PreprocessStep[] {
  const steps = preprocessing.filter(({ type }) => type !== "crop" && type !== "paint");
  const own = preprocessing.find((step) => step.type === "paint");
  if (painted === null || own === undefined) return steps;
  return [...steps.slice(0, -1), { ...own, runs: painted }, ...steps.slice(-1)];
}

/** So many of the places, evenly spaced; some twice where there are too few. */
function spread(places: Int32Array, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => places[Math.floor((i * places.length) / count)]);
}

function asPicture({ width, height, data }: Mask): RgbImage {
  return {
    width,
    height,
    channels: 3,
    data: Uint8Array.from({ length: 3 * data.length }, (_, i) => 255 * data[Math.floor(i / 3)]),
  };
}

/** Only what is wholly inside. */
function asMask({ width, height, data }: RgbImage): Mask {
  return {
    width,
    height,
    channels: 1,
    data: Uint8Array.from({ length: width * height }, (_, i) => Number(data[3 * i] === 255)),
  };
}
