/** Decides where a defect lies and how large and strong it is, and makes the change of the surface for it. */
import { type Random, seededRandom } from "../random.js";
import { dent, foreign, scratch, stain } from "./defects.js";
import { cosine, sine } from "./fixed-math.js";
import type { DefectType } from "./part-kinds.js";
import { type Alteration, type DefectShape, newSurface, type Part, type Scene } from "./surface.js";

/** Largest extents, as a share of the picture's shorter side, that are drawn when no size is asked for. */
const SIZES: Readonly<Record<DefectType, readonly [low: number, high: number]>> = {
  scratch: [0.14, 0.34],
  dent: [0.08, 0.16],
  stain: [0.09, 0.2],
  missing: [0.09, 0.18],
  foreign: [0.05, 0.13],
};

/** A wish for a defect; what is left out is drawn. */
export interface DefectOptions {
  readonly type: DefectType;
  /** Largest extent as a share of the picture's shorter side, above 0 to 0.5. Pads are lost whole, whatever the size. */
  readonly size?: number;
  /** Strength above 0 to 1. */
  readonly contrast?: number;
}

/**
 * Makes a defect somewhere on the part (part units, within ±reach of the middle).
 *
 * @param seed decides place, form and whatever `options` leaves open
 */
export function placeDefect(
  options: DefectOptions,
  part: Part,
  scene: Scene,
  reach: { readonly u: number; readonly v: number },
  seed: number,
): Alteration {
  const random = seededRandom(seed, 1);
  const [low, high] = SIZES[options.type];
  const drawnSize = random.range(low, high);
  // What is missing is missing wholly unless something else is asked for.
  const drawnContrast = options.type === "missing" ? 1 : random.range(0.7, 1);
  // The shorter side of the picture is two part units.
  const length = 2 * (options.size ?? drawnSize);
  const contrast = options.contrast ?? drawnContrast;
  if (options.type === "missing") return part.missing(length, contrast, random);
  const shape = findPlace(options.type, length, contrast, part, reach, random);
  if (options.type === "scratch") return scratch(shape, scene, part);
  if (options.type === "dent") return dent(shape, scene);
  if (options.type === "stain") return stain(shape, scene, part);
  return foreign(shape, scene, part);
}

/** The first of some random places that lies on the part with its whole extent, or the best of them. */
function findPlace(
  type: DefectType,
  length: number,
  contrast: number,
  part: Part,
  reach: { readonly u: number; readonly v: number },
  random: Random,
): DefectShape {
  let best: DefectShape | undefined;
  let bestShare = -1;
  for (let attempt = 0; attempt < 60 && bestShare < 1; attempt++) {
    const shape: DefectShape = {
      u: random.range(-reach.u, reach.u),
      v: random.range(-reach.v, reach.v),
      length,
      angle: random.range(-Math.PI, Math.PI),
      contrast,
      seed: random.uint32(),
    };
    const share = shareOnPart(type, shape, part, reach);
    if (share <= bestShare) continue;
    best = shape;
    bestShare = share;
  }
  return best!;
}

/** Distances from the middle, as shares of the length: close enough that a long scratch does not cross a hole. */
const PROBES = [0, 0.13, 0.26, 0.39, 0.5];

/** Share of probe points of a defect (middle, ring or line) that lie on the part and in the picture. */
function shareOnPart(
  type: DefectType,
  shape: DefectShape,
  part: Part,
  reach: { readonly u: number; readonly v: number },
): number {
  const surface = newSurface();
  const probes = type === "scratch" ? [0, Math.PI] : [0, 1, 2, 3, 4, 5, 6, 7].map((i) => (i * Math.PI) / 4);
  let on = 0;
  const isOn = (u: number, v: number): boolean => {
    if (Math.abs(u) > reach.u || Math.abs(v) > reach.v) return false;
    part.paint(u, v, surface);
    return surface.part >= 1;
  };
  for (const share of PROBES)
    for (const turn of probes) {
      const angle = shape.angle + turn;
      if (isOn(shape.u + share * shape.length * cosine(angle), shape.v + share * shape.length * sine(angle)))
        on++;
    }
  return on / (PROBES.length * probes.length);
}
