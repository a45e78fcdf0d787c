/** One picture and a marked place of it, judged in this thread: the facts, and why the place is what it is. */
import { availableParallelism } from "node:os";
import {
  createArena,
  type Detector,
  describeModelFile,
  detectorBytes,
  explainInPicture,
  graphDetector,
  headBytes,
  type ImageResult,
  isCut,
  learnedDetector,
  type Mask,
  type MissFacts,
  type ModelDescription,
  type ModelFile,
  missFacts,
  type PlaceExplanation,
  predict,
  type RgbImage,
} from "@blemish/core";
import { backboneSession } from "../backbones/backbone-session.js";
import { runnableModel } from "../model/model-files.js";
import { prepareModel } from "../model/prepare-model.js";
import { isModelFile, loadModelFile } from "../model/trained-model-file.js";
import { ortSession } from "../session/ort-session.js";

/** A model that is ready to judge in this thread. */
export interface Judge {
  readonly description: ModelDescription;
  /** null = an exported graph that runs whole. */
  readonly model: ModelFile | null;
  readonly detector: Detector;
}

/** What was found at a place. */
export interface JudgedPlace {
  readonly facts: MissFacts;
  /** Why the hottest point of the marked place is as hot as it is; null where the model cannot say it. */
  readonly explanation: PlaceExplanation | null;
  /** The picture's whole result, with its heat map where it was asked for. */
  readonly result: ImageResult;
}

/**
 * Opens a model file, or an export as `open` would.
 * @throws BlemishError of `open`.
 */
export async function openJudge(path: string): Promise<Judge> {
  if (await isModelFile(path)) return judgeOf(await loadModelFile(path));
  const { modelPath, description, shared } = await prepareModel(path, {}, 1);
  if (shared !== null) return { ...(await judgeOf(shared.model)), description };
  const session = await ortSession(await runnableModel(modelPath), {
    threads: availableParallelism(),
    spinning: false,
  });
  return { description, model: null, detector: graphDetector(session, description) };
}

/** A judge of a model in memory. @throws BlemishError MODEL_BROKEN, MODEL_UNSUPPORTED, MEMORY. */
export async function judgeOf(model: ModelFile): Promise<Judge> {
  const { manifest } = model;
  // A copy, because the runtime is not made for memory that threads share.
  const backbone = { manifest: manifest.backbone, modelBytes: model.backbone.slice(), folder: "the model" };
  const frugal = manifest.passes.some(isCut);
  const session = await backboneSession(backbone, { threads: availableParallelism(), frugal });
  const arena = createArena(detectorBytes(manifest) + headBytes(model));
  return { description: describeModelFile(model), model, detector: learnedDetector(session, model, arena) };
}

/**
 * Judges the picture and looks at the place.
 * @param mask of the picture's size, 1 = marked.
 * @throws BlemishError of core's `predict` and `missFacts`.
 */
export async function judgePlace(
  judge: Judge,
  image: RgbImage,
  mask: Mask,
  { heatMap = false }: { readonly heatMap?: boolean } = {},
): Promise<JudgedPlace> {
  const result = await predict(image, judge, { heatMap, validity: false });
  const facts = missFacts(result, mask, judge);
  return { facts, explanation: explainInPicture(image, judge, facts.place), result };
}
