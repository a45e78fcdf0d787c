/**
 * A printed paper label on a cardboard pack: coloured band with lettering and a logo, lines of text, bar code,
 * matrix code in a frame. The print is the same on every label; paper, board and registration vary.
 */
import type { Random } from "../random.js";
import { cover, mix, smoothstep } from "./fixed-math.js";
import { fractalNoise, hash, noise } from "./noise.js";
import { boxDistance, length, segmentDistance } from "./shapes.js";
import { textDistance, textWidth } from "./strokes.js";
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

const HALF_U = 0.86;
const HALF_V = 0.7;
const PAPER: Colour = [0.78, 0.78, 0.75];
const BOARD: Colour = [0.36, 0.235, 0.125];
const BAND: Colour = [0.006, 0.13, 0.17];
const BLACK: Colour = [0.012, 0.012, 0.014];
const ORANGE: Colour = [0.8, 0.2, 0.015];
const BAND_END = -0.36;

/** A line of text: left end and top of its characters, height, half thickness of its strokes. */
interface Line {
  readonly text: string;
  readonly u: number;
  readonly v: number;
  readonly height: number;
  readonly thick: number;
}

const HEADLINE: Line = { text: "NORDWERK", u: -0.76, v: -0.605, height: 0.135, thick: 0.017 };
const LINES: readonly Line[] = [
  { text: "SAFETY VALVE 3/4", u: -0.76, v: -0.28, height: 0.088, thick: 0.0115 },
  { text: "TYPE A17-B   PN 16", u: -0.76, v: -0.135, height: 0.068, thick: 0.0075 },
  { text: "LOT 40872  2031-05", u: -0.76, v: -0.02, height: 0.068, thick: 0.0075 },
  { text: "4 006381 33931", u: -0.72, v: 0.565, height: 0.058, thick: 0.006 },
];
const BARS = { u0: -0.76, u1: 0.2, v0: 0.15, v1: 0.53, modules: 67, seed: 71 };
const MATRIX = { u: 0.53, v: 0.36, half: 0.2, modules: 14, seed: 5 };

interface Press {
  readonly scene: Scene;
  readonly ground: Surface;
  /** How far the colour plate lies beside the black one. */
  readonly shiftU: number;
  readonly shiftV: number;
  readonly density: number;
}

/** A label of this scene. */
export function label(scene: Scene): Part {
  const { random } = scene;
  const press: Press = {
    scene,
    ground: newSurface(),
    shiftU: 0.004 * random.normal(),
    shiftV: 0.004 * random.normal(),
    density: random.range(0.93, 1),
  };
  return {
    paint: (u, v, surface) => paintPack(press, u, v, surface),
    missing: (size, contrast, missingRandom) => lostPrint(press, size, contrast, missingRandom),
    bare: [0.42, 0.39, 0.35],
    stains: [
      [0.16, 0.075, 0.02],
      [0.02, 0.02, 0.03],
    ],
    litter: [
      [0.01, 0.01, 0.01],
      [0.25, 0.13, 0.05],
      [0.4, 0.03, 0.03],
    ],
  };
}

function paintPack(press: Press, u: number, v: number, surface: Surface): void {
  const { scene, ground } = press;
  const edge = boxDistance(u, v, HALF_U, HALF_V, 0.05);
  surface.part = cover(edge, scene.pixel);
  if (surface.part > 0) {
    paintPaper(scene, u, v, surface);
    paintPrint(press, u, v, surface);
  }
  if (surface.part >= 1) return;
  paintBoard(scene, u, v, edge, ground);
  blendSurface(surface, ground, 1 - surface.part);
}

function paintBoard(scene: Scene, u: number, v: number, edge: number, surface: Surface): void {
  const { light, seed } = scene;
  const fibres = noise(u * 14, v * 90, seed);
  const flute = 1 + 0.035 * (hash(0, Math.floor(v * 12), 3) & 1 ? 1 : -1) * noise(0.5, v * 12, 3);
  const specks = noise(u * 70, v * 70, seed + 1);
  plain(
    surface,
    BOARD,
    flute * (1 + 0.07 * fibres + 0.05 * specks + 0.05 * fractalNoise(u * 2, v * 2, 2, seed + 2)),
  );
  if (specks > 0.86) tint(surface, [0.12, 0.07, 0.04], 0.5);
  // The paper's thickness throws a narrow shadow away from the lamp.
  const shadow = boxDistance(u + 0.025 * light.u, v + 0.025 * light.v, HALF_U, HALF_V, 0.05);
  surface.open = mix(0.6, 1, Math.max(smoothstep(-0.01, 0.02, shadow), smoothstep(0, 0.05, edge)));
}

function paintPaper(scene: Scene, u: number, v: number, surface: Surface): void {
  const { seed } = scene;
  const fibres = noise(u * 100, v * 100, seed + 3);
  plain(surface, PAPER, 1 + 0.012 * fibres + 0.025 * fractalNoise(u * 1.6, v * 1.6, 2, seed + 4));
  // It never lies quite flat.
  surface.slopeU = 0.05 * noise(u * 1.8, v * 1.8, seed + 5);
  surface.slopeV = 0.05 * noise(u * 1.8, v * 1.8, seed + 6);
  surface.satin = 0.04;
}

function paintPrint(press: Press, u: number, v: number, surface: Surface): void {
  const { pixel, seed } = press.scene;
  const ink = press.density * (1 - 0.05 * Math.max(0, noise(u * 60, v * 60, seed + 7)));
  if (v < BAND_END + 0.05) paintBand(press, u - press.shiftU, v - press.shiftV, ink, surface);
  else if (v > 0.1) paintCodes(u, v, pixel, ink, surface);
  else
    tint(surface, BLACK, ink * cover(Math.abs(v - 0.085) - 0.004, pixel) * cover(Math.abs(u) - 0.76, pixel));
  for (const line of LINES) tint(surface, BLACK, ink * printed(line, u, v, pixel));
}

/** The band with the headline left white, and the logo: a disc with a leaf cut out. */
function paintBand(press: Press, u: number, v: number, ink: number, surface: Surface): void {
  const { pixel } = press.scene;
  const inside = cover(v - BAND_END, pixel) * (1 - printed(HEADLINE, u, v, pixel));
  const du = u - 0.66;
  const dv = v + 0.53;
  const disc = cover(length(du, dv) - 0.118, pixel);
  tint(surface, BAND, ink * inside * (1 - disc));
  const leaf = cover(Math.max(length(du + 0.05, dv + 0.05), length(du - 0.05, dv - 0.05)) - 0.105, pixel);
  const vein = cover(segmentDistance(du, dv, -0.06, 0.06, 0.05, -0.05) - 0.006, pixel);
  tint(surface, ORANGE, ink * disc * (1 - leaf * (1 - vein)));
}

function paintCodes(u: number, v: number, pixel: number, ink: number, surface: Surface): void {
  const { u0, u1, v0, v1, modules, seed } = BARS;
  if (u > u0 - 0.02 && u < u1 + 0.02) {
    const width = (u1 - u0) / modules;
    const at = (u - u0) / width;
    const column = Math.floor(at);
    const dark = (i: number): number =>
      i >= 0 && i < modules && (i < 2 || i > modules - 3 || hash(i, 0, seed) & 1) ? 1 : 0;
    // The part of a pixel that reaches into the next module takes that module's colour.
    const beyond = cover((column + 1 - at) * width, pixel) * (dark(column + 1) - dark(column));
    const before = cover((at - column) * width, pixel) * (dark(column - 1) - dark(column));
    const tall = cover(Math.max(v0 - v, v - v1), pixel);
    tint(surface, BLACK, ink * tall * (dark(column) + beyond + before));
    return;
  }
  const mu = u - MATRIX.u;
  const mv = v - MATRIX.v;
  const frame = Math.abs(boxDistance(mu, mv, MATRIX.half + 0.05, MATRIX.half + 0.05)) - 0.006;
  tint(surface, BLACK, ink * Math.max(cover(frame, pixel), matrixCode(mu, mv, pixel)));
}

/** A square matrix code: solid left and lower edge, ticks on the others, hashed modules between. */
function matrixCode(u: number, v: number, pixel: number): number {
  const { half, modules, seed } = MATRIX;
  const side = (2 * half) / modules;
  const column = Math.floor((u + half) / side);
  const row = Math.floor((v + half) / side);
  if (column < 0 || row < 0 || column >= modules || row >= modules) return 0;
  const edge = column === 0 || row === modules - 1;
  const tick = row === 0 ? column % 2 === 0 : column === modules - 1 ? row % 2 === 1 : undefined;
  const dark = edge || (tick ?? (hash(column, row, seed) & 1) === 1);
  const du = Math.abs(u + half - (column + 0.5) * side) - side / 2;
  const dv = Math.abs(v + half - (row + 0.5) * side) - side / 2;
  return dark ? cover(Math.max(du, dv) - 0.15 * side, pixel) : 0;
}

function printed(line: Line, u: number, v: number, pixel: number): number {
  const y = (v - line.v) / line.height;
  if (y < -0.3 || y > 1.3) return 0;
  return cover(textDistance(line.text, (u - line.u) / line.height, y) * line.height - line.thick, pixel);
}

/** A place where the print did not take: plain paper in a soft patch over some print. */
function lostPrint(press: Press, size: number, contrast: number, random: Random): Alteration {
  const { scene } = press;
  const line = random.pick([HEADLINE, ...LINES]);
  const u0 = line.u + random.range(0.15, 0.85) * textWidth(line.text) * line.height;
  const v0 = line.v + line.height / 2;
  const seed = random.uint32();
  const blank = newSurface();
  return {
    u: u0,
    v: v0,
    radius: size * 0.75,
    apply: (u, v, surface) => {
      const wave = 1 + 0.3 * fractalNoise(u * 9, v * 9, 2, seed);
      const distance = boxDistance(u - u0, v - v0, (size / 2) * wave, (size / 3) * wave, size / 4);
      paintPaper(scene, u, v, blank);
      blendSurface(surface, blank, smoothstep(0.012, -0.012, distance) * contrast * surface.part);
    },
  };
}
