/** What a part looks like at one point, before light falls on it, and the seam between kinds, defects and renderer. */
import type { Random } from "../random.js";

/** Reflectance of red, green and blue in linear light, 0–1. */
export type Colour = readonly [red: number, green: number, blue: number];

/** One point of a part. The renderer owns it and hands it out again and again, so nobody keeps it. */
export interface Surface {
  red: number;
  green: number;
  blue: number;
  /** Rise of the surface towards u (right) and v (down): dz/du and dz/dv. */
  slopeU: number;
  slopeV: number;
  /** Strength of the broad highlight and of the sharp one, 0–1. */
  satin: number;
  gloss: number;
  /** Light that metal throws back, already lit, 0–1. */
  sheen: number;
  /** Share of the light that arrives: 1 = no shadow. */
  open: number;
  /** 1 on the part, 0 on what lies behind it. */
  part: number;
}

/** The light of one picture: unit vectors in part units (u right, v down, w towards the camera). */
export interface Light {
  /** Towards the lamp. */
  readonly u: number;
  readonly v: number;
  readonly w: number;
  /** Half way between lamp and camera: a mirror with this normal shows the lamp. */
  readonly halfU: number;
  readonly halfV: number;
  readonly halfW: number;
}

/** What a kind needs to know about the picture that is being drawn. */
export interface Scene {
  readonly light: Light;
  /** Size of one pixel in part units: the picture's shorter side is 2 units. */
  readonly pixel: number;
  /** Seed of this part's texture. */
  readonly seed: number;
  /** For the kind's own draws, once per picture. */
  readonly random: Random;
}

/** A change of the surface inside a circle (part units): a defect. It must not depend on the order of calls. */
export interface Alteration {
  readonly u: number;
  readonly v: number;
  readonly radius: number;
  /** Changes what `surface` holds at (u, v). It leaves `part` alone. */
  apply(u: number, v: number, surface: Surface): void;
}

/** How a defect shall look. Lengths are in part units. */
export interface DefectShape {
  readonly u: number;
  readonly v: number;
  /** Largest extent. */
  readonly length: number;
  /** Direction in radians. */
  readonly angle: number;
  /** 0–1: 1 = as strong as it gets. */
  readonly contrast: number;
  readonly seed: number;
}

/** One drawn part of a kind. */
export interface Part {
  /** Sets every field of `surface` for the point (u, v). */
  paint(u: number, v: number, surface: Surface): void;
  /** The defect "something is missing", placed where this kind has something to miss. */
  missing(length: number, contrast: number, random: Random): Alteration;
  /** What a scratch lays bare. */
  readonly bare: Colour;
  /** What spills on such parts. */
  readonly stains: readonly Colour[];
  /** What falls on such parts: swarf, lint, crumbs. */
  readonly litter: readonly Colour[];
}

/** A surface to paint on. */
export function newSurface(): Surface {
  return { red: 0, green: 0, blue: 0, slopeU: 0, slopeV: 0, satin: 0, gloss: 0, sheen: 0, open: 1, part: 1 };
}

/** Makes the surface plain and level: a colour (times `gain`), matt, unshadowed. `part` stays. */
export function plain(surface: Surface, colour: Colour, gain = 1): void {
  surface.red = colour[0] * gain;
  surface.green = colour[1] * gain;
  surface.blue = colour[2] * gain;
  surface.slopeU = 0;
  surface.slopeV = 0;
  surface.satin = 0;
  surface.gloss = 0;
  surface.sheen = 0;
  surface.open = 1;
}

/** Moves the colour towards another one: w = 0 keeps it, 1 replaces it. */
export function tint(surface: Surface, colour: Colour, w: number): void {
  surface.red += (colour[0] - surface.red) * w;
  surface.green += (colour[1] - surface.green) * w;
  surface.blue += (colour[2] - surface.blue) * w;
}

/** Moves everything but `part` towards another surface: w = 0 keeps it, 1 replaces it. */
export function blendSurface(surface: Surface, other: Surface, w: number): void {
  surface.red += (other.red - surface.red) * w;
  surface.green += (other.green - surface.green) * w;
  surface.blue += (other.blue - surface.blue) * w;
  surface.slopeU += (other.slopeU - surface.slopeU) * w;
  surface.slopeV += (other.slopeV - surface.slopeV) * w;
  surface.satin += (other.satin - surface.satin) * w;
  surface.gloss += (other.gloss - surface.gloss) * w;
  surface.sheen += (other.sheen - surface.sheen) * w;
  surface.open += (other.open - surface.open) * w;
}
