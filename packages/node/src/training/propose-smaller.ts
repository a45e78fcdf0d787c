/** The option that would make a training fit into memory. */
import type { Recipe } from "@blemish/core";
import type { TrainOptions } from "./train-options.js";
import type { TrainingPlan } from "./training-plan.js";

/** Whether the training would fit with some options changed. */
export type WouldFit = (change: Partial<TrainOptions>) => Promise<boolean>;

/** Shares of a memory bank that are proposed. */
const CORESETS = [0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

/** The next quality below, the largest smaller share of the bank, or the largest smaller size whose need is small enough. */
export async function proposeSmaller(
  { recipe, backbone, addTo }: TrainingPlan,
  options: TrainOptions,
  wouldFit: WouldFit,
): Promise<string | null> {
  const { size, fit, profile, head, coreset = 1, tile } = options;
  if (addTo !== null) return null;
  if (tile !== undefined) return tiledProposal(options, recipe, wouldFit);
  if (fit === "native") return (await wouldFit({ fit: "pad" })) ? "--fit pad" : null;
  if (size === undefined && profile !== "anomalib-0.7") {
    for (const quality of ["balanced", "fast"] as const)
      if (await wouldFit({ quality })) return `--quality ${quality}`;
    return null;
  }
  if (profile === "anomalib-0.7" && head === "patchcore")
    for (const smaller of CORESETS)
      if (smaller < coreset && (await wouldFit({ coreset: smaller }))) return `--coreset ${smaller}`;
  const step = backbone.manifest.input.multipleOf;
  for (let side = recipe.size.width - step; side >= step; side -= step)
    if (await wouldFit({ size: side })) return `--size ${side}`;
  return null;
}

/** Channels of PaDiM, and sides of tiles, that are proposed. */
const FEWER_CHANNELS = [100, 64, 32, 16, 8];
const SMALLER_TILES = [768, 640, 512];

/** PaDiM keeps a Gaussian of each cell of a large grid, or one of all; the network keeps the values of a tile. */
async function tiledProposal(
  { tile = 0, tileMargin }: TrainOptions,
  { passes }: Recipe,
  wouldFit: WouldFit,
): Promise<string | null> {
  const [first] = passes[0]?.detectors ?? [];
  if (first?.head.kind === "padim") {
    for (const channels of FEWER_CHANNELS)
      if (channels < first.channels && (await wouldFit({ channels }))) return `--channels ${channels}`;
    return (await wouldFit({ statistics: "shared" })) ? "--statistics shared" : null;
  }
  // Smaller ones would leave next to nothing between their margins.
  const smaller = typeof tileMargin === "number" ? [] : SMALLER_TILES;
  for (const side of smaller) if (side < tile && (await wouldFit({ tile: side }))) return `--tile ${side}`;
  return null;
}
