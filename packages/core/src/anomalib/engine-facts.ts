/** Whether a graph can run on our own kernels, in a few facts for a reader: what was recognised of it, in short. */
import { BlemishError } from "../errors.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import type { Upsampling } from "../stages/score-map/smoothing.js";
import type { Grid } from "./find-padim.js";
import { recogniseExport } from "./recognise-export.js";
import type { RecognisedPadim } from "./recognise-padim.js";
import type { RecognisedPatchcore } from "./recognise-patchcore.js";

/** The memory bank of a PatchCore graph and what is done with it. */
export interface BankFacts {
  /** Patches that are remembered. */
  readonly rows: number;
  /** Neighbours that weigh the image score; 1 = the largest distance as it is. */
  readonly neighbours: number;
  /** How coarser layers are brought to the grid. */
  readonly enlargement: Upsampling;
  /** How the grid is brought to the map's size. */
  readonly upsampling: Upsampling;
}

/** What stands in for a graph, or why nothing does. */
export type EngineFacts =
  | {
      readonly fast: true;
      /** Cells that have a distance of their own, and how they lie. */
      readonly cells: number;
      readonly grid: Grid;
      /** Channels of each cell: of its Gaussian, or of its patch and of the bank's rows. */
      readonly channels: number;
      /** Blur of the map, standard deviation in pixels. */
      readonly sigma: number;
      /** What every cell is compared with: PatchCore only. */
      readonly bank?: BankFacts;
    }
  | {
      readonly fast: false;
      /** One sentence for a user. */
      readonly reason: string;
    };

/** The facts; damaged or missing weights are a reason too. */
export function engineFacts(model: OnnxModel, files?: ExternalFiles): EngineFacts {
  try {
    const graph = recogniseExport(model, files);
    if (!("kind" in graph)) return { fast: false, reason: graph.reason };
    return graph.kind === "patchcore" ? patchcoreFacts(graph.found) : padimFacts(graph.found);
  } catch (error) {
    if (error instanceof BlemishError) return { fast: false, reason: error.message };
    throw error;
  }
}

function padimFacts({ grid, channels, sigma }: RecognisedPadim): EngineFacts {
  return { fast: true, cells: grid.width * grid.height, grid, channels: channels.length, sigma };
}

function patchcoreFacts({ grid, bank, neighbours, embedding, map }: RecognisedPatchcore): EngineFacts {
  return {
    fast: true,
    cells: grid.width * grid.height,
    grid,
    channels: bank.channels,
    sigma: map.sigma,
    bank: {
      rows: bank.rows,
      neighbours,
      enlargement: embedding.enlargement ?? "nearest",
      upsampling: map.upsampling,
    },
  };
}
