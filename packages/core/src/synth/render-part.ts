/**
 * The seeded maker of part pictures: one call draws a part as an inspection camera would see it, good or with one
 * defect, and the exact mask of the defect. For tests, demos and scale runs; real pictures are the measure of
 * quality, these are not. A seed gives the same bytes on every machine (see `fixed-math.ts`).
 */
import { BlemishError } from "../errors.js";
import { checkInteger, seededRandom } from "../random.js";
import type { Mask, RgbImage } from "../stages/image/image.js";
import { type Camera, develop, drawCamera } from "./develop.js";
import { drawLight, lit } from "./light.js";
import { DEFECT_TYPES, type DefectType, KIND_TABLE, PART_KINDS, type PartKind } from "./part-kinds.js";
import { type DefectOptions, placeDefect } from "./place-defect.js";
import { drawPose, type Pose, partU, partV, pixelAt, pixelSize } from "./pose.js";
import { type Alteration, newSurface, type Part, type Scene } from "./surface.js";

/** A change of at least so many 8-bit levels in some channel is visible, and only visible pixels count. */
export const VISIBLE_LEVELS = 5;

/** What to draw. */
export interface PartOptions {
  /** An integer, 0 to 2⁵³−1. Decides light, pose, texture, noise, and place and form of the defect. */
  readonly seed: number;
  /** Pixels, 16 to 4096. The part fits into the shorter side. */
  readonly width: number;
  readonly height: number;
  /** Left out: a good part. */
  readonly defect?: DefectOptions;
}

/** The defect of a drawn part. */
export interface DrawnDefect {
  readonly type: DefectType;
  /** `[xmin, ymin, xmax, ymax]` of the mask, inclusive, pixels. */
  readonly box: readonly [number, number, number, number];
  /** Number of mask pixels. */
  readonly area: number;
}

/** A drawn part. */
export interface DrawnPart {
  readonly image: RgbImage;
  /** 1 where the picture differs visibly ({@link VISIBLE_LEVELS}) from the same part without the defect; elsewhere the two are equal. */
  readonly mask: Mask;
  /** Null for a good part. */
  readonly defect: DrawnDefect | null;
}

/**
 * Draws one part. The same arguments give the same bytes; the same seed with and without `defect` gives the same
 * part under the same light, so the difference is the defect alone.
 *
 * @throws BlemishError OPTION_VALUE for an unknown kind or type, a number out of range, or a defect so small or
 *   faint that it changes no pixel visibly
 */
export function renderPart(kind: PartKind, options: PartOptions): DrawnPart {
  checkOptions(kind, options);
  const { seed, width, height, defect } = options;
  const row = KIND_TABLE[kind];
  const pose = drawPose(row, width, height, seededRandom(seed, 1));
  const light = drawLight(seededRandom(seed, 2));
  const random = seededRandom(seed, 3);
  const scene: Scene = { light, pixel: pixelSize(pose), seed: random.uint32(), random };
  const part = row.make(scene);
  const camera = drawCamera(seededRandom(seed, 4));
  const plainLight = new Float32Array(width * height * 3);
  expose(part, null, scene, pose, plainLight, [0, 0, width - 1, height - 1]);
  const damagedLight = defect === undefined ? null : plainLight.slice();
  const good: RgbImage = { width, height, channels: 3, data: develop(plainLight, width, height, camera) };
  if (defect === undefined || damagedLight === null) {
    return { image: good, mask: emptyMask(width, height), defect: null };
  }
  return damage(good, damagedLight, defect, { part, scene, pose, camera, seed });
}

/** Everything of a good part's drawing that its defect needs. */
interface Drawing {
  readonly part: Part;
  readonly scene: Scene;
  readonly pose: Pose;
  readonly camera: Camera;
  readonly seed: number;
}

/** Most defects are visible at once; a faint one gets a few other places before it is refused. */
const ATTEMPTS = 8;

function damage(good: RgbImage, light: Float32Array, options: DefectOptions, drawing: Drawing): DrawnPart {
  const { width, height } = good;
  const { part, scene, pose, camera, seed } = drawing;
  const seeds = seededRandom(seed, 5);
  const reach = visibleReach(pose);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const alteration = placeDefect(options, part, scene, reach, seeds.uint32());
    const changed = light.slice();
    expose(part, alteration, scene, pose, changed, boundsOf(alteration, pose));
    const drawn = compare(good, develop(changed, width, height, camera), options.type);
    if (drawn !== null) return drawn;
  }
  throw new BlemishError("OPTION_VALUE", {
    subject: `defect ${options.type}`,
    expected: "one that changes the picture visibly",
    found: `size ${options.size ?? "drawn"}, contrast ${options.contrast ?? "drawn"} at ${width}×${height} pixels`,
  });
}

/** Draws the pixels of a box (inclusive) into `light`. */
function expose(
  part: Part,
  alteration: Alteration | null,
  scene: Scene,
  pose: Pose,
  light: Float32Array,
  [left, top, right, bottom]: readonly [number, number, number, number],
): void {
  const surface = newSurface();
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const u = partU(pose, x, y);
      const v = partV(pose, x, y);
      part.paint(u, v, surface);
      alteration?.apply(u, v, surface);
      lit(surface, scene.light, light, 3 * (y * pose.width + x));
    }
  }
}

/** The good picture with the visibly changed pixels of the other one; null when there are none. */
function compare(good: RgbImage, changed: Uint8Array, type: DefectType): DrawnPart | null {
  const { width, height } = good;
  const data = good.data.slice();
  const mask = emptyMask(width, height);
  const box: [number, number, number, number] = [width, height, -1, -1];
  let area = 0;
  for (let pixel = 0, at = 0; pixel < width * height; pixel++, at += 3) {
    const red = Math.abs(changed[at]! - data[at]!);
    const green = Math.abs(changed[at + 1]! - data[at + 1]!);
    const blue = Math.abs(changed[at + 2]! - data[at + 2]!);
    if (Math.max(red, green, blue) < VISIBLE_LEVELS) continue;
    data.set(changed.subarray(at, at + 3), at);
    mask.data[pixel] = 1;
    area++;
    const x = pixel % width;
    const y = Math.floor(pixel / width);
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return area === 0
    ? null
    : { image: { width, height, channels: 3, data }, mask, defect: { type, box, area } };
}

function emptyMask(width: number, height: number): Mask {
  return { width, height, channels: 1, data: new Uint8Array(width * height) };
}

/** Half sides in part units of what the camera surely sees of the part. */
function visibleReach(pose: Pose): { readonly u: number; readonly v: number } {
  return { u: (0.92 * pose.width) / (2 * pose.half), v: (0.92 * pose.height) / (2 * pose.half) };
}

/** The pixels that an alteration may change, as an inclusive box; empty boxes have right < left. */
function boundsOf({ u, v, radius }: Alteration, pose: Pose): [number, number, number, number] {
  const [x, y] = pixelAt(pose, u, v);
  const reach = radius * pose.half * pose.scale + 2;
  return [
    Math.max(0, Math.floor(x - reach)),
    Math.max(0, Math.floor(y - reach)),
    Math.min(pose.width - 1, Math.ceil(x + reach)),
    Math.min(pose.height - 1, Math.ceil(y + reach)),
  ];
}

function checkOptions(kind: PartKind, { seed, width, height, defect }: PartOptions): void {
  checkName("part kind", kind, PART_KINDS);
  checkInteger("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  checkInteger("width", width, 16, 4096);
  checkInteger("height", height, 16, 4096);
  if (defect === undefined) return;
  checkName("defect type", defect.type, DEFECT_TYPES);
  checkShare("defect size", defect.size, 0.5);
  checkShare("defect contrast", defect.contrast, 1);
}

function checkName(subject: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new BlemishError("OPTION_VALUE", {
    subject,
    expected: `one of ${known.join(", ")}`,
    found: String(name),
  });
}

function checkShare(subject: string, value: number | undefined, high: number): void {
  if (value === undefined || (value > 0 && value <= high)) return;
  throw new BlemishError("OPTION_VALUE", {
    subject,
    expected: `a number above 0, at most ${high}`,
    found: String(value),
  });
}
