/**
 * A model file, ready to detect: backbone → embedding → distances → map. Everything between the backbone's taps and
 * the finished map lives in one arena, where the compiled kernels work on it; nothing else is allocated for a picture.
 */
import type { ModelManifest } from "../bundle/manifest.js";
import type { ModelFile } from "../bundle/model-file.js";
import { BlemishError } from "../errors.js";
import type { Arena } from "../kernels/arena.js";
import { extractTaps } from "../stages/backbone/extract-taps.js";
import type { Detection, Detector, Session } from "../stages/detector/detector.js";
import { normaliseAsGraph } from "../stages/detector/normalise-as-graph.js";
import { type EmbeddingSpec, embed, embeddingRoom } from "../stages/embedding/embed.js";
import {
  distanceWork,
  distanceWorkBytes,
  packedDistanceBytes,
  packedDistances,
  type SharePart,
} from "../stages/padim/packed-distances.js";
import { placeGaussians } from "../stages/padim/place-gaussians.js";
import {
  type ScoredMap,
  type ScoreMapSpec,
  scoreMapBytes,
  scoreMapper,
} from "../stages/score-map/score-map.js";

/**
 * The detector of a model file.
 * @param session runs the model's backbone.
 * @param arena with room for `detectorBytes(model.manifest)`. Where the model's arrays are in its memory they are used in
 *   place; else they are copied, which takes `headBytes(model.head)` more.
 * @param share who does the distances' parts; the results are the same. Default: this thread. Others need `helperWork`.
 * @throws MEMORY when the arena is too small.
 */
export function learnedDetector(
  session: Session,
  model: ModelFile,
  arena: Arena,
  share?: SharePart,
): Detector {
  const { manifest } = model;
  const { backbone, head } = manifest;
  const spec = embeddingSpec(model);
  const scorer = learnedScorer(model, arena, share);
  const total = backbone.taps.reduce((sum, { channels }) => sum + channels, 0);
  const room = embeddingRoom(spec, total, head.gridWidth * head.gridHeight, scorer.embedding);
  return {
    async detect(input) {
      const { width } = embed(await extractTaps(session, backbone, input), spec, room);
      checkGrid(width, manifest);
      return detectionOf(scorer.scoredMap(), manifest);
    },
    close: () => session.close(),
  };
}

/** The part of the detector after the embedding. */
export interface LearnedScorer {
  /** `[channels, cells]`: to be filled with a picture's embedding. */
  readonly embedding: Float32Array;
  /** Map and score of the embedding that was filled in; the map is new every time. */
  scoredMap(): ScoredMap;
}

/** A scorer in an arena, see `learnedDetector`. */
export function learnedScorer(model: ModelFile, arena: Arena, share?: SharePart): LearnedScorer {
  const { embedding, distances } = packedDistances(placeGaussians(model.head, arena), arena, share);
  const toMap = scoreMapper(scoreMapSpec(model.manifest), arena);
  return { embedding, scoredMap: () => toMap(distances()) };
}

/**
 * What another thread does for a detector: parts of the distances.
 * @param model all of it in the memory that the threads share.
 * @param arena over the detector's part of that memory.
 * @param scratch for this thread alone, with room for `helperBytes(model.manifest)`.
 */
export function helperWork(model: ModelFile, arena: Arena, scratch: Arena): (part: number) => void {
  return distanceWork(model.head, arena, scratch);
}

/** Bytes of shared memory that `helperWork` takes for itself. */
export function helperBytes({ head }: ModelManifest): number {
  return distanceWorkBytes(head.channels);
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

/** Bytes of an arena that a detector works in, the model itself not included. */
export function detectorBytes(manifest: ModelManifest): number {
  const { channels, gridWidth, gridHeight } = manifest.head;
  return packedDistanceBytes(channels, gridWidth * gridHeight) + scoreMapBytes(scoreMapSpec(manifest));
}

/** What leaves the detector; `normaliseAsGraph` stands for what a graph of Anomalib 2.x does with its map and score. */
function detectionOf({ map, score }: ScoredMap, manifest: ModelManifest): Detection {
  const raw: Detection = { map, score, label: null, mask: null, normalised: false };
  if (manifest.origin === "blemish") return raw;
  const { normaliser, decisions, description } = manifest.imported;
  const detection =
    normaliser === null || decisions === null ? raw : normaliseAsGraph({ map, score }, normaliser, decisions);
  return description.scoreSource === "output" ? detection : { ...detection, score: null };
}

function checkGrid(width: number, { head }: ModelManifest): void {
  if (width === head.gridWidth) return;
  throw new BlemishError("MODEL_OUTPUT", {
    subject: "The backbone",
    expected: `a grid ${head.gridWidth} cells wide`,
    found: `${width}`,
  });
}
