/**
 * Woven denim twill that fills the picture: blue warp threads pass over three light weft threads and under one.
 * Threads differ in shade, thickness and course, as yarn does. There is nothing behind it: every pixel is part.
 */
import type { Random } from "../random.js";
import { clamp, mix, modulo, smoothstep } from "./fixed-math.js";
import { fractalNoise, hashSigned, noise } from "./noise.js";
import {
  type Alteration,
  blendSurface,
  type Colour,
  newSurface,
  type Part,
  plain,
  type Scene,
  type Surface,
} from "./surface.js";

/** Distance from thread to thread. */
const PITCH = 1 / 23;
const WARP: Colour = [0.075, 0.125, 0.25];
const WEFT: Colour = [0.44, 0.43, 0.39];

/** Nothing fixes the cloth's place under the camera, so every picture starts elsewhere in the weave (in threads). */
interface Piece {
  readonly scene: Scene;
  readonly startX: number;
  readonly startY: number;
}

/** A piece of cloth of this scene. */
export function cloth(scene: Scene): Part {
  const { random } = scene;
  const piece: Piece = { scene, startX: random.range(0, 64), startY: random.range(0, 64) };
  return {
    paint: (u, v, surface) => paintWeave(piece, u, v, surface, false),
    missing: (size, contrast, random) => lostThread(piece, size, contrast, random),
    bare: [0.66, 0.66, 0.63],
    stains: [
      [0.02, 0.015, 0.01],
      [0.2, 0.1, 0.03],
    ],
    litter: [
      [0.7, 0.68, 0.6],
      [0.45, 0.05, 0.05],
      [0.01, 0.01, 0.01],
    ],
  };
}

function paintWeave(piece: Piece, u: number, v: number, surface: Surface, warpLost: boolean): void {
  const { scene } = piece;
  const { seed } = scene;
  const x = warpAt(piece, u, v);
  const y = piece.startY + v / PITCH + 0.35 * noise(u * 2.3, v * 2.3, seed + 1);
  const column = Math.floor(x);
  const row = Math.floor(y);
  const cx = x - column - 0.5;
  const cy = y - row - 0.5;
  // Position in the repeat of four along the warp thread and along the weft thread: the weft is on top in [3, 4).
  const warpPhase = modulo(y + column, 4);
  const weftPhase = modulo(x + row, 4);
  const warpThick =
    1 + 0.16 * hashSigned(column, 0, seed + 2) + 0.2 * noise(column * 7.3, y * 0.11, seed + 3);
  const warpHeight = warpLost ? -1 : float(warpPhase, 1.5, 1.75) + 0.6 * warpThick * (0.5 - 2 * cx * cx);
  const weftHeight = float(weftPhase, 3.5, 0.85) + 0.6 * (0.5 - 2 * cy * cy);
  if (warpHeight >= weftHeight) paintThread(surface, WARP, cx, 1.5 - warpPhase, scene, column, y, true);
  else paintThread(surface, WEFT, cy, 3.5 - weftPhase, scene, row, x, false);
  // Light does not reach the bottom of the gaps.
  const depth = Math.max(warpHeight, weftHeight);
  surface.open =
    mix(0.3, 1, smoothstep(-0.15, 0.55, depth)) * (1 + 0.05 * fractalNoise(u * 1.7, v * 1.7, 2, seed + 4));
}

/** Position across the warp in threads; threads do not run quite straight. */
function warpAt({ scene, startX }: Piece, u: number, v: number): number {
  return startX + u / PITCH + 0.35 * noise(u * 2.3, v * 2.3, scene.seed);
}

/** Height of a thread that lies on top for `2 · reach` units round `centre`, and dives under beyond. */
function float(phase: number, centre: number, reach: number): number {
  const away = Math.abs(phase - centre);
  const t = Math.min(away, 4 - away) / reach;
  return 0.75 * (1 - t * t * t);
}

/** One thread: round across, bent down at both ends of its float, twisted out of fibres. */
function paintThread(
  surface: Surface,
  colour: Colour,
  across: number,
  toMiddle: number,
  scene: Scene,
  thread: number,
  along: number,
  upright: boolean,
): void {
  const seed = scene.seed + (upright ? 11 : 17);
  const shade = 1 + 0.16 * hashSigned(thread, 1, seed) + 0.22 * noise(thread * 5.7, along * 0.13, seed + 1);
  const twist = noise(across * 3.2 + along * 1.6, thread * 3.1, seed + 2);
  const fibre = noise(across * 9 + along * 2.5, thread * 1.7 + along * 5, seed + 3);
  plain(surface, colour, shade * (1 + 0.26 * twist + 0.2 * fibre));
  const steep = 1.5 * across;
  const bend = -0.13 * clamp(toMiddle, -1.5, 1.5);
  surface.slopeU = upright ? -steep : -bend;
  surface.slopeV = upright ? -bend : -steep;
  surface.satin = 0.03;
  surface.part = 1;
}

/** A length of one or two warp threads is missing: the weft shows, and dark gaps. */
function lostThread(piece: Piece, size: number, contrast: number, random: Random): Alteration {
  const u0 = random.range(-0.75, 0.75);
  const v0 = random.range(-0.6, 0.6);
  const half = size / 2;
  const threads = 1 + random.int(2);
  const gap = newSurface();
  const column = Math.floor(warpAt(piece, u0, v0));
  return {
    u: u0,
    v: v0,
    radius: half + 4 * PITCH,
    apply: (u, v, surface) => {
      if (Math.abs(v - v0) > half) return;
      const lost = Math.floor(warpAt(piece, u, v)) - column;
      if (lost < 0 || lost >= threads) return;
      paintWeave(piece, u, v, gap, true);
      gap.open *= 0.4;
      blendSurface(surface, gap, contrast);
    },
  };
}
