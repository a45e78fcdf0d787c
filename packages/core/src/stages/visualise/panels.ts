/** The panels of the full view, drawn at the size they are shown in, so that lines keep their width. */
import type { Task } from "../../anomalib/model-description.js";
import type { Mask, RgbImage } from "../image/image.js";
import { resizeArea } from "../image/resize-area.js";
import { resizeLinear } from "../image/resize-linear.js";
import type { Box, ImageResult } from "../postprocess/result.js";
import type { Colour } from "./canvas.js";
import { drawBoxes } from "./draw-boxes.js";
import { heatMapOf } from "./heat-map.js";
import { addLabel } from "./label.js";
import { markBoundaries } from "./mark-boundaries.js";

/** One titled picture of the sheet. */
export interface Panel {
  readonly title: string;
  readonly picture: RgbImage;
}

/** Colours of the boxes in the full view, as Anomalib has them. */
export const BOX_COLOURS: Readonly<Record<"normal" | "anomalous", Colour>> = {
  normal: [0, 255, 0],
  anomalous: [255, 0, 0],
};

/** Pixels a panel is meant to have, and the longest sides it may have. */
const AREA = 480 * 480;
const MAX_WIDTH = 960;
const MAX_HEIGHT = 720;

/** The size in which a picture is shown: the same area for every shape, within the longest sides. */
export function panelSize(
  width: number,
  height: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(Math.sqrt(AREA / (width * height)), MAX_WIDTH / width, MAX_HEIGHT / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The panels for a task, in Anomalib's order and with its titles; a panel whose data the result lacks is left out.
 * For detection the heat map stands where Anomalib shows the picture a second time.
 */
export function panelsOf(result: ImageResult, task: Task): Panel[] {
  const { width, height } = panelSize(result.image.width, result.image.height);
  const image = resizeTo(result.image, width, height);
  const heatMap = result.heatMap ?? heatMapOf(result, result.image);
  const panels: Panel[] = [{ title: "Image", picture: image }];
  if (heatMap !== null)
    panels.push({ title: "Predicted Heat Map", picture: resizeTo(heatMap, width, height) });
  if (task === "classification") panels.push({ title: "Prediction", picture: addLabel(image, result) });
  if (task === "segmentation" && result.predMask !== null) {
    const grey = shadesOf(result.predMask, width, height);
    panels.push({ title: "Predicted Mask", picture: greyPicture(grey) });
    panels.push({ title: "Segmentation Result", picture: markBoundaries(image, grey) });
  }
  if (task === "detection") panels.push({ title: "Predictions", picture: withBoxes(image, result) });
  return panels;
}

/** A picture in another size: averaged where it shrinks in both directions, else interpolated. */
export function resizeTo(image: RgbImage, width: number, height: number): RgbImage {
  // Averaging is right for shrinking only.
  return width < image.width && height < image.height
    ? resizeArea(image, width, height)
    : resizeLinear(image, width, height);
}

/** The mask at panel size, 0–255. Every pixel it touches is above 0, so that small regions stay in the outline. */
function shadesOf(mask: Mask, width: number, height: number): Mask {
  const full: Mask = { ...mask, data: mask.data.map((value) => (value === 0 ? 0 : 255)) };
  return width < mask.width && height < mask.height
    ? resizeArea(full, width, height)
    : hardened(resizeLinear(full, width, height));
}

function hardened(mask: Mask): Mask {
  return { ...mask, data: mask.data.map((value) => (value < 128 ? 0 : 255)) };
}

function greyPicture({ width, height, data }: Mask): RgbImage {
  const rgb = new Uint8Array(data.length * 3);
  for (let i = 0; i < data.length; i++) rgb.fill(data[i]!, i * 3, i * 3 + 3);
  return { width, height, channels: 3, data: rgb };
}

function withBoxes(image: RgbImage, result: ImageResult): RgbImage {
  const boxes = result.predBoxes ?? result.regions.map(({ box }) => box);
  const scaleX = image.width / result.image.width;
  const scaleY = image.height / result.image.height;
  const shown = (label: number) =>
    boxes
      .filter((_, i) => (result.boxLabels?.[i] ?? 1) === label)
      .map(
        ([left, top, right, bottom]): Box => [
          Math.floor(left * scaleX),
          Math.floor(top * scaleY),
          Math.ceil((right + 1) * scaleX) - 1,
          Math.ceil((bottom + 1) * scaleY) - 1,
        ],
      );
  return drawBoxes(drawBoxes(image, shown(0), BOX_COLOURS.normal), shown(1), BOX_COLOURS.anomalous);
}
