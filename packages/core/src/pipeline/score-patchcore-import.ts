/**
 * A PatchCore export that was recognised, on our own kernels: from the taps of a picture to its anomaly map and both of its
 * scores. Everything between lives in one arena.
 */
import type { RecognisedPatchcore } from "../anomalib/recognise-patchcore.js";
import { BlemishError } from "../errors.js";
import type { Arena } from "../kernels/arena.js";
import { type EmbeddingSpec, embed, embeddingRoom } from "../stages/embedding/embed.js";
import type { FloatMap } from "../stages/image/image.js";
import {
  type BankPrecision,
  bankBytes,
  makePatchBank,
  type PatchBank,
} from "../stages/patchcore/patch-bank.js";
import { patchDistanceBytes, patchDistances } from "../stages/patchcore/patch-distances.js";
import { placeBank } from "../stages/patchcore/place-bank.js";
import { reweightedScore, reweightedScoreBytes } from "../stages/patchcore/reweighted-score.js";
import { type ScoreMapSpec, scoreMapBytes, scoreMapper } from "../stages/score-map/score-map.js";
import type { Tensor } from "../tensor.js";

/** What an export's head needs; plain data. */
export interface PatchcoreImport {
  readonly embedding: EmbeddingSpec;
  /** Anomalib does not say which picture a row is from: −1 for all. */
  readonly bank: PatchBank;
  /** Neighbours that weigh the image score, 1–9. */
  readonly neighbours: number;
  /** In cells. */
  readonly grid: { readonly width: number; readonly height: number };
  readonly map: ScoreMapSpec;
}

/** What an export says of a picture, in raw distance units. */
export interface PatchcoreScores {
  /** Anomaly map at model size, new every time. */
  readonly map: FloatMap;
  /** The map's maximum: what Anomalib 0.x's OpenVINO inferencer takes as score. */
  readonly highest: number;
  /** The graph's own image score, which the threshold was made for. */
  readonly score: number;
}

/**
 * The head of a recognised export.
 * @param precision how the bank is stored; scores equal Anomalib's with `float32`.
 * @param subject what errors call the model.
 * @throws BlemishError MODEL_STATISTICS for a bank with numbers that are not finite.
 */
export function patchcoreImport(
  { embedding, bank, neighbours, grid, size, map }: RecognisedPatchcore,
  precision: BankPrecision,
  subject: string,
): PatchcoreImport {
  const { rows, channels, data } = bank;
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const found = `${data[wrong]} in row ${Math.floor(wrong / channels)}`;
    throw new BlemishError("MODEL_STATISTICS", {
      subject,
      expected: "a memory bank of finite numbers",
      found,
    });
  }
  const unknown = new Int32Array(rows).fill(-1);
  return {
    embedding,
    bank: makePatchBank(data, channels, unknown, unknown, precision),
    neighbours,
    grid,
    map: { grids: [{ ...grid, factor: 1 }], ...size, ...map, score: "max", ignoreBorder: 0 },
  };
}

/** Bytes that `patchcoreImportScorer` takes of its arena, at most. */
export function patchcoreImportBytes({ bank, grid, map }: PatchcoreImport): number {
  const cells = grid.width * grid.height;
  return bankBytes(bank) + patchDistanceBytes(bank, cells) + reweightedScoreBytes(bank) + scoreMapBytes(map);
}

/**
 * Prepares the scoring of one picture after the other.
 * @param arena with room for `patchcoreImportBytes`.
 * @returns from float32 taps `[1, C, h, w]`, in the export's order, to map and scores. Throws BlemishError MODEL_OUTPUT for
 *   taps of other sizes.
 * @throws BlemishError MEMORY when the arena is too small.
 */
export function patchcoreImportScorer(
  { embedding: spec, bank, neighbours, grid, map: mapSpec }: PatchcoreImport,
  arena: Arena,
): (taps: readonly Tensor[]) => PatchcoreScores {
  const placed = placeBank(bank, arena);
  const cells = grid.width * grid.height;
  const search = patchDistances(placed, cells, arena);
  const weigh = reweightedScore(placed, neighbours, arena);
  const toMap = scoreMapper(mapSpec, arena);
  const room = embeddingRoom(spec, bank.channels, cells, search.embedding);
  return (taps) => {
    const { width, channels } = embed(taps, spec, room);
    if (width !== grid.width || channels !== bank.channels) throw otherTaps(grid, bank, width, channels);
    const distances = search.distances();
    const score = weigh({ embedding: search.embedding, distances, nearest: search.nearest() });
    const { map, score: highest } = toMap([distances]);
    return { map, highest, score };
  };
}

function otherTaps(
  grid: PatchcoreImport["grid"],
  bank: PatchBank,
  width: number,
  channels: number,
): BlemishError {
  return new BlemishError("MODEL_OUTPUT", {
    subject: "The backbone",
    expected: `${bank.channels} channels on a grid ${grid.width} cells wide`,
    found: `${channels} channels, ${width} cells`,
  });
}
