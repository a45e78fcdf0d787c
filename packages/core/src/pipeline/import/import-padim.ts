/** A recognised PaDiM export as a head of our own: its drawn channels leave the network, its inverses are factorised. */
import type { RecognisedPadim } from "../../anomalib/recognise-padim.js";
import { packInverse } from "../../stages/padim/pack-inverse.js";
import type { FactorPrecision } from "../../stages/padim/packed-gaussians.js";
import type { KeptTap } from "./exported-backbone.js";
import type { ImportedHead } from "./imported-head.js";

/** @throws BlemishError MODEL_STATISTICS for statistics that are not finite or not positive definite. */
export function importPadim(padim: RecognisedPadim, precision: FactorPrecision): ImportedHead {
  const { mean, inverseCovariance, grid, channels, sigma } = padim;
  const { taps, order } = chooseChannels(padim);
  const cells = grid.width * grid.height;
  const gaussians = packInverse({ channels: channels.length, cells, mean, inverseCovariance }, precision);
  return {
    graph: padim,
    taps,
    manifest: {
      embedding: {
        grid: "finest",
        neighbourhood: 1,
        scales: taps.map(() => 1),
        channels: order,
        projectionRows: 0,
      },
      channels: channels.length,
      grid: { width: grid.width, height: grid.height },
      head: { kind: "padim", precision, fit: null },
    },
    stored: { projection: null, head: { kind: "padim", gaussians, fit: null, statistics: null } },
    map: { sigma },
  };
}

/** Which channels leave the network, and how the drawn order is found in them again. */
interface Choice {
  readonly taps: readonly KeptTap[];
  /** For each drawn channel its place among the kept ones of all taps. */
  readonly order: readonly number[];
}

/** A tap of which nothing was drawn is left out, unless it alone tells the grid: then its first channel stays. */
function chooseChannels({ taps, channels, grid }: RecognisedPadim): Choice {
  let first = 0;
  const drawn = taps.map((tap) => {
    const own = channels.filter((channel) => channel >= first && channel < first + tap.channels);
    const kept = [...new Set(own)].map((channel) => channel - first).sort((a, b) => a - b);
    first += tap.channels;
    return { ...tap, kept, start: first - tap.channels };
  });
  const onGrid = ({ width, height }: { width: number; height: number }) =>
    width === grid.width && height === grid.height;
  const widest = drawn.find((tap) => tap.kept.length > 0 && onGrid(tap)) ?? drawn.find(onGrid);
  const used = drawn
    .filter((tap) => tap.kept.length > 0 || tap === widest)
    .map((tap) => (tap.kept.length > 0 ? tap : { ...tap, kept: [0] }));
  const places = new Map<number, number>();
  for (const { start, kept } of used) for (const channel of kept) places.set(start + channel, places.size);
  return { taps: used, order: channels.map((channel) => places.get(channel) as number) };
}
