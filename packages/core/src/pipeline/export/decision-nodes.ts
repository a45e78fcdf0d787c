/** Raw map and score → decisions and normalised values as ONNX nodes, in the order in which `postProcess` decides. */
import type { ModelDescription } from "../../anomalib/model-description.js";
import type { GraphBuilder } from "./graph-builder.js";

/** Names that outputs are to have; those without a name are not made. */
export interface DecisionNames {
  readonly score: string | null;
  readonly map: string | null;
  readonly label: string | null;
  readonly mask: string | null;
}

/** Label and mask: true from the threshold on. */
export function decisionNodes(
  builder: GraphBuilder,
  { score, map }: { readonly score: string; readonly map: string },
  { imageThreshold, pixelThreshold }: Pick<ModelDescription, "imageThreshold" | "pixelThreshold">,
  names: Pick<DecisionNames, "label" | "mask">,
): void {
  if (names.label !== null && imageThreshold !== null) atLeast(builder, score, imageThreshold, names.label);
  if (names.mask !== null && pixelThreshold !== null) atLeast(builder, map, pixelThreshold, names.mask);
}

/** `not (x < limit)`: operators that every opset has. */
function atLeast(builder: GraphBuilder, value: string, limit: number, output: string): void {
  const below = builder.add("Less", [value, builder.floats([], [limit])]);
  builder.add("Not", [below], {}, output);
}

/** Values with the threshold at 0.5 and ranges as 0 to 1, clipped: (x − threshold) / (max − min) + 0.5. */
export function normalisedNodes(
  builder: GraphBuilder,
  value: string,
  threshold: number,
  { min, max }: { readonly min: number; readonly max: number },
  output: string,
): void {
  const shifted = builder.add("Sub", [value, builder.floats([], [threshold])]);
  const scaled = builder.add("Div", [shifted, builder.floats([], [max - min])]);
  const centred = builder.add("Add", [scaled, builder.floats([], [0.5])]);
  builder.add("Clip", [centred, builder.floats([], [0]), builder.floats([], [1])], {}, output);
}
