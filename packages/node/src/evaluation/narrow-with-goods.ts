/** A trained model that is to judge less of its pictures, calibrated again on good ones. The arithmetic is core's. */
import {
  BlemishError,
  calibrateOnGoods,
  type GoodPicture,
  narrowModel,
  predict,
  type RegionShape,
  shapeText,
  type TrainedModelFile,
} from "@blemish/core";
import { judgeOf } from "../explain/judge-place.js";
import { readImage, readingOf } from "../images/read-image.js";
import { readImageFile } from "../images/read-image-file.js";
import { sha256 } from "../sha256.js";

/** How it runs. */
export interface NarrowOptions {
  readonly signal?: AbortSignal;
  readonly onPicture?: (done: number, total: number) => void;
}

/** The changed model, and pictures that were left out because it was trained on them. */
export interface NarrowedModel {
  readonly model: TrainedModelFile;
  /** Pictures that the thresholds rest on. */
  readonly used: number;
  readonly known: readonly string[];
}

/**
 * The model without what the shapes cover, with thresholds from the good pictures that it was not trained on: it would score
 * the others too low.
 * @throws BlemishError REGION, PICTURE_SIZE, OPTION_VALUE, MODEL_STATISTICS, CANCELLED, and what reading a picture throws.
 */
export async function narrowWithGoods(
  before: TrainedModelFile,
  shapes: readonly RegionShape[],
  goods: readonly string[],
  { signal, onPicture }: NarrowOptions = {},
): Promise<NarrowedModel> {
  const trained = new Set(before.manifest.training.files.map((file) => file.sha256));
  const [fresh, known]: [string[], string[]] = [[], []];
  for (const path of goods) (trained.has(sha256([await readImageFile(path, {})])) ? known : fresh).push(path);
  const reading = readingOf(before.manifest);
  const [first] = fresh;
  if (first === undefined) return { model: calibrateOnGoods(before, [], ""), used: 0, known };
  const narrowed = narrowModel(before, shapes, await readImage(first, reading));
  const judge = await judgeOf(narrowed);
  const found: GoodPicture[] = [];
  try {
    for (const path of fresh) {
      if (signal?.aborted)
        throw new BlemishError("CANCELLED", { subject: "The calibration", cause: signal.reason });
      const { rawScore, rawMap } = await predict(await readImage(path, reading), judge, { maps: false });
      found.push({
        score: rawScore ?? Number.NaN,
        peak: rawMap?.data.reduce((a, b) => Math.max(a, b), 0) ?? Number.NaN,
      });
      onPicture?.(found.length, fresh.length);
    }
  } finally {
    await judge.detector.close();
  }
  const words = shapes.map(shapeText).join("; ");
  const reason = `calibrate --ignore ${words}, on ${found.length} good pictures`;
  return { model: calibrateOnGoods(narrowed, found, reason), used: found.length, known };
}
