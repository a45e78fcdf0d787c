/** One picture that shows a result: Anomalib's `Visualizer.visualize_image` with its two modes and three tasks. */
import type { Task } from "../../anomalib/model-description.js";
import { BlemishError } from "../../errors.js";
import type { RgbImage } from "../image/image.js";
import type { ImageResult } from "../postprocess/result.js";
import type { Colour } from "./canvas.js";
import { drawBoxes } from "./draw-boxes.js";
import { fullView } from "./full-view.js";
import { heatMapOf } from "./heat-map.js";
import { addLabel } from "./label.js";
import type { DrawnOutline } from "./legend.js";
import { markBoundaries } from "./mark-boundaries.js";

/** `simple` = one picture of the original's size; `full` = panels with titles, verdict and legend. */
export type VisualizationMode = "simple" | "full";

const BLUE: Colour = [0, 0, 255];

/**
 * Draws a result.
 *
 * - `simple` + segmentation: heat map with the mask's outline; byte-equal to Anomalib 0.7 for normalised maps.
 * - `simple` + detection: boxes, blue, on the picture; byte-equal to Anomalib 0.7.
 * - `simple` + classification: the picture with a tag, in our own lettering.
 * - `full`: our own sheet, see `fullView`.
 *
 * What the result lacks is left out: without a mask there is no outline, without a map the picture itself is shown.
 * The boxes of the regions are drawn when the result was not made for detection. `drawn` stands in the result's pictures
 * already; the full view's legend says what it is.
 *
 * @throws BlemishError OPTION_VALUE for another mode or task.
 */
export function visualize(
  result: ImageResult,
  options: { readonly mode: VisualizationMode; readonly task: Task; readonly drawn?: DrawnOutline },
): RgbImage {
  const { mode, task, drawn = null } = options;
  if (task !== "classification" && task !== "segmentation" && task !== "detection")
    throw new BlemishError("OPTION_VALUE", {
      subject: "task",
      expected: "classification, segmentation or detection",
      found: String(task),
    });
  if (mode === "full") return fullView(result, task, drawn);
  if (mode === "simple") return simpleView(result, task);
  throw new BlemishError("OPTION_VALUE", {
    subject: "mode",
    expected: "simple or full",
    found: String(mode),
  });
}

function simpleView(result: ImageResult, task: Task): RgbImage {
  const { image, predMask } = result;
  if (task === "classification") return addLabel(image, result);
  if (task === "detection")
    return drawBoxes(image, result.predBoxes ?? result.regions.map(({ box }) => box), BLUE);
  const heatMap = result.heatMap ?? heatMapOf(result, image) ?? image;
  return predMask === null ? heatMap : markBoundaries(heatMap, predMask);
}
