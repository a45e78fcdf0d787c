/**
 * A defect of a given kind, size and contrast at a given place of a real picture: what a model's sensitivity is measured
 * with. Shapes are simple and the same at every size; nothing of them imitates a certain material. `paste-defect.ts` draws
 * defects at random to compare models with.
 */
import { type Random, seededRandom } from "../random.js";
import type { Mask, RgbImage } from "../stages/image/image.js";
import { clamp, cosine, cover, sine, smoothstep } from "./fixed-math.js";
import { fractalNoise, noise } from "./noise.js";
import type { DefectType } from "./part-kinds.js";
import { length } from "./shapes.js";

/** What is to be drawn. */
export interface DefectWish {
  readonly type: DefectType;
  /** Pixel of its middle; it may reach over the border, where nothing is drawn. */
  readonly x: number;
  readonly y: number;
  /** Largest extent in pixels, at least 1. */
  readonly size: number;
  /** How far it differs from what is around it where it differs most, as a share of the full range of grey, above 0 to 1. */
  readonly contrast: number;
  /** Decides its angle and form, which are the same at every size and contrast. */
  readonly seed: number;
}

/** A picture with a defect. */
export interface DrawnDefectPicture {
  /** A copy. */
  readonly image: RgbImage;
  /** 1 on the defect, whatever its contrast. */
  readonly mask: Mask;
}

/** What a defect does to a pixel: how much of it is covered 0–1, and by how many grey levels it is moved, per channel. */
interface Stroke {
  readonly covered: number;
  /** Shift by so many times the depth, −1 to 1. */
  readonly shift: number;
  /** The pixel's own texture is gone. */
  readonly opaque: boolean;
}

/** dx, dy: pixels from its middle, turned by its angle. */
type Shape = (dx: number, dy: number) => Stroke;

/** Below this share a pixel does not belong to the defect. */
const LEAST_COVER = 0.05;

/** Draws a defect; the same wish gives the same bytes everywhere. */
export function drawDefect(from: RgbImage, wish: DefectWish): DrawnDefectPicture {
  const { width, height } = from;
  const image: RgbImage = { width, height, channels: 3, data: from.data.slice() };
  const mask: Mask = { width, height, channels: 1, data: new Uint8Array(width * height) };
  const random = seededRandom(wish.seed, 7);
  const angle = random.range(-Math.PI, Math.PI);
  const brighter = random.next() < 0.5;
  const shape = SHAPES[wish.type](wish.size / 2, random);
  const mean = meanAround(from, wish);
  const depth = 255 * wish.contrast * directionOf(wish, mean, brighter);
  const [cos, sin] = [cosine(angle), sine(angle)];
  const reach = Math.ceil(wish.size / 2) + 2;
  const [left, right] = [
    Math.max(0, Math.floor(wish.x) - reach),
    Math.min(width - 1, Math.ceil(wish.x) + reach),
  ];
  const [top, bottom] = [
    Math.max(0, Math.floor(wish.y) - reach),
    Math.min(height - 1, Math.ceil(wish.y) + reach),
  ];
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const [dx, dy] = [x - wish.x, y - wish.y];
      const { covered, shift, opaque } = shape(dx * cos + dy * sin, dy * cos - dx * sin);
      if (covered < LEAST_COVER) continue;
      const at = y * width + x;
      mask.data[at] = 1;
      for (let c = 0; c < 3; c++) {
        const own = from.data[3 * at + c];
        const under = opaque ? own + covered * (mean[c] - own) : own;
        image.data[3 * at + c] = clamp(Math.round(under + covered * shift * depth), 0, 255);
      }
    }
  return { image, mask };
}

/** Mean colour of the pixels below the defect and just around it. */
function meanAround({ width, height, data }: RgbImage, { x, y, size }: DefectWish): readonly number[] {
  const reach = size / 2 + 1;
  const sums = [0, 0, 0];
  let count = 0;
  for (let py = Math.max(0, Math.ceil(y - reach)); py <= Math.min(height - 1, y + reach); py++)
    for (let px = Math.max(0, Math.ceil(x - reach)); px <= Math.min(width - 1, x + reach); px++) {
      for (let c = 0; c < 3; c++) sums[c] += data[3 * (py * width + px) + c];
      count++;
    }
  return sums.map((sum) => (count === 0 ? 0 : sum / count));
}

/** Brighter or darker, as drawn or as is usual for the kind, unless there is more room the other way. */
function directionOf({ type, contrast }: DefectWish, mean: readonly number[], brighter: boolean): 1 | -1 {
  const level = (mean[0] + mean[1] + mean[2]) / 3;
  const wanted = type === "missing" || type === "stain" ? -1 : brighter ? 1 : -1;
  const room = wanted === 1 ? 255 - level : level;
  const enough = room >= 255 * contrast || room >= 127.5;
  return enough ? wanted : wanted === 1 ? -1 : 1;
}

const SHAPES: Readonly<Record<DefectType, (half: number, random: Random) => Shape>> = {
  scratch: scratchShape,
  dent: dentShape,
  stain: stainShape,
  missing: missingShape,
  foreign: chipShape,
};

/** A bent line that thins out at its ends; never thinner than a pixel. */
function scratchShape(half: number, random: Random): Shape {
  const bend = random.range(-0.18, 0.18) * half;
  const thick = Math.max(0.6, 0.045 * half);
  const seed = random.uint32();
  return (dx, dy) => {
    const along = dx / half;
    if (Math.abs(along) > 1) return NOTHING;
    const beside = Math.abs(dy + bend * (along * along - 0.5));
    const covered = cover(beside - thick * (1 - 0.5 * along * along), 1);
    return { covered, shift: 0.85 + 0.15 * noise(along * 9, 0.5, seed), opaque: false };
  };
}

/** A round hollow: bright on one side and dark on the other. */
function dentShape(half: number, random: Random): Shape {
  const squash = random.range(0.75, 1);
  return (dx, dy) => {
    const [a, b] = [dx / half, dy / (half * squash)];
    const r = length(a, b);
    if (r >= 1) return NOTHING;
    // Steepest at 1/√3 of the radius, where the shade is 1.
    return { covered: 1, shift: 2.598 * a * (1 - r * r), opaque: false };
  };
}

/** An uneven patch with a soft edge that is stronger at its rim. */
function stainShape(half: number, random: Random): Shape {
  const seed = random.uint32();
  return (dx, dy) => {
    const [a, b] = [dx / half, dy / (0.85 * half)];
    const edge = 0.92 + 0.08 * fractalNoise(2.2 * a + 4, 2.2 * b, 3, seed);
    const r = length(a, b) / edge;
    const covered = smoothstep(1, 0.82, r);
    const rim = 1 - smoothstep(0, 0.35, Math.abs(r - 0.75));
    return { covered, shift: 0.65 + 0.35 * rim, opaque: false };
  };
}

/** A hole with a smooth floor that is deepest in its middle. */
function missingShape(half: number, random: Random): Shape {
  const squash = random.range(0.7, 1);
  return (dx, dy) => {
    const [a, b] = [dx / half, dy / (half * squash)];
    // Between a circle and a square.
    const r = Math.sqrt(Math.sqrt(a * a * a * a + b * b * b * b));
    return { covered: cover((r - 1) * half * squash, 1), shift: 1 - 0.25 * clamp(r, 0, 1), opaque: true };
  };
}

/** A chip with five to seven straight sides that lies on the part, of one colour. */
function chipShape(half: number, random: Random): Shape {
  const count = 5 + random.int(3);
  const sides = Array.from({ length: count }, (_, i) => {
    const turn = ((i + random.range(-0.25, 0.25)) * 2 * Math.PI) / count;
    return { u: cosine(turn), v: sine(turn), away: half * random.range(0.7, 0.95) };
  });
  return (dx, dy) => {
    let distance = length(dx, dy) - half;
    for (const { u, v, away } of sides) distance = Math.max(distance, dx * u + dy * v - away);
    return { covered: cover(distance, 1), shift: 0.9 + (0.1 * dy) / half, opaque: true };
  };
}

const NOTHING: Stroke = { covered: 0, shift: 0, opaque: false };
