/** What a finished model says of formula pictures: kept in its file as proof that another machine computes the same. */
import type { ParitySample, PassManifest } from "../bundle/manifest.js";
import type { ImportedModelFile, ModelFile, Sha256 } from "../bundle/model-file.js";
import { createArena } from "../kernels/arena.js";
import { extractTaps } from "../stages/backbone/extract-taps.js";
import type { Session } from "../stages/detector/detector.js";
import { type Embedding, embed } from "../stages/embedding/embed.js";
import { formulaPicture } from "../stages/image/formula-picture.js";
import type { FloatMap, RgbImage } from "../stages/image/image.js";
import { resizeNearest } from "../stages/image/resize-nearest.js";
import { preProcess, preProcessedSize } from "../stages/preprocess/pre-process.js";
import type { Tensor } from "../tensor.js";
import { detectorBytes, embeddingSpec, headBytes, learnedScorer } from "./learned-detector.js";

/** Seeds and side of the formula pictures that a model is sampled with. */
const PARITY_SEEDS = [1, 2];
const PARITY_SIDE = 128;

/**
 * The samples of a model, in raw units.
 * @param embedPicture embeds a picture for each detector, the way the model's predictions do.
 * @param sha256 of the tensors; null = the samples say nothing of them.
 */
export async function paritySamples(
  model: ModelFile,
  embedPicture: (picture: RgbImage) => Promise<readonly Embedding[]>,
  sha256: Sha256 | null,
): Promise<ParitySample[]> {
  const scorer = learnedScorer(model, createArena(detectorBytes(model.manifest) + headBytes(model)));
  const samples: ParitySample[] = [];
  for (const seed of PARITY_SEEDS) {
    const picture = parityPicture(seed, model.manifest);
    const inputs = sha256 === null ? null : inputHashes(picture, model.manifest, sha256);
    const embeddings = await embedPicture(picture);
    for (const [i, { data }] of embeddings.entries()) scorer.embeddings[i].set(data);
    const { map, score } = scorer.scoredMap();
    samples.push({ seed, ...(inputs && { inputs }), rawScore: score, rawMap: parityPlaces(map) });
  }
  return samples;
}

/**
 * What preprocessing makes of a picture, told by the hash of each pass's tensor.
 * @returns null where a pass is cut into tiles: its tensor is never whole in memory.
 */
export function inputHashes(
  picture: RgbImage,
  { passes }: { readonly passes: readonly Pick<PassManifest, "preprocessing" | "tiles">[] },
  sha256: Sha256,
): string[] | null {
  if (passes.some(({ tiles }) => tiles !== undefined)) return null;
  return passes.map(({ preprocessing }) => tensorHash(preProcess(picture, preprocessing), sha256));
}

/** SHA-256 of a tensor's values as they lie in memory: float32, little-endian. */
export function tensorHash({ data }: Pick<Tensor, "data">, sha256: Sha256): string {
  return sha256([new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}

/** A formula picture, for a model that judges pictures of one size only in that size. */
export function parityPicture(
  seed: number,
  { picture }: { readonly picture?: { readonly width: number; readonly height: number } | undefined },
): RgbImage {
  const formula = formulaPicture(seed, PARITY_SIDE);
  return picture === undefined ? formula : resizeNearest(formula, picture.width, picture.height);
}

/**
 * An imported model with its samples; as it is where its preprocessing leaves pictures of another size than it takes.
 * @param session runs the model's backbone.
 * @param sha256 of the tensors, see `paritySamples`.
 * @throws BlemishError of the stages, for a network that does not give what the manifest says.
 */
export async function withParitySamples(
  model: ImportedModelFile,
  session: Session,
  sha256: Sha256 | null,
): Promise<ImportedModelFile> {
  const { manifest } = model;
  const { input } = manifest.imported.description;
  // An export has one network input and one detector.
  const [{ preprocessing, detectors }] = manifest.passes as [PassManifest];
  const size = preProcessedSize(preprocessing, PARITY_SIDE, PARITY_SIDE);
  if ((input.width ?? size.width) !== size.width || (input.height ?? size.height) !== size.height)
    return model;
  const specs = detectors.map((detector, i) => embeddingSpec(detector, model.detectors[i]));
  const embedPicture = async (picture: RgbImage) => {
    const taps = await extractTaps(session, manifest.backbone, preProcess(picture, preprocessing));
    return specs.map((spec) => embed(taps, spec));
  };
  const parity = await paritySamples(model, embedPicture, sha256);
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
