/** What several weighings of a model's detectors say of held-out pictures, of defects pasted into them, and of bad ones. */
import {
  BlemishError,
  byPass,
  createArena,
  type DetectorManifest,
  describeModelFile,
  detectorBytes,
  detectorsOf,
  type Embedding,
  embeddingSpec,
  headBytes,
  isCut,
  judgedArea,
  type LabelledScores,
  learnedScorer,
  maskPlacer,
  pasteDefect,
  scoreMapper,
  scoreMapSpec,
  type TrainedModelFile,
} from "@blemish/core";
import { backboneSession } from "../backbones/backbone-session.js";
import type { DecodeLimits } from "../images/decode-limits.js";
import { type ImageSource, readImage, readingOf } from "../images/read-image.js";
import { type EmbeddingSetup, embedder } from "../training/embedder.js";

/** Pasted defects for each held-out picture. */
export const DEFECTS_EACH = 2;

/** What is judged. */
export interface JudgedPictures {
  /** Good ones that the model has not seen. */
  readonly held: readonly string[];
  /** Pictures of real defects; may be empty. */
  readonly bad: readonly string[];
}

/** Scores by one weighing. */
export interface SyntheticScores {
  /** Held-out pictures, and what was pasted into them: picture after picture, {@link DEFECTS_EACH} each. */
  readonly pasted: LabelledScores;
  /** Held-out pictures, and the real defects. */
  readonly real: LabelledScores;
}

/** How the pictures are gone through. */
export interface SyntheticOptions {
  readonly limits?: Partial<DecodeLimits>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Scores by each weighing.
 * @param weighings factors of the model's detectors; 0 = the detector does not count.
 * @throws BlemishError CANCELLED, and what reading a picture throws.
 */
export async function syntheticScores(
  model: TrainedModelFile,
  { held, bad }: JudgedPictures,
  weighings: readonly (readonly number[])[],
  { limits = {}, signal, onProgress }: SyntheticOptions = {},
): Promise<SyntheticScores[]> {
  const { manifest } = model;
  const backbone = { manifest: manifest.backbone, modelBytes: model.backbone, folder: "the model" };
  const session = await backboneSession(backbone, { threads: 1, frugal: manifest.passes.some(isCut) });
  const server = embedder(session, setupOfModel(model, limits));
  const judge = judgeOf(model, weighings);
  const { picture, alignment } = describeModelFile(model);
  const out = weighings.map(() => ({ good: [] as number[], pasted: [] as number[], real: [] as number[] }));
  const total = held.length + bad.length;
  const score = async (source: ImageSource, kind: keyof (typeof out)[number]) => {
    if (signal?.aborted)
      throw new BlemishError("CANCELLED", { subject: "The comparison", cause: signal.reason });
    const { copies } = (await server.run({ source, turned: false })).value;
    for (const [i, value] of judge(copies[0]!).entries()) out[i]![kind].push(value);
  };
  try {
    for (const [i, path] of held.entries()) {
      const image = await readImage(path, { ...readingOf(manifest), limits });
      await score(image, "good");
      const judged = judgedArea(image, picture);
      const area = judged && maskPlacer(image, alignment)(judged);
      for (let n = 0; n < DEFECTS_EACH; n++)
        await score(pasteDefect(image, i * DEFECTS_EACH + n, { area }).image, "pasted");
      onProgress?.(i + 1, total);
    }
    for (const [i, path] of bad.entries()) {
      await score(path, "real");
      onProgress?.(held.length + i + 1, total);
    }
  } finally {
    await server.close();
  }
  return out.map(({ good, pasted, real }) => ({
    pasted: { good, anomalous: pasted },
    real: { good, anomalous: real },
  }));
}

/** From a picture's embeddings to its score by each weighing. */
function judgeOf(model: TrainedModelFile, weighings: readonly (readonly number[])[]) {
  const arena = createArena(detectorBytes(model.manifest) + headBytes(model));
  const scorer = learnedScorer(model, arena);
  const [{ head }] = detectorsOf(model.manifest) as [DetectorManifest];
  const ownScore = head.kind === "patchcore" && head.neighbours !== undefined;
  const spec = scoreMapSpec(model.manifest);
  const mappers = weighings.map((factors) =>
    scoreMapper({ ...spec, grids: spec.grids.map((grid, i) => ({ ...grid, factor: factors[i]! })) }),
  );
  return (embeddings: readonly Embedding[]): number[] => {
    for (const [i, { data }] of embeddings.entries()) scorer.embeddings[i]!.set(data);
    // A head with a score of its own is alone: there is nothing to weigh it against.
    if (ownScore) return weighings.map(() => scorer.scoredMap().score);
    const distances = scorer.distances();
    return mappers.map((toMap) => toMap(distances).score);
  };
}

/** What embeds pictures as the model's predictions do. */
function setupOfModel(model: TrainedModelFile, limits: Partial<DecodeLimits>): EmbeddingSetup {
  const { manifest, backbone, detectors } = model;
  const { alignment } = describeModelFile(model);
  const specs = detectorsOf(manifest).map((detector, i) => embeddingSpec(detector, detectors[i]!));
  const embeddings = byPass(manifest, specs);
  const passes = manifest.passes.map(({ preprocessing, tiles }, i) => ({
    ...(tiles && { tiles }),
    preprocessing,
    embeddings: embeddings[i]!,
  }));
  const { capture, picture } = manifest;
  return {
    backbone: { manifest: manifest.backbone, modelBytes: backbone },
    passes,
    ...(picture && { picture }),
    ...(capture && { capture }),
    ...(alignment && { alignment }),
    limits,
    threads: 1,
  };
}
