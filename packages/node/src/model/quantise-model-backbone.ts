/** Gives a model that was imported from Anomalib the int8 form of its backbone, and says what that changes. */
import {
  BlemishError,
  createArena,
  describeModelFile,
  detectorBytes,
  headBytes,
  type ImportedModelFile,
  learnedDetector,
  type PassManifest,
  predict,
  rawModel,
  type ScoreChange,
  type Session,
  scoreChange,
  withParitySamples,
} from "@blemish/core";
import { type QuantiseOptions, quantiseOnPictures } from "../backbones/quantise-backbone.js";
import { INT8_MODEL } from "../backbones/write-backbone.js";
import { readImage, readingOf } from "../images/read-image.js";
import { ortSession } from "../session/ort-session.js";
import { sha256 } from "../sha256.js";

/** The changed model, and by how much its scores of the pictures differ from before. */
export interface QuantisedModel {
  readonly model: ImportedModelFile;
  readonly change: ScoreChange;
}

/** Part of the work that progress reports name: measuring ranges, then scoring with both models. */
export type QuantiseStage = "measure" | "compare";

/** How the pictures are gone through. */
export interface QuantiseModelOptions extends Omit<QuantiseOptions, "onProgress"> {
  readonly onProgress?: (stage: QuantiseStage, done: number, total: number) => void;
}

/**
 * The model with its backbone in int8: ranges come from the pictures, head and thresholds stay what they are. (A model
 * that Blemish trains is better trained on the int8 backbone's own features: `trainModel` with `precision`.)
 *
 * @param pictures paths of pictures such as the model will see, at least one.
 * @throws BlemishError BACKBONE for a network without convolutions or one that is int8 already, CANCELLED, and what
 *   reading a picture throws.
 */
export async function quantiseModelBackbone(
  model: ImportedModelFile,
  pictures: readonly string[],
  { onProgress, ...options }: QuantiseModelOptions = {},
): Promise<QuantisedModel> {
  const { manifest } = model;
  const subject = `The backbone of ${manifest.imported.file}`;
  const { precision = "float32", input } = manifest.backbone;
  if (precision !== "float32")
    throw new BlemishError("BACKBONE", { subject, expected: "a float32 network", found: precision });
  const { profile } = manifest;
  // An export has one network input.
  const [{ preprocessing, size }] = manifest.passes as [PassManifest];
  const network = { bytes: model.backbone, name: subject, input: input.name, preprocessing, size, profile };
  const total = pictures.length;
  const told = (stage: QuantiseStage) => (done: number) => onProgress?.(stage, done, total);
  const bytes = await quantiseOnPictures(network, pictures, { ...options, onProgress: told("measure") });
  const backbone = {
    ...manifest.backbone,
    model: INT8_MODEL,
    sha256: sha256([bytes]),
    precision: "int8",
  } as const;
  const bare = { ...model, manifest: { ...manifest, backbone, parity: [] }, backbone: bytes };
  const before = await openBackbone(model);
  const after = await openBackbone(bare).catch(async (error: unknown) => {
    await before.close();
    throw error;
  });
  try {
    const changed = await withParitySamples(bare, after, sha256);
    const sides = [
      { model: rawModel(model), session: before },
      { model: rawModel(changed), session: after },
    ];
    const change = await compare(sides, pictures, { ...options, onProgress: told("compare") });
    return { model: changed, change };
  } finally {
    await before.close();
    await after.close();
  }
}

interface Side {
  readonly model: ImportedModelFile;
  readonly session: Session;
}

function openBackbone({ backbone, manifest }: ImportedModelFile): Promise<Session> {
  const name = `The backbone of ${manifest.imported.file}`;
  return ortSession({ bytes: backbone, name }, { threads: 1, spinning: false });
}

/** Scores of the pictures by both models, in raw units. */
async function compare(
  sides: readonly Side[],
  pictures: readonly string[],
  { limits = {}, signal, onProgress }: QuantiseOptions,
): Promise<ScoreChange> {
  const judges = sides.map(({ model, session }) => {
    const arena = createArena(detectorBytes(model.manifest) + headBytes(model));
    const detector = learnedDetector(session, model, arena);
    return { description: describeModelFile(model), detector, scores: [] as number[], threshold: 0 };
  });
  const manifest = sides[0]?.model.manifest;
  const reading = manifest === undefined ? {} : readingOf(manifest);
  for (const [at, path] of pictures.entries()) {
    if (signal?.aborted)
      throw new BlemishError("CANCELLED", { subject: "The comparison", cause: signal.reason });
    const image = await readImage(path, { ...reading, limits });
    for (const judge of judges) {
      const { rawScore, predScore, imageThreshold } = await predict(image, judge, {
        maps: false,
        validity: false,
      });
      judge.scores.push(rawScore ?? predScore);
      judge.threshold = imageThreshold;
    }
    onProgress?.(at + 1);
  }
  const [before, after] = judges;
  return scoreChange(before!, after!);
}
