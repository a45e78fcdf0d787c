/**
 * How a part lies in a picture: turned around the picture's middle and shifted. A pose leads from a place of the reference,
 * in which all good parts lie alike, to the place of the picture where the same spot of the part is.
 */
import type { FloatMap, Mask, RgbImage } from "../image/image.js";

/** Pixels of the picture; (0, 0) is the centre of the first pixel. */
export interface Pose {
  /** Of the picture, which the reference has, too. */
  readonly width: number;
  readonly height: number;
  /** From the picture's middle, pixels. */
  readonly x: number;
  readonly y: number;
  /** Radians, clockwise as seen. */
  readonly angle: number;
}

/** Where a place of the reference is in the picture. */
export function toPicture(pose: Pose, x: number, y: number): { x: number; y: number } {
  const [cx, cy] = middle(pose);
  const [cosine, sine] = [Math.cos(pose.angle), Math.sin(pose.angle)];
  const [right, down] = [x - cx, y - cy];
  return { x: cx + cosine * right - sine * down + pose.x, y: cy + sine * right + cosine * down + pose.y };
}

/** Where a place of the picture is in the reference. */
export function toReference(pose: Pose, x: number, y: number): { x: number; y: number } {
  const [cx, cy] = middle(pose);
  const [cosine, sine] = [Math.cos(pose.angle), Math.sin(pose.angle)];
  const [right, down] = [x - cx - pose.x, y - cy - pose.y];
  return { x: cx + cosine * right + sine * down, y: cy - sine * right + cosine * down };
}

function middle({ width, height }: Pose): [number, number] {
  return [(width - 1) / 2, (height - 1) / 2];
}

/** Steps between two pixels that the interpolation of pictures knows. */
const STEPS = 256;

/**
 * The picture as if the part lay in it as in the reference, of the same size: bilinear, what lies outside of the picture is
 * its nearest border pixel.
 */
export function alignedPicture(image: RgbImage, pose: Pose): RgbImage {
  const { width, height, data } = image;
  const out = new Uint8Array(data.length);
  const start = toPicture(pose, 0, 0);
  const [cosine, sine] = [Math.cos(pose.angle), Math.sin(pose.angle)];
  const [stepX, stepY] = [cosine * STEPS, sine * STEPS];
  const [lastX, lastY] = [(width - 1) * STEPS, (height - 1) * STEPS];
  for (let y = 0, to = 0; y < height; y++) {
    const rowX = (start.x - sine * y) * STEPS;
    const rowY = (start.y + cosine * y) * STEPS;
    for (let x = 0; x < width; x++, to += 3) {
      const u = clamped(rowX + stepX * x, lastX);
      const v = clamped(rowY + stepY * x, lastY);
      const dx = u & (STEPS - 1);
      const dy = v & (STEPS - 1);
      const at = 3 * ((v >> 8) * width + (u >> 8));
      const right = dx > 0 ? 3 : 0;
      const below = dy > 0 ? 3 * width : 0;
      for (let c = 0; c < 3; c++) {
        const upper = data[at + c] * (STEPS - dx) + data[at + c + right] * dx;
        const lower = data[at + c + below] * (STEPS - dx) + data[at + c + below + right] * dx;
        out[to + c] = (upper * (STEPS - dy) + lower * dy + 32768) >> 16;
      }
    }
  }
  return { width, height, channels: 3, data: out };
}

/** The nearest whole step within 0 and the last. */
function clamped(value: number, last: number): number {
  if (value <= 0) return 0;
  return value >= last ? last : (value + 0.5) | 0;
}

/** The rectangle of the picture that a map shows, pixels of the picture. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A map of the reference brought to where the part lies in the picture: bilinear; its border goes on outside.
 * @param view what the map shows, of the reference before and of the picture after. Default: all.
 */
export function mapInPicture(map: FloatMap, pose: Pose, view: MapView = whole(pose)): FloatMap {
  const { width, height } = map;
  const data = new Float32Array(map.data.length);
  eachPlace(map, pose, view, (to, x, y) => {
    const u = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
    const v = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
    const left = Math.floor(u);
    const top = Math.floor(v);
    const at = top * width + left;
    const right = u > left ? 1 : 0;
    const below = v > top ? width : 0;
    const upper = map.data[at] + (map.data[at + right] - map.data[at]) * (u - left);
    const lower = map.data[at + below] + (map.data[at + below + right] - map.data[at + below]) * (u - left);
    data[to] = upper + (lower - upper) * (v - top);
  });
  return { width, height, data };
}

/** A mask of the reference, of the picture's size, brought to where the part lies: the nearest pixel, 0 outside. */
export function maskInPicture(mask: Mask, pose: Pose): Mask {
  const { width, height } = mask;
  const data = new Uint8Array(mask.data.length);
  eachPlace(mask, pose, whole(pose), (to, x, y) => {
    const column = Math.round(x);
    const row = Math.round(y);
    const inside = column >= 0 && column < width && row >= 0 && row < height;
    if (inside) data[to] = mask.data[row * width + column];
  });
  return { ...mask, data };
}

function whole({ width, height }: Pose): MapView {
  return { x: 0, y: 0, width, height };
}

/** Calls with the index of every pixel of a map of the picture, and its place in the map of the reference. */
function eachPlace(
  { width, height }: { readonly width: number; readonly height: number },
  pose: Pose,
  view: MapView,
  take: (to: number, x: number, y: number) => void,
): void {
  const [across, down] = [view.width / width, view.height / height];
  // The place of map pixel (x, y), which is affine in both.
  const placeOf = (x: number, y: number) => {
    const place = toReference(pose, view.x + (x + 0.5) * across - 0.5, view.y + (y + 0.5) * down - 0.5);
    return [(place.x + 0.5 - view.x) / across - 0.5, (place.y + 0.5 - view.y) / down - 0.5] as const;
  };
  const [startX, startY] = placeOf(0, 0);
  const [nextX, nextY] = placeOf(1, 0);
  const [belowX, belowY] = placeOf(0, 1);
  for (let y = 0, to = 0; y < height; y++) {
    const rowX = startX + (belowX - startX) * y;
    const rowY = startY + (belowY - startY) * y;
    for (let x = 0; x < width; x++, to++) take(to, rowX + (nextX - startX) * x, rowY + (nextY - startY) * x);
  }
}
