/** A model that Blemish trained, ready to detect: backbone → embedding → distances → map. */

import type { ModelManifest } from "../bundle/manifest.js";
import type { ModelFile } from "../bundle/model-file.js";
import { type Kernels, LANES } from "../kernels/kernels.js";
import { extractTaps } from "../stages/backbone/extract-taps.js";
import type { Detector, Session } from "../stages/detector/detector.js";
import { type Embedding, type EmbeddingSpec, embed } from "../stages/embedding/embed.js";
import type { Gaussians } from "../stages/padim/gaussian.js";
import { distanceScorer, distances } from "../stages/padim/mahalanobis.js";
import { type ScoredMap, type ScoreMapSpec, scoreMapper } from "../stages/score-map/score-map.js";

/**
 * The detector of a trained model.
 * @param session runs the model's backbone.
 * @param kernels with room for `gaussianBytes(channels, cells)`.
 */
export function learnedDetector(session: Session, model: ModelFile, kernels: Kernels): Detector {
  const spec = embeddingSpec(model);
  const toMap = learnedScorer(model, kernels);
  return {
    async detect(input) {
      const taps = await extractTaps(session, model.manifest.backbone, input);
      const { map, score } = toMap(embed(taps, spec));
      return { map, score, label: null, mask: null, normalised: false };
    },
    close: () => session.close(),
  };
}

/** The part of the detector after the backbone: embedding → map and score. */
export function learnedScorer(model: ModelFile, kernels: Kernels): (embedding: Embedding) => ScoredMap {
  const scorer = distanceScorer(gaussiansOf(model, kernels), kernels);
  const toMap = scoreMapper(scoreMapSpec(model.manifest));
  return ({ data }) => toMap(distances(scorer, data));
}

/** How the model's taps become embeddings. */
export function embeddingSpec({
  manifest,
  projection,
}: Pick<ModelFile, "manifest" | "projection">): EmbeddingSpec {
  const { grid, scales, channels, projectionRows } = manifest.embedding;
  return {
    grid,
    scales,
    channels,
    projection: projection === null ? null : { rows: projectionRows, data: projection },
  };
}

/** How the model's distances become a map. */
export function scoreMapSpec({ head, size, map }: ModelManifest): ScoreMapSpec {
  const { gridWidth, gridHeight } = head;
  return { gridWidth, gridHeight, ...size, ...map };
}

/** The stored Gaussians in the kernels' memory. */
function gaussiansOf({ manifest, mean, factor }: ModelFile, kernels: Kernels): Gaussians {
  const { channels, gridWidth, gridHeight, pool, count, ridge } = manifest.head;
  const copy = (values: Float32Array) => {
    const array = kernels.float64(values.length);
    array.set(values);
    return array;
  };
  return {
    channels,
    cells: gridWidth * gridHeight,
    width: gridWidth,
    pool,
    count,
    ridge,
    mean: copy(mean),
    factor: copy(factor),
  };
}

/** Bytes of kernel memory that a trained model needs to detect. */
export function detectorBytes(
  { mean, factor }: Pick<ModelFile, "mean" | "factor">,
  channels: number,
): number {
  return 8 * (mean.length + factor.length + (channels + 1) * LANES) + 4096;
}
