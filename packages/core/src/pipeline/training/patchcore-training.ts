/**
 * PatchCore under training: patches are drawn from all pictures in the first round, the farthest of all patches are
 * found in the second, and the bank is chosen greedily after each. Leave-one-out: a picture's own patches in the
 * finished bank take no part, so no picture is ever compared with more patches than the bank holds.
 */
import { cellCount } from "../../bundle/cell-count.js";
import type { StoredHead } from "../../bundle/model-file.js";
import { createArena } from "../../kernels/arena.js";
import { bankBytes, NO_ROWS, type PatchBank, rowsOfPicture } from "../../stages/patchcore/patch-bank.js";
import { patchDistanceBytes, patchDistances } from "../../stages/patchcore/patch-distances.js";
import { placeBank } from "../../stages/patchcore/place-bank.js";
import { reweightedScore, reweightedScoreBytes } from "../../stages/patchcore/reweighted-score.js";
import {
  type BankSelection,
  bankSelection,
  type SelectionProgress,
  selectionBytes,
} from "../../stages/patchcore/select-bank.js";
import {
  type SelectionOptions,
  type SelectionPlan,
  selectionPlan,
} from "../../stages/patchcore/selection-plan.js";
import type { DetectorRecipe, PatchcoreRecipe } from "../recipe/recipe.js";
import type { HeadTraining, LeaveOneOutDistances } from "./head-training.js";

/** How the bank of a detector is selected from so many pictures, turned copies included. */
export function selectionOf(
  detector: DetectorRecipe<PatchcoreRecipe>,
  pictures: number,
  seed: number,
): SelectionOptions {
  const { channels, head } = detector;
  const cells = cellCount(detector);
  const size = bankRows(head, cells * pictures);
  // A bank is chosen from at least as many patches as it has rows.
  const [pool, far] = [Math.max(head.pool, size), Math.max(head.far, size)];
  return { channels, cells, pictures, size, pool, far, seed };
}

/** Most rows of the bank. @param patches of all pictures together. */
export function bankRows({ rows }: PatchcoreRecipe, patches: number): number {
  return typeof rows === "number" ? rows : Math.max(1, Math.floor(rows.share * patches));
}

/** How many patches each stage of that selection sees. */
export function bankPlan(detector: DetectorRecipe<PatchcoreRecipe>, pictures: number): SelectionPlan {
  // The seed changes which patches are drawn, not how many.
  return selectionPlan(selectionOf(detector, pictures, 0));
}

/**
 * A training of PatchCore.
 * @param pictures how many come in each round, turned copies included.
 * @throws MEMORY when there is no room for the selection.
 */
export function patchcoreTraining(
  detector: DetectorRecipe<PatchcoreRecipe>,
  pictures: number,
  seed: number,
): HeadTraining {
  const options = selectionOf(detector, pictures, seed);
  // Let go of with all its memory as soon as there is a bank: a precise threshold selects more banks afterwards.
  let selection: BankSelection | null = bankSelection(options, createArena(selectionBytes(options)));
  // Copies of a picture count as that picture, so that leaving it out leaves them out.
  const owners: number[] = [];
  let [round, arrived] = [0, 0];
  let bank: PatchBank | null = null;
  const unfinished = (): BankSelection => {
    if (selection === null) throw new Error("PatchCore is taught after its rounds are finished");
    return selection;
  };
  const finished = (): PatchBank => {
    if (bank === null) throw new Error("PatchCore is asked before its rounds are finished");
    return bank;
  };
  return {
    get ready() {
      return bank !== null;
    },
    take(embedding, picture) {
      const making = unfinished();
      if (round === 0) making.addSample(embedding, arrived);
      else making.addDistances(embedding, arrived);
      owners[arrived++] = picture;
    },
    *finishRound() {
      const making = unfinished();
      yield* shares(round === 0 ? making.selectFirst() : making.selectRest());
      [round, arrived] = [round + 1, 0];
      if (round === 1 && making.needsDistances) return;
      const selected = making.bank(detector.head.precision);
      bank = { ...selected, picture: selected.picture.map((copy) => owners[copy]) };
      selection = null;
    },
    leaveOneOut: () => bankWithoutOne(finished(), options.cells, detector.head.neighbours),
    head: (): StoredHead => ({ kind: "patchcore", bank: finished() }),
  };
}

/** Every so many rows the caller hears how far the selection is. */
const ROWS_AT_ONCE = 16;

function* shares(steps: Iterable<SelectionProgress>): Generator<number, void, void> {
  let step = 0;
  for (const { done, total } of steps) if (step++ % ROWS_AT_ONCE === 0) yield done / total;
}

function bankWithoutOne(
  bank: PatchBank,
  cells: number,
  neighbours: number | undefined,
): LeaveOneOutDistances {
  const weighing = neighbours === undefined ? 0 : reweightedScoreBytes(bank);
  const arena = createArena(bankBytes(bank) + patchDistanceBytes(bank, cells) + weighing);
  const scorer = patchDistances(placeBank(bank, arena), cells, arena);
  let [distances, without] = [new Float32Array(0), NO_ROWS];
  const taking: LeaveOneOutDistances = {
    take(embedding, picture) {
      scorer.embedding.set(embedding);
      distances = scorer.withoutPicture(picture).slice();
      without = rowsOfPicture(bank, picture);
      return [distances];
    },
    rest: () => [],
  };
  if (neighbours === undefined) return taking;
  const weigh = reweightedScore(scorer.bank, neighbours, arena);
  const { embedding } = scorer;
  return { ...taking, score: () => weigh({ embedding, distances, nearest: scorer.nearest() }, without) };
}
