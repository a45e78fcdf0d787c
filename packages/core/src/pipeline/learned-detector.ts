/**
 * A model file, ready to detect: backbone → embeddings → distances → map, for every input of the network. Everything
 * between the backbone's taps and the finished map lives in one arena, where the compiled kernels work on it; nothing else
 * is allocated for a picture.
 */

import { cellCount } from "../bundle/cell-count.js";
import { byPass, detectorsOf } from "../bundle/detectors-of.js";
import type { DetectorManifest, ModelManifest } from "../bundle/manifest.js";
import type { ModelFile, StoredDetector } from "../bundle/model-file.js";
import { thumbnailOf } from "../bundle/thumbnails.js";
import { BlemishError } from "../errors.js";
import type { Arena } from "../kernels/arena.js";
import { extractTaps } from "../stages/backbone/extract-taps.js";
import type { Detection, Detector, Session } from "../stages/detector/detector.js";
import type { PlaceExplanation } from "../stages/detector/explanation.js";
import { normaliseAsGraph } from "../stages/detector/normalise-as-graph.js";
import { type EmbeddingRoom, type EmbeddingSpec, embed, embeddingRoom } from "../stages/embedding/embed.js";
import { markedPlaces } from "../stages/region/runs.js";
import {
  type ScoredMap,
  type ScoreMapSpec,
  scoreMapBytes,
  scoreMapper,
} from "../stages/score-map/score-map.js";
import type { Tensor } from "../tensor.js";
import { distanceGrids } from "./distance-grids.js";
import { explainPlace } from "./explain-place.js";
import { headArrayBytes, headWorkBytes, placeHeads, type ShareHead } from "./stored-head.js";

/**
 * The detector of a model file.
 * @param session runs the model's backbone.
 * @param arena with room for `detectorBytes(model)`. Where the model's arrays are in its memory they are used in place;
 *   else they are copied, which takes `headBytes(model)` more.
 * @param share who does the parts of the heads' distances; the results are the same. Default: this thread. Others need
 *   `helperWork`.
 * @throws MEMORY when the arena is too small.
 */
export function learnedDetector(
  session: Session,
  model: ModelFile,
  arena: Arena,
  share?: ShareHead,
): Detector {
  const { manifest } = model;
  const { backbone, passes } = manifest;
  const scorer = learnedScorer(model, arena, share);
  const total = backbone.taps.reduce((sum, { channels }) => sum + channels, 0);
  const places = detectorsOf(manifest).map((detector, i): DetectorPlace => {
    const spec = embeddingSpec(detector, model.detectors[i]);
    const cells = cellCount(detector);
    return { detector, spec, room: embeddingRoom(spec, total, cells, scorer.embeddings[i]) };
  });
  const grouped = byPass(manifest, places);
  return {
    inputs: passes.map(({ preprocessing }) => preprocessing),
    ...(passes.some(({ tiles }) => tiles) && { inParts: passes.map(({ tiles }) => tiles !== undefined) }),
    async detect(inputs) {
      if (inputs.length !== passes.length) throw otherInputs(passes.length, inputs.length);
      for (const [i, input] of inputs.entries()) {
        const taps = await extractTaps(session, backbone, input, passes[i].tiles);
        for (const place of grouped[i]) fill(place, taps);
      }
      return detectionOf(scorer.scoredMap(), manifest);
    },
    explain: (place) => scorer.explain(place),
    thumbnail: (picture) => thumbnailOf(model.thumbnails, picture),
    close: () => session.close(),
  };
}

/** A detector and where its embedding goes. */
interface DetectorPlace {
  readonly detector: DetectorManifest;
  readonly spec: EmbeddingSpec;
  readonly room: EmbeddingRoom;
}

function fill({ detector, spec, room }: DetectorPlace, taps: readonly Tensor[]): void {
  const { width } = embed(taps, spec, room);
  if (width !== detector.grid.width) throw otherGrid(detector, width);
}

/** The part of the detector after the embeddings. */
export interface LearnedScorer {
  /** `[channels, cells]` for each detector: to be filled with a picture's embeddings. */
  readonly embeddings: readonly Float32Array[];
  /** Distances of the embeddings that were filled in, `[cells]` for each detector; overwritten by the next call. */
  distances(): readonly Float32Array[];
  /** Map and score of the embeddings that were filled in; the map is new every time. */
  scoredMap(): ScoredMap;
  /** Why a place of the picture that was scored last is hot. @param place shares of the picture's sides. */
  explain(place: { readonly x: number; readonly y: number }): PlaceExplanation;
}

/** A scorer in an arena, see `learnedDetector`. */
export function learnedScorer(model: ModelFile, arena: Arena, share?: ShareHead): LearnedScorer {
  const heads = placeHeads(model, arena, share);
  const toMap = scoreMapper(scoreMapSpec(model.manifest), arena);
  const embeddings = heads.map(({ embedding }) => embedding);
  let last: readonly Float32Array[] = [];
  const distances = () => {
    last = heads.map((head) => head.distances());
    return last;
  };
  return {
    embeddings,
    distances,
    scoredMap: () => {
      const own = distances();
      // A head that has a score of its own is alone.
      const score = heads[0].score?.();
      const scored = toMap(own);
      return score === undefined ? scored : { ...scored, score };
    },
    explain: (place) => explainPlace(model, embeddings, last, place),
  };
}

/** How the model's taps become a detector's embeddings. */
export function embeddingSpec(
  { embedding, cells }: DetectorManifest,
  { projection }: StoredDetector,
): EmbeddingSpec {
  const { grid, neighbourhood, scales, channels, projectionRows: rows, enlargement } = embedding;
  return {
    grid,
    neighbourhood,
    scales,
    channels,
    ...(enlargement !== undefined && { enlargement }),
    projection: projection === null ? null : { rows, data: projection },
    ...(cells !== undefined && { places: markedPlaces(cells) }),
  };
}

/** How the model's distances become a map. */
export function scoreMapSpec(manifest: ModelManifest): ScoreMapSpec {
  const factors = detectorsOf(manifest).map(({ factor }) => factor);
  const grids = distanceGrids(manifest.passes, factors);
  const zones = manifest.decision?.zones;
  return { grids, ...manifest.size, ...manifest.map, ...(zones !== undefined && { zones }) };
}

/** Bytes of an arena that a detector works in, the model itself not included. */
export function detectorBytes(manifest: ModelManifest): number {
  const heads = detectorsOf(manifest).map(headWorkBytes);
  return heads.reduce((sum, bytes) => sum + bytes, scoreMapBytes(scoreMapSpec(manifest)));
}

/** Bytes that copies of a model's heads take of an arena. */
export function headBytes({ detectors }: ModelFile): number {
  return detectors.reduce((sum, { head }) => sum + headArrayBytes(head), 0);
}

/** What leaves the detector; `normaliseAsGraph` stands for what a graph of Anomalib 2.x does with its map and score. */
function detectionOf({ map, score, zones }: ScoredMap, manifest: ModelManifest): Detection {
  const scored = { map, score, ...(zones !== undefined && { zones }) };
  const raw: Detection = { ...scored, label: null, mask: null, normalised: false };
  if (manifest.origin === "blemish") return raw;
  const { normaliser, decisions, description } = manifest.imported;
  const detection =
    normaliser === null || decisions === null ? raw : normaliseAsGraph({ map, score }, normaliser, decisions);
  return description.scoreSource === "output" ? detection : { ...detection, score: null };
}

function otherInputs(passes: number, found: number): BlemishError {
  return new BlemishError("MODEL_INPUT", {
    subject: "The model",
    expected: `${passes} tensors, one for each of its network inputs`,
    found: `${found}`,
  });
}

function otherGrid({ grid }: DetectorManifest, found: number): BlemishError {
  return new BlemishError("MODEL_OUTPUT", {
    subject: "The backbone",
    expected: `a grid ${grid.width} cells wide`,
    found: `${found}`,
  });
}
