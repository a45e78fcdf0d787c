/** Where a part lies under the camera: the map between picture pixels and part units, and back. */
import type { Random } from "../random.js";
import { clamp, cosine, sine } from "./fixed-math.js";
import type { KindRow } from "./part-kinds.js";

/** A similarity: part point = turned, scaled, shifted picture point. */
export interface Pose {
  readonly width: number;
  readonly height: number;
  /** Half the shorter side in pixels: one part unit at scale 1. */
  readonly half: number;
  readonly scale: number;
  readonly turnU: number;
  readonly turnV: number;
  readonly shiftU: number;
  readonly shiftV: number;
}

/** Draws the pose of one part. Shifts, turns and sizes are normal, cut off at two and a half deviations. */
export function drawPose(kind: KindRow, width: number, height: number, random: Random): Pose {
  const draw = (deviation: number): number => deviation * clamp(random.normal(), -2.5, 2.5);
  const angle = kind.tilt + draw(kind.turn);
  return {
    width,
    height,
    half: Math.min(width, height) / 2,
    scale: 1 + draw(kind.growth),
    turnU: cosine(angle),
    turnV: sine(angle),
    shiftU: draw(kind.shift),
    shiftV: draw(kind.shift),
  };
}

/** Size of a pixel in part units. */
export function pixelSize(pose: Pose): number {
  return 1 / (pose.half * pose.scale);
}

/** Part coordinate u of the centre of pixel (x, y). */
export function partU(pose: Pose, x: number, y: number): number {
  const a = (x + 0.5 - pose.width / 2) / pose.half;
  const b = (y + 0.5 - pose.height / 2) / pose.half;
  return (a * pose.turnU + b * pose.turnV) / pose.scale - pose.shiftU;
}

/** Part coordinate v of the centre of pixel (x, y). */
export function partV(pose: Pose, x: number, y: number): number {
  const a = (x + 0.5 - pose.width / 2) / pose.half;
  const b = (y + 0.5 - pose.height / 2) / pose.half;
  return (b * pose.turnU - a * pose.turnV) / pose.scale - pose.shiftV;
}

/** Picture position `[x, y]` (pixel centres are whole numbers) of a part point: the inverse of {@link partU}, {@link partV}. */
export function pixelAt(pose: Pose, u: number, v: number): readonly [x: number, y: number] {
  const su = (u + pose.shiftU) * pose.scale;
  const sv = (v + pose.shiftV) * pose.scale;
  const a = su * pose.turnU - sv * pose.turnV;
  const b = su * pose.turnV + sv * pose.turnU;
  return [a * pose.half + pose.width / 2 - 0.5, b * pose.half + pose.height / 2 - 0.5];
}
