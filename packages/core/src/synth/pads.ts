/**
 * A piece of bare circuit board: green solder mask over copper tracks and a ground plane, gold pads, vias with
 * holes, white lettering. The layout is one fixed drawing (`board-layout.ts`); plating, mask and print vary.
 */
import type { Random } from "../random.js";
import {
  lineDistance,
  type Neighbourhood,
  neighbourhood,
  PADS,
  type Pad,
  PLANE,
  padDistance,
  trackDistance,
} from "./board-layout.js";
import { clamp, cover, mix, smoothstep } from "./fixed-math.js";
import { fractalNoise, hashSigned, noise } from "./noise.js";
import { boxDistance, length } from "./shapes.js";
import { textDistance } from "./strokes.js";
import {
  type Alteration,
  blendSurface,
  type Colour,
  newSurface,
  type Part,
  plain,
  type Scene,
  type Surface,
  tint,
} from "./surface.js";

const MASK: Colour = [0.008, 0.088, 0.04];
const MASK_ON_COPPER: Colour = [0.02, 0.17, 0.06];
const LAMINATE: Colour = [0.13, 0.115, 0.05];
const GOLD: Colour = [0.5, 0.33, 0.1];
const HOLE: Colour = [0.006, 0.006, 0.006];
const WHITE: Colour = [0.66, 0.67, 0.63];

interface Board {
  readonly scene: Scene;
  /** How far the white print lies beside the copper. */
  readonly silkU: number;
  readonly silkV: number;
}

/** A board of this scene. */
export function pads(scene: Scene): Part {
  const { random } = scene;
  const board: Board = { scene, silkU: 0.005 * random.normal(), silkV: 0.005 * random.normal() };
  return {
    paint: (u, v, surface) => paintBoard(board, u, v, surface, -1),
    missing: (size, contrast, missingRandom) => lostPad(board, size, contrast, missingRandom),
    bare: [0.62, 0.3, 0.14],
    stains: [
      [0.4, 0.34, 0.2],
      [0.02, 0.012, 0.006],
    ],
    litter: [
      [0.6, 0.6, 0.62],
      [0.6, 0.57, 0.5],
      [0.4, 0.05, 0.03],
    ],
  };
}

function paintBoard(board: Board, u: number, v: number, surface: Surface, lost: number): void {
  const near = neighbourhood(u, v);
  surface.part = 1;
  paintMask(board.scene, near, u, v, surface);
  if (near.silk.length + near.letters.length > 0) paintSilk(board, near, u, v, surface);
  for (const via of near.vias) paintVia(board.scene, length(u - via.u, v - via.v), surface);
  for (const index of near.pads)
    if (index !== lost) paintPad(board.scene, PADS[index]!, index, u, v, surface);
}

function paintMask(scene: Scene, near: Neighbourhood, u: number, v: number, surface: Surface): void {
  const { pixel, seed } = scene;
  const track = trackDistance(near.tracks, u, v);
  const plane = boxDistance(u - PLANE.u, v - PLANE.v, PLANE.halfU, PLANE.halfV, 0.04);
  const distance = Math.min(track, plane);
  const copper = cover(distance, 1.5 * pixel);
  const weave = 0.05 * noise(u * 55, 0.5, 7) * noise(0.5, v * 55, 8);
  const mottle =
    1 + 0.06 * fractalNoise(u * 4, v * 4, 3, seed) + 0.05 * noise(u * 90, v * 90, seed + 1) + weave;
  plain(surface, MASK, mottle);
  tint(surface, [MASK_ON_COPPER[0] * mottle, MASK_ON_COPPER[1] * mottle, MASK_ON_COPPER[2] * mottle], copper);
  // The mask is thick and glossy; it runs down at the edges of the copper.
  const ridge = clamp(1 - Math.abs(distance) / 0.014, 0, 1);
  surface.slopeU = 0.02 * noise(u * 9, v * 9, seed + 2);
  surface.slopeV = 0.02 * noise(u * 9, v * 9, seed + 3);
  surface.open = 1 - 0.28 * ridge * (1 - copper);
  surface.satin = 0.035;
  surface.gloss = 0.12 + 0.2 * ridge;
}

function paintSilk(board: Board, near: Neighbourhood, u: number, v: number, surface: Surface): void {
  const { pixel, seed } = board.scene;
  const x = u - board.silkU;
  const y = v - board.silkV;
  let distance = Number.POSITIVE_INFINITY;
  for (const line of near.silk) distance = Math.min(distance, lineDistance(line, x, y) - 0.0085);
  for (const { text, u: left, v: top, height } of near.letters)
    distance = Math.min(
      distance,
      textDistance(text, (x - left) / height, (y - top) / height) * height - 0.0095,
    );
  const print = cover(distance, pixel) * (0.93 + 0.07 * noise(u * 70, v * 70, seed + 4));
  if (print <= 0) return;
  tint(surface, WHITE, print);
  surface.gloss *= 1 - print;
}

function paintVia(scene: Scene, distance: number, surface: Surface): void {
  if (distance > 0.05) return;
  tint(surface, MASK_ON_COPPER, cover(distance - 0.036, scene.pixel));
  surface.gloss += 0.3 * smoothstep(0.01, 0, Math.abs(distance - 0.034));
  tint(surface, HOLE, cover(distance - 0.016, scene.pixel));
}

function paintPad(scene: Scene, pad: Pad, index: number, u: number, v: number, surface: Surface): void {
  const { pixel, seed, light } = scene;
  const distance = padDistance(pad, u, v);
  const opening = cover(distance - 0.014, pixel);
  if (opening <= 0) return;
  tint(surface, LAMINATE, opening);
  surface.gloss *= 1 - opening;
  surface.open *= 1 - 0.3 * opening;
  const metal = cover(distance, pixel);
  const grain = 1 + 0.1 * fractalNoise(u * 30, v * 30, 2, seed + 5) + 0.05 * hashSigned(index, 2, seed);
  // Pads are slightly domed, so the side towards the lamp is brighter.
  const domed = 1 + (0.22 * ((u - pad.u) * light.u + (v - pad.v) * light.v)) / Math.max(pad.halfU, pad.halfV);
  const rim = smoothstep(-0.022, 0, distance);
  tint(surface, [GOLD[0] * grain, GOLD[1] * grain, GOLD[2] * grain], metal);
  surface.open = mix(surface.open, 1, metal);
  surface.sheen = metal * 0.07 * grain * domed * (1 - 0.5 * rim);
  surface.gloss = mix(surface.gloss, 0.25, metal);
  if (pad.hole > 0) {
    const drilled = cover(length(u - pad.u, v - pad.v) - pad.hole, pixel);
    tint(surface, HOLE, drilled);
    surface.sheen *= 1 - drilled;
    surface.gloss *= 1 - drilled;
  }
}

/** One pad is not there: solder mask covers its place, a shade darker. */
function lostPad(board: Board, size: number, contrast: number, random: Random): Alteration {
  const index = random.int(PADS.length);
  const pad = PADS[index]!;
  const bare = newSurface();
  return {
    u: pad.u,
    v: pad.v,
    radius: Math.max(size, length(pad.halfU, pad.halfV) + 0.04),
    apply: (u, v, surface) => {
      paintBoard(board, u, v, bare, index);
      blendSurface(surface, bare, contrast);
    },
  };
}
