/** A recognised PatchCore export as a head of our own: whole layers leave the network, its memory bank is kept. */
import type { RecognisedPatchcore } from "../../anomalib/recognise-patchcore.js";
import { BlemishError } from "../../errors.js";
import { type BankPrecision, makePatchBank, UNKNOWN_SOURCE } from "../../stages/patchcore/patch-bank.js";
import type { ImportedHead } from "./imported-head.js";

/**
 * @param precision how the bank is stored; scores equal Anomalib's with `float32`.
 * @param subject what errors call the model.
 * @throws BlemishError MODEL_STATISTICS for a bank with numbers that are not finite.
 */
export function importPatchcore(
  found: RecognisedPatchcore,
  precision: BankPrecision,
  subject: string,
): ImportedHead {
  const { taps, embedding, bank, neighbours, grid, map } = found;
  const { rows, channels, data } = bank;
  checkFinite(data, channels, subject);
  const unknown = new Int32Array(rows).fill(UNKNOWN_SOURCE);
  const { projection: _none, ...rest } = embedding;
  return {
    graph: found,
    taps: taps.map((tap) => ({
      ...tap,
      kept: Array.from({ length: tap.channels }, (_, channel) => channel),
    })),
    manifest: {
      embedding: { ...rest, projectionRows: 0 },
      channels,
      grid: { width: grid.width, height: grid.height },
      head: { kind: "patchcore", rows, precision, neighbours },
    },
    stored: {
      projection: null,
      head: { kind: "patchcore", bank: makePatchBank(data, channels, unknown, unknown, precision) },
    },
    map: { sigma: map.sigma, upsampling: map.upsampling },
  };
}

function checkFinite(data: Float32Array, channels: number, subject: string): void {
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new BlemishError("MODEL_STATISTICS", {
    subject,
    expected: "a memory bank of finite numbers",
    found: `${data[wrong]} in row ${Math.floor(wrong / channels)}`,
  });
}
