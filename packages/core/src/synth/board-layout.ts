/** The drawing of the generated circuit board in part units: where pads, tracks, vias and print lie. Data and distances. */
import { modulo } from "./fixed-math.js";
import { boxDistance, length, segmentDistance } from "./shapes.js";
import { textWidth } from "./strokes.js";

/** A pad: centre, half sides, corner radius; radius of its hole, 0 = none. */
export interface Pad {
  readonly u: number;
  readonly v: number;
  readonly halfU: number;
  readonly halfV: number;
  readonly corner: number;
  readonly hole: number;
}

/** A straight line: u0, v0, u1, v1. */
export type Line = readonly [u0: number, v0: number, u1: number, v1: number];

/** Columns of the chip's pads. */
const CHIP = [-0.6, -0.48, -0.36, -0.24, -0.12, 0, 0.12] as const;
const PASSIVES = [
  { name: "R7", v: -0.66 },
  { name: "C4", v: -0.38 },
  { name: "C5", v: -0.1 },
  { name: "R8", v: 0.18 },
] as const;
const PINS = [-0.74, -0.52, -0.3, -0.08, 0.14] as const;

/** Every pad: 14 of the chip, 8 of the small parts, 5 pins, 2 large ones. */
export const PADS: readonly Pad[] = [
  ...CHIP.flatMap((u) =>
    [-0.5, -0.02].map((v) => ({ u, v, halfU: 0.036, halfV: 0.092, corner: 0.012, hole: 0 })),
  ),
  ...PASSIVES.flatMap(({ v }) =>
    [0.44, 0.68].map((u) => ({ u, v, halfU: 0.062, halfV: 0.072, corner: 0.014, hole: 0 })),
  ),
  ...PINS.map((u, i) => ({
    u,
    v: 0.74,
    halfU: 0.085,
    halfV: 0.085,
    corner: i === 0 ? 0.005 : 0.085,
    hole: 0.042,
  })),
  ...[0.46, 0.76].map((u) => ({ u, v: 0.62, halfU: 0.105, halfV: 0.16, corner: 0.016, hole: 0 })),
];

/** The ground plane under the mask. */
export const PLANE = { u: -0.27, v: 0.33, halfU: 0.54, halfV: 0.125 } as const;

/** Tracks: runs with 45° bends, half a width of {@link TRACK} to each side. */
const TRACKS: readonly (readonly number[])[] = [
  [0.12, -0.5, 0.12, -0.72, 0.18, -0.78, 0.3, -0.78, 0.42, -0.66, 0.44, -0.66],
  [0, -0.5, 0, -0.78, 0.1, -0.88, 0.64, -0.88, 0.82, -0.7, 0.82, -0.44, 0.76, -0.38, 0.68, -0.38],
  [-0.12, -0.5, -0.12, -0.84, -0.24, -0.96, -0.5, -0.96],
  [-0.24, -0.5, -0.24, -0.74, -0.3, -0.8],
  [-0.36, -0.5, -0.36, -0.72, -0.48, -0.84, -1.1, -0.84],
  [-0.48, -0.5, -0.48, -0.64, -0.54, -0.7, -1.1, -0.7],
  [-0.6, -0.5, -0.72, -0.5, -0.84, -0.38, -0.84, 0.56, -0.74, 0.66, -0.74, 0.74],
  [0.12, -0.02, 0.12, -0.12, 0.24, -0.24, 0.3, -0.24, 0.44, -0.38],
  [0, -0.02, 0, -0.16, 0.1, -0.26],
  [0.12, -0.02, 0.3, -0.02, 0.38, -0.1, 0.44, -0.1],
  [0.68, -0.1, 0.8, -0.1, 0.9, 0, 1.1, 0],
  [0.68, 0.18, 0.8, 0.18, 0.9, 0.28, 1.1, 0.28],
  [0.68, -0.66, 0.94, -0.66, 1.02, -0.58, 1.1, -0.58],
  [0.44, 0.18, 0.32, 0.18, 0.3, 0.2, 0.3, 0.46, 0.46, 0.62],
  [-0.6, -0.02, -0.6, 0.2],
  [-0.36, -0.02, -0.36, 0.2],
  [-0.12, -0.02, -0.12, 0.2],
  [-0.3, 0.74, -0.3, 0.45],
  [0.14, 0.74, 0.14, 0.88, 0.22, 0.96, 0.7, 0.96, 0.76, 0.9, 0.76, 0.62],
];
const TRACK = 0.016;

/** The centre of a via. */
export interface Via {
  readonly u: number;
  readonly v: number;
}

const VIAS: readonly Via[] = [
  { u: -0.3, v: -0.8 },
  { u: -0.5, v: -0.96 },
  { u: 0.1, v: -0.26 },
  { u: -0.72, v: 0.3 },
  { u: -0.48, v: 0.36 },
  { u: -0.2, v: 0.32 },
  { u: 0.16, v: 0.36 },
  { u: 0.9, v: 0.42 },
];

// White lines: the chip's outline, brackets of the small parts, the frame of the plug, bars of the diode.
const SILK: readonly Line[] = [
  ...outline(-0.7, -0.37, 0.22, -0.15),
  [-0.7, -0.2, -0.66, -0.2],
  [-0.66, -0.2, -0.66, -0.15],
  ...PASSIVES.flatMap(({ v }): Line[] => [
    [0.36, v - 0.105, 0.76, v - 0.105],
    [0.36, v + 0.105, 0.76, v + 0.105],
  ]),
  ...outline(-0.87, 0.62, 0.27, 0.86),
  [0.32, 0.42, 0.9, 0.42],
  [0.32, 0.82, 0.9, 0.82],
  [0.61, 0.5, 0.61, 0.74],
];

/** A piece of white lettering: left end and top. */
export interface Lettering {
  readonly text: string;
  readonly u: number;
  readonly v: number;
  readonly height: number;
}

const LETTERS: readonly Lettering[] = [
  { text: "U3", u: -0.32, v: -0.305, height: 0.09 },
  ...PASSIVES.map(({ name, v }) => ({ text: name, u: 0.79, v: v - 0.1, height: 0.075 })),
  { text: "J2", u: -0.86, v: 0.5, height: 0.08 },
  { text: "D1", u: 0.8, v: 0.86, height: 0.075 },
  { text: "REV 2.1", u: -0.52, v: 0.9, height: 0.065 },
];

/** Distance to a pad's edge, negative inside. */
export function padDistance(pad: Pad, u: number, v: number): number {
  return boxDistance(u - pad.u, v - pad.v, pad.halfU, pad.halfV, pad.corner);
}

/** What may reach a point of the board: short lists, so that a pixel looks at few things. */
export interface Neighbourhood {
  /** Indices into {@link PADS}. */
  readonly pads: readonly number[];
  readonly tracks: readonly Line[];
  readonly vias: readonly Via[];
  readonly silk: readonly Line[];
  readonly letters: readonly Lettering[];
}

/** The neighbourhood of a point; beyond ±1.2 there is bare mask. */
export function neighbourhood(u: number, v: number): Neighbourhood {
  const column = Math.floor((u + 1.2) / CELL);
  const row = Math.floor((v + 1.2) / CELL);
  if (column < 0 || row < 0 || column >= CELLS || row >= CELLS) return NOTHING;
  return CELL_TABLE[row * CELLS + column]!;
}

/** Distance to the edge of the nearest track; Infinity where none is near. */
export function trackDistance(tracks: readonly Line[], u: number, v: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const line of tracks) nearest = Math.min(nearest, lineDistance(line, u, v));
  return nearest - TRACK;
}

/** Distance to a line. */
export function lineDistance(line: Line, u: number, v: number): number {
  return segmentDistance(u, v, line[0], line[1], line[2], line[3]);
}

function outline(u0: number, v0: number, u1: number, v1: number): Line[] {
  return [
    [u0, v0, u1, v0],
    [u1, v0, u1, v1],
    [u1, v1, u0, v1],
    [u0, v1, u0, v0],
  ];
}

const CELLS = 24;
const CELL = 2.4 / CELLS;
/** Half a cell's diagonal and the widest margin round a thing: the opening of a pad, the half width of print. */
const REACH = CELL * 0.71 + 0.04;
const NOTHING: Neighbourhood = { pads: [], tracks: [], vias: [], silk: [], letters: [] };

const SEGMENTS: readonly Line[] = TRACKS.flatMap((run) =>
  Array.from(
    { length: run.length / 2 - 1 },
    (_, i): Line => [run[2 * i]!, run[2 * i + 1]!, run[2 * i + 2]!, run[2 * i + 3]!],
  ),
);

const CELL_TABLE: readonly Neighbourhood[] = Array.from({ length: CELLS * CELLS }, (_, cell) => {
  const u = (modulo(cell, CELLS) + 0.5) * CELL - 1.2;
  const v = (Math.floor(cell / CELLS) + 0.5) * CELL - 1.2;
  return {
    pads: PADS.map((_pad, i) => i).filter((i) => padDistance(PADS[i]!, u, v) < REACH),
    tracks: SEGMENTS.filter((line) => lineDistance(line, u, v) < REACH),
    vias: VIAS.filter((via) => length(u - via.u, v - via.v) < REACH + 0.01),
    silk: SILK.filter((line) => lineDistance(line, u, v) < REACH),
    letters: LETTERS.filter((letters) => letterBox(letters, u, v) < REACH),
  };
});

/** Distance to the box round a piece of lettering. */
function letterBox({ text, u: left, v: top, height }: Lettering, u: number, v: number): number {
  const half = (textWidth(text) * height) / 2;
  return boxDistance(u - left - half, v - top - height / 2, half, height / 2);
}
