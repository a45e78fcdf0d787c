/** The small grey picture in which a part is looked for. */
import type { RgbImage } from "../image/image.js";
import { resizeArea } from "../image/resize-area.js";
import { type CellSize, REFERENCE_SIDE, type SmallPose } from "./alignment-model.js";
import type { Pose } from "./pose.js";

/** Luma (ITU-R BT.601) of the picture brought to 128 × 128, row-major, 0–255. */
export function alignmentLook(image: RgbImage): Float64Array {
  const { data } = resizeArea(image, REFERENCE_SIDE, REFERENCE_SIDE);
  const look = new Float64Array(REFERENCE_SIDE * REFERENCE_SIDE);
  for (let i = 0, at = 0; i < look.length; i++, at += 3)
    look[i] = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  return look;
}

/** What the cells of its look stand for: the longer side of the picture has 128 units. */
export function cellSize({ width, height }: { readonly width: number; readonly height: number }): CellSize {
  const most = Math.max(width, height);
  return { across: width / most, down: height / most };
}

/** A pose found in a look, in pixels of its picture. */
export function poseInPixels(
  { x, y, angle }: SmallPose,
  { width, height }: { readonly width: number; readonly height: number },
): Pose {
  const unit = Math.max(width, height) / REFERENCE_SIDE;
  return { width, height, x: x * unit, y: y * unit, angle };
}
