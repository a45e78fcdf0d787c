/**
 * Which patches of good pictures the memory bank keeps: greedy k-centre selection in two stages, fed by streams, in
 * memory that does not grow with the number of pictures.
 *
 * First a random sample of all patches (`pool`) gives half of the bank. Then all patches are compared with these: the
 * `far` farthest compete for the other half, which goes on where the first one stopped. So the unusual patches of *all*
 * pictures come into the bank, and the second half is what the plain method over all patches would add, as long as its
 * last distance is not less than the smallest that was kept. Where the sample holds all patches there is one stage only.
 *
 * Source: PatchCore (arXiv 2106.08265, algorithm 1). The first stage measures distances in a random projection.
 */
import { BlemishError } from "../../errors.js";
import type { Arena } from "../../kernels/arena.js";
import { neighbourKernels } from "../../kernels/neighbour-kernels.js";
import { checkEmbedding } from "./check-embedding.js";
import { type FirstStage, firstStage } from "./first-stage.js";
import { type BankPrecision, makePatchBank, type PatchBank } from "./patch-bank.js";
import { type SecondStage, secondStage } from "./second-stage.js";
import {
  chosenPatches,
  roomBytes,
  type SelectionOptions,
  secondStageBytes,
  selectionPlan,
  selectionRoom,
} from "./selection-plan.js";

/** The sizes that were measured to be enough for sets of 30 to 220 pictures. */
export const RECOMMENDED_SELECTION = { size: 2048, pool: 32_768, far: 60_000, seed: 0 } as const;

/** How far a selection has come. */
export interface SelectionProgress {
  /** Rows that are chosen. */
  readonly done: number;
  /** Rows that there will be at most. */
  readonly total: number;
}

/**
 * A selection in the making: every picture through `addSample`, then `selectFirst`; where `needsDistances`, every picture
 * once more through `addDistances`, then `selectRest`; then `bank`. Pictures may come in any order: the bank is the same.
 *
 * The generators choose one row at each step, so that a caller can tell the progress, let others run, and stop.
 */
export interface BankSelection {
  /** Whether the second pass is needed; without it `addDistances` and `selectRest` do nothing. */
  readonly needsDistances: boolean;
  /**
   * First pass.
   * @param data the picture's embedding, float32 `[channels, cells]`; not kept.
   * @param picture its number, from 0.
   * @throws MODEL_STATISTICS that names the picture when the embedding does not fit, is not finite, or came before.
   */
  addSample(data: Float32Array, picture: number): void;
  /** Chooses from the sample. @throws MODEL_STATISTICS when pictures are missing. */
  selectFirst(): Generator<SelectionProgress, void>;
  /** Second pass, over the same embeddings. @throws MODEL_STATISTICS as `addSample`, and before `selectFirst`. */
  addDistances(data: Float32Array, picture: number): void;
  /** Chooses the rest. @throws MODEL_STATISTICS when pictures are missing. */
  selectRest(): Generator<SelectionProgress, void>;
  /** The bank: as many rows as were wanted, or all different patches where there are fewer; no patch twice. */
  bank(precision: BankPrecision): PatchBank;
}

/** Bytes that a selection takes of its arena. @throws as `bankSelection`. */
export function selectionBytes(options: SelectionOptions): number {
  const plan = selectionPlan(options);
  return roomBytes(options.channels, plan) + secondStageBytes(options, plan);
}

/**
 * Starts a selection. Beside the arena it keeps the sample, `pool · channels` float32, until the first stage is done.
 * @throws OPTION_VALUE for no pictures, a bank of no rows, or a `pool` or `far` that is smaller than the bank;
 *   MEMORY when the arena has less than `selectionBytes` left.
 */
export function bankSelection(options: SelectionOptions, arena: Arena): BankSelection {
  const { channels, cells, pictures } = options;
  const plan = selectionPlan(options);
  const room = selectionRoom(channels, plan, arena);
  const chosen = chosenPatches(channels, plan.rows);
  const kernels = neighbourKernels(arena);
  const passes = { first: missingPictures(pictures), second: missingPictures(pictures) };
  let first: FirstStage | null = firstStage(options, plan, room, chosen, kernels);
  let second: SecondStage | null = null;
  const progress = (): SelectionProgress => ({ done: chosen.count, total: plan.rows });
  return {
    needsDistances: plan.far > 0,
    addSample(data, picture) {
      checkEmbedding(data, picture, options);
      passes.first.arrived(picture);
      first?.add(data, picture);
    },
    *selectFirst() {
      passes.first.requireNone();
      for (const _ of first?.select() ?? []) yield progress();
      first = null;
    },
    addDistances(data, picture) {
      if (plan.far === 0) return;
      checkEmbedding(data, picture, options);
      passes.first.requireNone();
      passes.second.arrived(picture);
      second ??= secondStage(options, plan, room, chosen, kernels, arena);
      second.add(data, picture);
    },
    *selectRest() {
      if (plan.far === 0) return;
      passes.second.requireNone();
      for (const _ of second?.select() ?? []) yield progress();
    },
    bank(precision) {
      const picture = Int32Array.from(chosen.numbers, (number) => Math.floor(number / cells));
      const cell = Int32Array.from(chosen.numbers, (number) => number % cells);
      return makePatchBank(chosen.rows, channels, picture, cell, precision);
    },
  };
}

/** Keeps account of the pictures of one pass. */
function missingPictures(pictures: number) {
  const seen = new Uint8Array(pictures);
  let missing = pictures;
  return {
    /** @throws MODEL_STATISTICS when the picture came before. */
    arrived(picture: number): void {
      if (seen[picture] === 1) throw differentPictures(pictures, `picture ${picture} twice`);
      seen[picture] = 1;
      missing--;
    },
    /** @throws MODEL_STATISTICS when pictures are missing. */
    requireNone(): void {
      if (missing > 0) throw differentPictures(pictures, `${pictures - missing}`);
    },
  };
}

function differentPictures(pictures: number, found: string): BlemishError {
  return new BlemishError("MODEL_STATISTICS", {
    subject: "The set of training pictures",
    expected: `${pictures} pictures, each once in a pass`,
    found,
  });
}
