/**
 * A moulded plastic bottle cap from above: a ribbed rim that falls away, a rounded shoulder, a slightly domed top
 * with a moulded ring, lettering and the mark of the injection gate. It lies on a light tray.
 */
import type { Random } from "../random.js";
import { arcTangent2, clamp, cosine, cover, mix, sine, smoothstep } from "./fixed-math.js";
import { fractalNoise, noise } from "./noise.js";
import { length } from "./shapes.js";
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
} from "./surface.js";

const RADIUS = 0.79;
const TOP = 0.6;
const RIBS = 72;
const PLASTIC: Colour = [0.02, 0.11, 0.38];
const TRAY: Colour = [0.5, 0.5, 0.47];
const LETTERING = [
  { text: "PE-HD", height: 0.12, v: -0.29 },
  { text: "28-4", height: 0.12, v: 0.17 },
] as const;

/** A cap of this scene. */
export function cap(scene: Scene): Part {
  const ground = newSurface();
  return {
    paint: (u, v, surface) => paintCap(scene, ground, u, v, surface),
    missing: (size, contrast, random) => shortShot(scene, size, contrast, random),
    bare: [0.3, 0.42, 0.62],
    stains: [
      [0.015, 0.012, 0.01],
      [0.3, 0.2, 0.08],
    ],
    litter: [
      [0.6, 0.57, 0.5],
      [0.01, 0.01, 0.01],
      [0.5, 0.12, 0.03],
    ],
  };
}

function paintCap(scene: Scene, ground: Surface, u: number, v: number, surface: Surface): void {
  const radius = length(u, v);
  const angle = arcTangent2(v, u);
  const edge = RADIUS + 0.011 * cosine(RIBS * angle);
  surface.part = cover(radius - edge, scene.pixel);
  if (surface.part > 0) paintPlastic(scene, u, v, radius, angle, surface);
  if (surface.part >= 1) return;
  paintTray(scene, u, v, ground);
  blendSurface(surface, ground, 1 - surface.part);
}

function paintPlastic(
  scene: Scene,
  u: number,
  v: number,
  radius: number,
  angle: number,
  surface: Surface,
): void {
  const { seed } = scene;
  const flow = fractalNoise(u * 2.5, v * 2.5, 3, seed);
  const pores = noise(u * 110, v * 110, seed + 1);
  plain(surface, PLASTIC, 1 + 0.06 * flow + 0.04 * pores);
  surface.gloss = 0.3 * (1 + 0.2 * flow);
  surface.satin = 0.05;
  const shoulder = smoothstep(TOP - 0.05, TOP + 0.07, radius);
  const rim = smoothstep(TOP + 0.06, TOP + 0.1, radius);
  const ring = moulding(radius - 0.47, 0.012) - moulding(radius - 0.5, 0.012);
  const outward = -0.1 * radius - 1.05 * shoulder - 0.5 * rim + ring * 0.5;
  const round = -0.9 * rim * sine(RIBS * angle);
  const r = Math.max(radius, 1e-6);
  surface.slopeU = (outward * u - round * v) / r + 0.012 * pores;
  surface.slopeV = (outward * v + round * u) / r + 0.012 * noise(u * 110, v * 110, seed + 2);
  // Ribs hide the light from their valleys; the far side of the rim lies in its own shade.
  const valley = rim * (0.5 - 0.5 * cosine(RIBS * angle));
  surface.open = 1 - 0.5 * valley - 0.25 * rim - 0.35 * smoothstep(RADIUS - 0.03, RADIUS, radius);
  if (radius < 0.46) paintRelief(u, v, radius, surface);
}

/** A round step up of the given width at 0: 1 in its middle. */
function moulding(distance: number, width: number): number {
  return Math.max(0, 1 - (distance * distance) / (width * width));
}

/** Raised lettering, and the gate: a small crater with a rough stub. */
function paintRelief(u: number, v: number, radius: number, surface: Surface): void {
  const step = 0.006;
  const here = relief(u, v);
  surface.slopeU += (relief(u + step, v) - here) / step;
  surface.slopeV += (relief(u, v + step) - here) / step;
  surface.open *= 1 - 0.25 * moulding(radius - 0.042, 0.016);
  const lightened = clamp(here / 0.012, 0, 1) * 0.18;
  surface.red *= 1 + lightened;
  surface.green *= 1 + lightened;
  surface.blue *= 1 + lightened;
}

function relief(u: number, v: number): number {
  let height = 0.012 * smoothstep(0.03, 0.018, length(u, v)) - 0.01 * moulding(length(u, v) - 0.045, 0.02);
  for (const line of LETTERING) {
    if (v < line.v - 0.05 || v > line.v + line.height + 0.05) continue;
    const x = u / line.height + textWidth(line.text) / 2;
    const distance = textDistance(line.text, x, (v - line.v) / line.height) * line.height;
    height += 0.012 * smoothstep(0.019, 0.005, distance);
  }
  return height;
}

function paintTray(scene: Scene, u: number, v: number, surface: Surface): void {
  const { light, seed } = scene;
  const speckle = noise(u * 80, v * 80, seed + 3);
  plain(surface, TRAY, 1 + 0.025 * speckle + 0.05 * fractalNoise(u * 1.5, v * 1.5, 2, seed + 4));
  const shadow = length(u + 0.12 * light.u, v + 0.12 * light.v) - RADIUS;
  surface.open = mix(0.42, 1, smoothstep(-0.06, 0.1, shadow));
}

/** The mould was not filled: a bay in the rim without ribs, with a rounded melt front. */
function shortShot(scene: Scene, size: number, contrast: number, random: Random): Alteration {
  const angle = random.range(-Math.PI, Math.PI);
  const u0 = RADIUS * 0.97 * cosine(angle);
  const v0 = RADIUS * 0.97 * sine(angle);
  const bay = size / 2;
  const seed = random.uint32();
  const ground = newSurface();
  return {
    u: u0,
    v: v0,
    radius: bay * 1.3 + 0.05,
    apply: (u, v, surface) => {
      const du = u - u0;
      const dv = v - v0;
      const distance = length(du, dv) - bay * (1 + 0.22 * noise(du / bay + 5, dv / bay, seed));
      // The front of the melt is a smooth bulge that slopes into the bay.
      const front = smoothstep(0.06, 0, distance) * contrast * surface.part;
      const r = Math.max(length(du, dv), 1e-6);
      surface.slopeU = mix(surface.slopeU, (0.9 * du) / r, front);
      surface.slopeV = mix(surface.slopeV, (0.9 * dv) / r, front);
      surface.open = mix(surface.open, 0.9, front);
      paintTray(scene, u, v, ground);
      ground.open *= 0.6;
      blendSurface(surface, ground, cover(distance, scene.pixel) * contrast * surface.part);
    },
  };
}
