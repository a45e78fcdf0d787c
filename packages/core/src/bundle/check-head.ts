/** Checks that the numbers of a stored head can be calculated with. */

import { BlemishError } from "../errors.js";
import {
  BLOCK_CELLS,
  type PackedGaussians,
  scaleRows,
  storedCells,
} from "../stages/padim/packed-gaussians.js";
import { type PatchBank, UNKNOWN_SOURCE } from "../stages/patchcore/patch-bank.js";
import { cellCount } from "./cell-count.js";
import type { DetectorManifest } from "./manifest.js";
import type { StoredHead } from "./stored-detectors.js";

/**
 * Refuses numbers that no training gives.
 * @throws MODEL_BROKEN for means, factors or patches that are not finite, for scales that are not finite and above 0, for
 *   orders that do not name every channel once, and for a bank whose rows do not stand in the order of their pictures, or
 *   come from outside the grid; for typical pictures below 0.
 */
export function checkHead(
  head: StoredHead,
  detector: Pick<DetectorManifest, "grid" | "cells">,
  subject: string,
): void {
  if (head.kind === "padim") {
    checkGaussians(head.gaussians, subject);
    if (head.typical?.some((picture) => picture < 0))
      throw broken(subject, "padim.typical", "numbers from 0");
  } else checkBank(head.bank, cellCount(detector), subject);
}

function checkGaussians(gaussians: PackedGaussians, subject: string): void {
  const { channels, mean, order, factor, scale } = gaussians;
  if (!allFinite(mean)) throw broken(subject, "padim.mean", "finite numbers");
  if (factor instanceof Float32Array && !allFinite(factor))
    throw broken(subject, "padim.factor", "finite numbers");
  if (scale !== null && !scalesAreRight(scale, channels, storedCells(gaussians)))
    throw broken(subject, "padim.scale", "finite numbers above 0");
  if (!everyChannelOnce(order, channels))
    throw broken(subject, "padim.order", "every channel once for each cell");
}

/** @param order `[any, channels, 8]`. */
function everyChannelOnce(order: Int16Array, channels: number): boolean {
  // Where a channel was met last: 1 + number of the list.
  const met = new Int32Array(channels);
  for (let list = 0, size = channels * BLOCK_CELLS; list < order.length / channels; list++) {
    const first = Math.floor(list / BLOCK_CELLS) * size + (list % BLOCK_CELLS);
    for (let at = first; at < first + size; at += BLOCK_CELLS) {
      // Beyond the channels undefined, which is no number.
      if (!(met[order[at]] <= list)) return false;
      met[order[at]] = list + 1;
    }
  }
  return true;
}

function checkBank({ data, scale, norms, picture, cell }: PatchBank, cells: number, subject: string): void {
  if (data instanceof Float32Array && !allFinite(data)) throw broken(subject, "bank.rows", "finite numbers");
  // A row of zeros has the scale 0.
  if (scale !== null && !(allFinite(scale) && scale.every((value) => value >= 0)))
    throw broken(subject, "bank.scale", "finite numbers of 0 or more");
  if (!allFinite(norms)) throw broken(subject, "bank.norms", "finite numbers");
  if ([picture, cell].every((source) => source.every((value) => value === UNKNOWN_SOURCE))) return;
  if (picture.some((value, row) => value < (row === 0 ? 0 : picture[row - 1])))
    throw broken(subject, "bank.picture", "numbers in ascending order");
  if (cell.some((value) => value < 0 || value >= cells))
    throw broken(subject, "bank.cell", `numbers from 0 to ${cells - 1}`);
}

function allFinite(values: Float32Array): boolean {
  // Anything times 0 is 0, but for infinities and NaN: one test instead of millions.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0;
}

/** Scales of columns behind the last channel and of cells behind the last mean nothing. */
function scalesAreRight(scale: Float32Array, channels: number, cells: number): boolean {
  const rows = scaleRows(channels);
  for (let cell = 0; cell < cells; cell++) {
    const first = Math.floor(cell / BLOCK_CELLS) * rows * BLOCK_CELLS + (cell % BLOCK_CELLS);
    for (let column = 0, at = first; column < channels; column++, at += BLOCK_CELLS)
      if (!(scale[at] > 0 && scale[at] < Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}

function broken(subject: string, array: string, expected: string): BlemishError {
  return new BlemishError("MODEL_BROKEN", {
    subject,
    expected: `${expected} in array ${array}`,
    found: "others",
  });
}
