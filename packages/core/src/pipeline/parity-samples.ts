/** What a finished model says of formula pictures: kept in its file as proof that another machine computes the same. */
import type { ModelManifest, ParitySample, PassManifest } from "../bundle/manifest.js";
import type { ImportedModelFile, ModelFile } from "../bundle/model-file.js";
import { createArena } from "../kernels/arena.js";
import { extractTaps } from "../stages/backbone/extract-taps.js";
import type { Session } from "../stages/detector/detector.js";
import { type Embedding, embed } from "../stages/embedding/embed.js";
import { formulaPicture } from "../stages/image/formula-picture.js";
import type { FloatMap, RgbImage } from "../stages/image/image.js";
import { resizeNearest } from "../stages/image/resize-nearest.js";
import { preProcess, preProcessedSize } from "../stages/preprocess/pre-process.js";
import { detectorBytes, embeddingSpec, headBytes, learnedScorer } from "./learned-detector.js";

/** Seeds and side of the formula pictures that a model is sampled with. */
const PARITY_SEEDS = [1, 2];
const PARITY_SIDE = 128;

/**
 * The samples of a model, in raw units.
 * @param embedPicture embeds a picture for each detector, the way the model's predictions do.
 */
export async function paritySamples(
  model: ModelFile,
  embedPicture: (picture: RgbImage) => Promise<readonly Embedding[]>,
): Promise<ParitySample[]> {
  const scorer = learnedScorer(model, createArena(detectorBytes(model.manifest) + headBytes(model)));
  const samples: ParitySample[] = [];
  for (const seed of PARITY_SEEDS) {
    const embeddings = await embedPicture(parityPicture(seed, model.manifest));
    for (const [i, { data }] of embeddings.entries()) scorer.embeddings[i].set(data);
    const { map, score } = scorer.scoredMap();
    samples.push({ seed, rawScore: score, rawMap: parityPlaces(map) });
  }
  return samples;
}

/** A formula picture, for a model that judges pictures of one size only in that size. */
export function parityPicture(seed: number, { picture }: Pick<ModelManifest, "picture">): RgbImage {
  const formula = formulaPicture(seed, PARITY_SIDE);
  return picture === undefined ? formula : resizeNearest(formula, picture.width, picture.height);
}

/**
 * An imported model with its samples; as it is where its preprocessing leaves pictures of another size than it takes.
 * @param session runs the model's backbone.
 * @throws BlemishError of the stages, for a network that does not give what the manifest says.
 */
export async function withParitySamples(
  model: ImportedModelFile,
  session: Session,
): Promise<ImportedModelFile> {
  const { manifest } = model;
  const { input } = manifest.imported.description;
  // An export has one network input and one detector.
  const [{ preprocessing, detectors }] = manifest.passes as [PassManifest];
  const size = preProcessedSize(preprocessing, PARITY_SIDE, PARITY_SIDE);
  if ((input.width ?? size.width) !== size.width || (input.height ?? size.height) !== size.height)
    return model;
  const specs = detectors.map((detector, i) => embeddingSpec(detector, model.detectors[i]));
  const parity = await paritySamples(model, async (picture) => {
    const taps = await extractTaps(session, manifest.backbone, preProcess(picture, preprocessing));
    return specs.map((spec) => embed(taps, spec));
  });
  return { ...model, manifest: { ...manifest, parity } };
}

/** The map at the centres of a 4 × 4 grid, row-major. */
export function parityPlaces({ width, height, data }: FloatMap): number[] {
  const at = (length: number, i: number) => Math.floor(((i + 0.5) * length) / 4);
  return Array.from(
    { length: 16 },
    (_, i) => data[at(height, Math.floor(i / 4)) * width + at(width, i % 4)]!,
  );
}
