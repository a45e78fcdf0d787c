/**
 * What a model will see and what it will not: defects of known kind, size and contrast are drawn into good pictures that
 * it has not learnt from, and what it says of them is counted. They are drawn, not real: of real ones a test tells.
 */
import {
  BlemishError,
  binomialInterval,
  drawDefect,
  type Interval,
  type Mask,
  maskOfRuns,
  maskPlacer,
  type RgbImage,
  runsOf,
  type SensitivityGroup,
  type SensitivityTry,
  sensitivityGroups,
  type TrainingFile,
} from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";
import { readImage, readingOf } from "../images/read-image.js";
import type { Model } from "../model/model.js";
import type { PictureResult } from "../model/results.js";
import { hashesOf } from "../training/training-files.js";
import {
  type PictureSize,
  type PlannedPlace,
  placesIn,
  type SensitivitySettings,
  type SensitivityWish,
  sensitivitySettings,
  wishesAt,
} from "./sensitivity-plan.js";

/** How it is gone about. */
export interface SensitivityOptions extends SensitivityWish {
  /** What the model has learnt from: such pictures are left out. Default: nobody knows. */
  readonly learnt?: readonly TrainingFile[];
  readonly limits?: Partial<DecodeLimits>;
  readonly signal?: AbortSignal;
  /** Told after each picture that was judged, untouched or with a defect. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was found out. */
export interface Sensitivity {
  readonly settings: SensitivitySettings;
  /** Good pictures that defects were drawn into. */
  readonly pictures: number;
  /** Size of the first of them. */
  readonly width: number;
  readonly height: number;
  /** Side of a pixel on the part; null where the model does not know it. */
  readonly millimetresPerPixel: number | null;
  /** The untouched pictures: how many of those that could be judged are called anomalous. */
  readonly untouched: { readonly judged: number; readonly alarms: number; readonly interval: Interval };
  /** Pictures that were left out because the model has learnt from them, and those that could not be judged. */
  readonly known: number;
  readonly failed: readonly string[];
  /** Pictures with a defect that the model refused to judge; they count as not found. */
  readonly invalid: number;
  readonly groups: readonly SensitivityGroup[];
}

/** A good picture that the model can judge. */
interface GoodPicture extends PictureSize {
  readonly path: string;
  /** Size of the map; null without one. */
  readonly map: PictureSize | null;
  /** What the model marks in it untouched. */
  readonly marked: readonly number[];
}

/**
 * Measures a model.
 * @param model open; several workers are quicker.
 * @param paths good pictures. Places are shared out among them, at most as many pictures as places.
 * @throws BlemishError OPTION_VALUE, see `sensitivitySettings` and `placesIn`; SENSITIVITY_PICTURES when all pictures are
 *   known to the model or none can be judged; CANCELLED; MODEL_CLOSED.
 */
export async function measureSensitivity(
  model: Model,
  paths: readonly string[],
  options: SensitivityOptions = {},
): Promise<Sensitivity> {
  const { learnt = [], signal, onProgress, ...wish } = options;
  // What is wrong with the wish is said before anything is judged, as far as no picture is needed for it.
  sensitivitySettings(
    { ...wish, sizes: wish.sizes ?? [1] },
    { width: Number.MAX_SAFE_INTEGER, height: Number.MAX_SAFE_INTEGER },
  );
  const known = new Set(learnt.map(({ sha256 }) => sha256));
  const hashes = known.size === 0 ? [] : await hashesOf(paths, signal);
  const fresh = paths.filter((_, i) => !known.has(hashes[i] ?? ""));
  if (fresh.length === 0) throw nothingLeft(paths.length, "none that the model has not learnt from");
  const seen = await judgeUntouched(model, fresh, signal);
  const [first] = seen.pictures;
  if (first === undefined) throw nothingLeft(paths.length, "none that the model can judge");
  const settings = sensitivitySettings(wish, smallestOf(seen.pictures));
  const used = spread(seen.pictures, settings.places);
  const each = settings.types.length * settings.sizes.length * settings.contrasts.length;
  const total = settings.places * each;
  const tries: SensitivityTry[] = [];
  let invalid = 0;
  const queue: Drawn[] = [];
  const sources = drawnPictures(model, used, settings, options, queue);
  for await (const one of model.predictMany(sources, { ...(signal && { signal }) })) {
    const drawn = queue.shift()!;
    if (one.error !== undefined) invalid++;
    const found = one.error === undefined && isFound(one.result, drawn);
    const { type, size, contrast } = drawn.wish;
    tries.push({ type, size, contrast, zone: drawn.place.zone, found });
    onProgress?.(tries.length, total);
  }
  return {
    settings,
    pictures: used.length,
    width: first.width,
    height: first.height,
    millimetresPerPixel: model.description.capture?.millimetresPerPixel ?? null,
    untouched: seen.untouched,
    known: paths.length - fresh.length,
    failed: seen.failed,
    invalid,
    groups: sensitivityGroups(tries),
  };
}

async function judgeUntouched(model: Model, paths: readonly string[], signal: AbortSignal | undefined) {
  const pictures: GoodPicture[] = [];
  const failed: string[] = [];
  let alarms = 0;
  for await (const { index, ...one } of model.predictMany(paths, { ...(signal && { signal }) })) {
    if (one.error !== undefined) {
      failed.push(paths[index]!);
      continue;
    }
    const { predLabel, predMask, rawMap, width, height } = one.result;
    if (predLabel) alarms++;
    const marked = predMask === null ? [] : runsOf(predMask);
    pictures.push({ path: paths[index]!, width, height, map: rawMap && sizeOf(rawMap), marked });
  }
  const judged = pictures.length;
  return { pictures, failed, untouched: { judged, alarms, interval: binomialInterval(alarms, judged) } };
}

/** A defect that is on its way through the model. */
interface Drawn {
  readonly wish: ReturnType<typeof wishesAt>[number];
  readonly place: PlannedPlace;
  readonly mask: Mask;
  /** What the model marks in the same picture without the defect. */
  readonly before: Mask;
}

/** Pictures with defects, one good picture after the other; what was drawn is put into the queue. */
async function* drawnPictures(
  { description }: Model,
  pictures: readonly GoodPicture[],
  settings: SensitivitySettings,
  { limits = {} }: SensitivityOptions,
  queue: Drawn[],
): AsyncGenerator<RgbImage, void, void> {
  for (const [n, { path, width, height, map, marked }] of pictures.entries()) {
    const image = await readImage(path, { ...readingOf(description), limits });
    const before = maskOfRuns(marked, width, height);
    const all = settings.types.length * settings.places;
    const indices = Array.from({ length: all }, (_, i) => i).filter(
      (i) => (i % settings.places) % pictures.length === n,
    );
    const asItLies = maskPlacer(image, description.alignment);
    for (const place of placesIn(image, indices, settings, description, map, asItLies))
      for (const wish of wishesAt(place, settings)) {
        const drawn = drawDefect(image, wish);
        queue.push({ wish, place, mask: drawn.mask, before });
        yield drawn.image;
      }
  }
}

/**
 * Found: called anomalous, and some of the defect is marked that is not marked without it. Where nothing is marked in an
 * anomalous picture, the hottest place must lie on the defect or as near as its size.
 */
function isFound(result: PictureResult, drawn: Drawn): boolean {
  const { wish } = drawn;
  const { predLabel, predMask, anomalyMap, regions } = result;
  if (!predLabel) return false;
  if (predMask !== null && regions.length > 0) return isNewlyMarked(predMask, drawn);
  if (anomalyMap === null) return true;
  const { data, width } = anomalyMap;
  let hottest = 0;
  for (let i = 1; i < data.length; i++) if (data[i]! > data[hottest]!) hottest = i;
  const away = Math.hypot((hottest % width) - wish.x, Math.floor(hottest / width) - wish.y);
  return away <= wish.size;
}

/** Whether a pixel of the defect is marked that is not marked without it. */
function isNewlyMarked(marked: Mask, { mask, before, wish }: Drawn): boolean {
  const { width, height, data } = mask;
  const reach = Math.ceil(wish.size / 2) + 2;
  for (let y = Math.max(0, wish.y - reach); y <= Math.min(height - 1, wish.y + reach); y++)
    for (let x = Math.max(0, wish.x - reach); x <= Math.min(width - 1, wish.x + reach); x++) {
      const at = y * width + x;
      if (data[at] !== 0 && marked.data[at] !== 0 && before.data[at] === 0) return true;
    }
  return false;
}

/** As many pictures as there are places at most, from all over the list. */
function spread<T>(pictures: readonly T[], places: number): T[] {
  const count = Math.min(pictures.length, places);
  return Array.from({ length: count }, (_, i) => pictures[Math.floor((i * pictures.length) / count)]!);
}

function smallestOf(pictures: readonly GoodPicture[]): PictureSize {
  const side = ({ width, height }: PictureSize) => Math.min(width, height);
  return pictures.reduce((least, one) => (side(one) < side(least) ? one : least));
}

function sizeOf({ width, height }: PictureSize): PictureSize {
  return { width, height };
}

function nothingLeft(given: number, found: string): BlemishError {
  return new BlemishError("SENSITIVITY_PICTURES", {
    subject: "The sensitivity",
    expected: "good pictures that the model has not learnt from and can judge",
    found: given === 0 ? "no pictures" : `${given} pictures, ${found}`,
  });
}
