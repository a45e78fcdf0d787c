/**
 * Synthetic defects on pictures of good parts: what detectors are compared with where nobody has pictures of real ones.
 * They are made of the picture itself, so they look neither like a drawing nor like another camera.
 * Sources: CutPaste (Li et al., CVPR 2021: patch and scar); a scratch is a bent line of another brightness.
 */
import { type Random, seededRandom } from "../random.js";
import type { Mask, RgbImage } from "../stages/image/image.js";
import { type Place, placeChooser } from "./choose-places.js";
import { cosine, sine } from "./fixed-math.js";

/** Kinds of pasted defects. */
export type PastedKind = "patch" | "scar" | "scratch";

/** A picture with a defect, and where it is. */
export interface PastedDefect {
  readonly image: RgbImage;
  /** 1 where the picture was changed. */
  readonly mask: Mask;
  readonly kind: PastedKind;
}

/** Sides of a patch, and length and width of scars and scratches, as shares of the picture's shorter side. */
const PATCH = { low: 0.05, high: 0.18 };
const SCAR = { length: [0.08, 0.25], width: [0.012, 0.04] } as const;
const SCRATCH = { length: [0.15, 0.4], width: [0.004, 0.012] } as const;

/** Pasted pixels are this much brighter or darker at most. */
const JITTER = 0.15;

/** A scratch differs from what is under it by these grey values. */
const SCRATCH_DEPTH = [25, 90] as const;

/** Defects lie within this share of the picture, because parts do not reach its border. */
const MIDDLE = 0.8;

/** A wish for a defect. */
export interface PasteOptions {
  /** Drawn when it is not given. */
  readonly kind?: PastedKind;
  /** 1 where its middle may lie, of the picture's size; null or absent = within the middle part of the picture. */
  readonly area?: Mask | null;
}

/** A copy of the picture with one defect; the same seed gives the same bytes everywhere. */
export function pasteDefect(
  image: RgbImage,
  seed: number,
  { kind, area = null }: PasteOptions = {},
): PastedDefect {
  const random = seededRandom(seed);
  const drawn = random.pick(["patch", "scar", "scratch"] as const);
  const chosen = kind ?? drawn;
  const { width, height } = image;
  const canvas: Canvas = {
    from: image,
    image: { width, height, channels: 3, data: image.data.slice() },
    mask: { width, height, channels: 1, data: new Uint8Array(width * height) },
    place: placeDrawer(image, area),
  };
  if (chosen === "scratch") drawScratch(canvas, random);
  else pastePiece(canvas, random, chosen);
  return { image: canvas.image, mask: canvas.mask, kind: chosen };
}

interface Canvas {
  readonly from: RgbImage;
  readonly image: RgbImage;
  readonly mask: Mask;
  /** Draws where the defect's middle lies. */
  readonly place: (random: Random) => Place;
}

/** A piece of the picture, turned, a little brighter or darker, at another place. */
function pastePiece({ from, image, mask, place }: Canvas, random: Random, kind: "patch" | "scar"): void {
  const { width, height } = from;
  const side = Math.min(width, height);
  const [length, across] =
    kind === "patch"
      ? [random.range(PATCH.low, PATCH.high), random.range(PATCH.low, PATCH.high)]
      : [random.range(...SCAR.length), random.range(...SCAR.width)];
  const angle = random.range(0, kind === "patch" ? 0 : Math.PI);
  const gain = 1 + random.range(-JITTER, JITTER);
  const { x: toX, y: toY } = place(random);
  const [fromX, fromY] = [placeIn(random, width), placeIn(random, height)];
  const [halfLength, halfWidth] = [(length * side) / 2, Math.max(0.5, (across * side) / 2)];
  const [cos, sin] = [cosine(angle), sine(angle)];
  const reach = Math.ceil(halfLength + halfWidth);
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const along = dx * cos + dy * sin;
      const beside = dy * cos - dx * sin;
      if (Math.abs(along) > halfLength || Math.abs(beside) > halfWidth) continue;
      const [x, y] = [toX + dx, toY + dy];
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      // The piece is cut out straight and lies turned.
      const source =
        3 * (inside(fromY + Math.round(beside), height) * width + inside(fromX + Math.round(along), width));
      const at = y * width + x;
      mask.data[at] = 1;
      for (let c = 0; c < 3; c++) image.data[3 * at + c] = clampByte(from.data[source + c] * gain);
    }
}

/** A bent line, brighter or darker than what is under it, that thins out at its ends. */
function drawScratch({ from, image, mask, place }: Canvas, random: Random): void {
  const { width, height } = from;
  const side = Math.min(width, height);
  const length = random.range(...SCRATCH.length) * side;
  const thickness = Math.max(1, random.range(...SCRATCH.width) * side);
  const angle = random.range(0, Math.PI);
  const bend = random.range(-0.2, 0.2) * length;
  const depth = random.range(...SCRATCH_DEPTH) * (random.next() < 0.5 ? -1 : 1);
  const { x: middleX, y: middleY } = place(random);
  const [cos, sin] = [cosine(angle), sine(angle)];
  const reach = Math.ceil(length / 2 + thickness + Math.abs(bend));
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const [x, y] = [middleX + dx, middleY + dy];
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const along = (2 * (dx * cos + dy * sin)) / length;
      if (Math.abs(along) > 1) continue;
      const beside = Math.abs(dy * cos - dx * sin + bend * (along * along - 0.5));
      const half = (thickness / 2) * (1 - 0.6 * along * along);
      const cover = Math.min(1, Math.max(0, half - beside + 0.5));
      if (cover === 0) continue;
      const at = y * width + x;
      mask.data[at] = 1;
      for (let c = 0; c < 3; c++) image.data[3 * at + c] = clampByte(from.data[3 * at + c] + cover * depth);
    }
}

function placeDrawer({ width, height }: RgbImage, area: Mask | null): Canvas["place"] {
  const inArea = area && placeChooser({ width, height }, area, 0);
  return inArea ?? ((random) => ({ x: placeIn(random, width), y: placeIn(random, height) }));
}

/** A pixel of the picture's middle part. */
function placeIn(random: Random, length: number): number {
  return Math.floor(length * (0.5 + MIDDLE * (random.next() - 0.5)));
}

function inside(at: number, length: number): number {
  return Math.max(0, Math.min(length - 1, at));
}

function clampByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
