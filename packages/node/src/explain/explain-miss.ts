/**
 * A defect that a model missed, explained: what it scores and where it ranks, which threshold would have found it and what
 * that costs, what is unusual at the place, and on request which other training would have found it. Nothing is changed.
 */
import {
  BlemishError,
  type Mask,
  type MissFacts,
  outlineMask,
  type PlaceExplanation,
  requireTrained,
  type TrainedModelFile,
  visualize,
} from "@blemish/core";
import { encodePng } from "../images/encode-png.js";
import { readImage, readingOf } from "../images/read-image.js";
import { open } from "../model/open.js";
import { presentFiles } from "../training/training-files.js";
import { candidateRecipes } from "./candidates.js";
import { type FurtherGoods, judgeFurther } from "./further-goods.js";
import { type JudgedPlace, judgePlace, openJudge } from "./judge-place.js";
import { type DefectPlace, markedPlace } from "./marked-place.js";
import { type TriedCandidate, type TryOptions, tryCandidates } from "./try-candidates.js";

/** What is asked besides the facts. */
export interface ExplainMissOptions extends Omit<TryOptions, "onProgress"> {
  /** Further good pictures, not used in training: false alarms are measured on them. */
  readonly goods?: readonly string[];
  /** Other ways to train that are tried on the model's own pictures, see `candidateRecipes`. Default: none. */
  readonly candidates?: readonly string[];
  /** Draw the full view with the marked place outlined. Default false. */
  readonly view?: boolean;
  /** Told of the further good pictures ("goods") and of each candidate, by its name. */
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** Everything that was found. */
export interface MissExplanation {
  /** Size of the picture in pixels, upright. */
  readonly width: number;
  readonly height: number;
  /** False where scores and map are raw distances, true where the model gives only normalised ones (Anomalib 2.x). */
  readonly normalised: boolean;
  readonly facts: MissFacts;
  /** Why the hottest point of the marked place is as hot as it is; null for an export that the fast engine does not know. */
  readonly explanation: PlaceExplanation | null;
  /** null unless further good pictures were given. */
  readonly goods: FurtherGoods | null;
  /** null unless candidates were asked for. */
  readonly tried: readonly TriedCandidate[] | null;
  /** A PNG file; null unless it was asked for. */
  readonly view: Uint8Array | null;
}

/**
 * Explains a defect that a model missed, or hit weakly.
 *
 * @param path the model: a model file, or an export, which has no scores of good pictures to rank among.
 * @param picture path of the picture.
 * @param place where the defect is.
 * @throws BlemishError of `open` and `readImage`; MASK, OPTION_VALUE for a place that is none; with candidates
 *   MODEL_NOT_TRAINED for a model that Blemish did not train, TRAINING_PICTURES when its pictures are gone and not among the
 *   further ones, and what training throws; CANCELLED.
 */
export async function explainMiss(
  path: string,
  picture: string,
  place: DefectPlace,
  options: ExplainMissOptions = {},
): Promise<MissExplanation> {
  const { goods = [], candidates = [], view = false, limits, signal } = options;
  const judge = await openJudge(path);
  try {
    const { model, description } = judge;
    const learnt = model?.manifest.origin === "blemish" ? model.manifest.training.files : [];
    const toTry = candidates.length === 0 ? null : await trainedHere(path, judge.model, options);
    const image = await readImage(picture, { ...readingOf(description), ...(limits && { limits }) });
    const mask = await markedPlace(place, image.width, image.height);
    const judged = await judgePlace(judge, image, mask, { heatMap: view });
    const { facts, explanation, result } = judged;
    stopIfCancelled(signal);
    const further =
      goods.length === 0
        ? null
        : await measureFurther(path, goods, learnt, facts.catching?.threshold ?? null, options);
    const tried = toTry && (await tryCandidates({ ...toTry, image, mask, names: candidates }, options));
    return {
      width: image.width,
      height: image.height,
      normalised: result.rawScore === null,
      facts,
      explanation,
      goods: further,
      tried,
      view: view ? await draw(judged, mask) : null,
    };
  } finally {
    await judge.detector.close();
  }
}

/** The model that is to be trained in other ways, and its pictures; checked before anything takes time. */
async function trainedHere(
  path: string,
  model: Parameters<typeof requireTrained>[0] | null,
  { goods = [], candidates = [], signal }: ExplainMissOptions,
): Promise<{ readonly model: TrainedModelFile; readonly pictures: readonly string[] }> {
  if (model === null)
    throw new BlemishError("MODEL_NOT_TRAINED", {
      subject: path,
      expected: "the pictures that it was trained on",
      found: "none",
    });
  const trained = requireTrained(model, path);
  candidateRecipes(candidates, trained.manifest);
  const subject = `The training pictures of ${path}`;
  const { files } = trained.manifest.training;
  const pictures = await presentFiles(files, { subject, elsewhere: goods, ...(signal && { signal }) });
  return { model: trained, pictures };
}

async function measureFurther(
  path: string,
  goods: readonly string[],
  learnt: Parameters<typeof judgeFurther>[2],
  threshold: number | null,
  { limits, signal, onProgress }: ExplainMissOptions,
): Promise<FurtherGoods> {
  const model = await open(path, {
    mode: "throughput",
    ...(limits && { limits }),
    ...(signal && { signal }),
  });
  try {
    const told = (done: number, total: number) => onProgress?.("goods", done, total);
    return await judgeFurther(model, goods, learnt, threshold, {
      ...(signal && { signal }),
      onProgress: told,
    });
  } finally {
    await model.close();
  }
}

/** A colour that no heat map has. */
const MARKED = [255, 0, 255] as const;
const LEGEND = { colour: MARKED, name: "magenta", meaning: "the marked place" };

/** The full view with the marked place outlined in the picture and in the heat map. */
function draw({ result }: JudgedPlace, mask: Mask): Promise<Uint8Array> {
  const { image, heatMap } = result;
  // Two pixels of a panel, which is about 480 pixels wide.
  const thickness = Math.max(1, Math.round(Math.max(image.width, image.height) / 240));
  const outlined = {
    ...result,
    image: outlineMask(image, mask, MARKED, thickness),
    heatMap: heatMap && outlineMask(heatMap, mask, MARKED, thickness),
  };
  return encodePng(visualize(outlined, { mode: "full", task: "segmentation", drawn: LEGEND }));
}

function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new BlemishError("CANCELLED", { subject: "The explanation", cause: signal.reason });
}
