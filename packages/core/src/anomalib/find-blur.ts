/** Finds the Gaussian blur that smooths an anomaly map inside a graph. */
import { constantNumbers, type GraphIndex } from "../onnx/graph-index.js";
import type { ExternalFiles } from "../onnx/tensor-values.js";

/** A Gaussian filter. */
export interface Blur {
  /** Side of the square kernel in pixels, odd. */
  readonly kernelSize: number;
  /** Standard deviation in pixels; null when the kernel's values are not at hand. */
  readonly sigma: number | null;
}

/** The first one-channel convolution with a square odd kernel of side 3 or more; null when there is none. */
export function findBlur(index: GraphIndex, files?: ExternalFiles): Blur | null {
  for (const node of index.graph.nodes) {
    if (node.opType !== "Conv" || node.inputs.length > 2) continue;
    const name = node.inputs[1] ?? "";
    const [outputs, inputs, height, width] = index.constants.get(name)?.dims ?? [];
    if (outputs !== 1 || inputs !== 1 || height === undefined || height !== width) continue;
    if (height >= 3 && height % 2 === 1)
      return { kernelSize: height, sigma: sigmaOf(index, name, height, files) };
  }
  return null;
}

/** From the ratio of the centre's weight to its neighbour's: exp(−1 / 2σ²). Four digits: weights are float32. */
function sigmaOf(index: GraphIndex, name: string, side: number, files?: ExternalFiles): number | null {
  const weights = constantNumbers(index, name, files);
  if (weights === null) return null;
  const centre = ((side - 1) / 2) * side + (side - 1) / 2;
  const ratio = weights[centre + 1]! / weights[centre]!;
  if (!(ratio > 0 && ratio < 1)) return null;
  return Number(Math.sqrt(-1 / (2 * Math.log(ratio))).toPrecision(4));
}
