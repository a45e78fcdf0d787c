/** Whether a graph can run on the fast engine, in a few facts for a reader: `recognisePadim` in short. */
import { BlemishError } from "../errors.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";
import type { Grid } from "./find-padim.js";
import { recognisePadim } from "./recognise-padim.js";

/** What stands in for a graph, or why nothing does. */
export type EngineFacts =
  | {
      readonly fast: true;
      /** Cells that have a Gaussian of their own, and how they lie. */
      readonly cells: number;
      readonly grid: Grid;
      /** Channels of each Gaussian. */
      readonly channels: number;
      /** Blur of the map, standard deviation in pixels. */
      readonly sigma: number;
    }
  | {
      readonly fast: false;
      /** One sentence for a user. */
      readonly reason: string;
    };

/** The facts; damaged or missing weights are a reason too. */
export function engineFacts(model: OnnxModel, files?: ExternalFiles): EngineFacts {
  try {
    const found = recognisePadim(model, files);
    if (!found.recognised) return { fast: false, reason: found.reason };
    const { grid, channels, sigma } = found;
    return { fast: true, cells: grid.width * grid.height, grid, channels: channels.length, sigma };
  } catch (error) {
    if (error instanceof BlemishError) return { fast: false, reason: error.message };
    throw error;
  }
}
