/**
 * A turned metal washer on a dark conveyor belt: brushed rings that throw the lamp back as a bow tie, bright
 * chamfers, a soft shadow. Radii are in part units (the picture's half side is 1).
 */
import type { Random } from "../random.js";
import { arcTangent2, clamp, cosine, cover, mix, sine, smoothstep } from "./fixed-math.js";
import { fractalNoise, noise, ringNoise } from "./noise.js";
import { length } from "./shapes.js";
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

const OUTER = 0.8;
const INNER = 0.37;
const CHAMFER = 0.038;
const STEEL: Colour = [0.075, 0.074, 0.07];
const RUBBER: Colour = [0.017, 0.018, 0.02];
const FRACTURE: Colour = [0.2, 0.19, 0.18];

/** A washer of this scene. */
export function washer(scene: Scene): Part {
  const ground = newSurface();
  return {
    paint: (u, v, surface) => paintWasher(scene, ground, u, v, surface),
    missing: (size, contrast, random) => brokenEdge(scene, size, contrast, random),
    bare: [0.62, 0.6, 0.57],
    stains: [
      [0.012, 0.009, 0.006],
      [0.1, 0.03, 0.008],
    ],
    litter: [
      [0.55, 0.5, 0.42],
      [0.5, 0.08, 0.03],
      [0.006, 0.006, 0.006],
    ],
  };
}

function paintWasher(scene: Scene, ground: Surface, u: number, v: number, surface: Surface): void {
  const radius = length(u, v);
  surface.part = cover(Math.max(radius - OUTER, INNER - radius), scene.pixel);
  if (surface.part > 0) paintMetal(scene, u, v, radius, surface);
  if (surface.part >= 1) return;
  paintBelt(scene, u, v, ground);
  blendSurface(surface, ground, 1 - surface.part);
}

function paintMetal(scene: Scene, u: number, v: number, radius: number, surface: Surface): void {
  const { light, seed } = scene;
  const outU = u / radius;
  const outV = v / radius;
  const turn = arcTangent2(v, u) / (2 * Math.PI) + 0.5;
  const arcs = ringNoise(radius * 130, turn * 14, 14, seed);
  const rings = noise(radius * 85, 0.5, seed + 1);
  const broad = noise(radius * 11, 0.5, seed + 2);
  plain(surface, STEEL, 1 + 0.3 * rings);
  const rim = Math.min(OUTER - radius, radius - INNER);
  const slope = radius > (OUTER + INNER) / 2 ? -1 : 1;
  const edge = smoothstep(CHAMFER + scene.pixel, CHAMFER - scene.pixel, rim);
  // Every groove is a tiny ridge: the lamp shows wherever the ring runs across the light.
  const across = light.halfU * -outV + light.halfV * outU;
  const along = light.halfU * outU + light.halfV * outV + 0.07 * rings;
  const lobe = 1 / (1 + (across * across) / 0.018);
  const tie = lobe * (0.8 + 0.2 / (1 + (along * along) / 0.2));
  const face = (0.085 + 0.42 * tie) * (1 + 0.2 * arcs + 0.13 * rings + 0.07 * broad);
  const facing = clamp(0.25 - 0.75 * slope * (outU * light.u + outV * light.v), 0, 1);
  const chamfer = 0.03 + 0.75 * facing * facing * (1 + 0.12 * arcs);
  surface.sheen = mix(face, chamfer, edge) * (1 + 0.05 * fractalNoise(u * 3, v * 3, 2, seed + 3));
  surface.slopeU = 0.5 * slope * outU * edge;
  surface.slopeV = 0.5 * slope * outV * edge;
  // A fine dark line where the edge turns away from the camera.
  surface.open = 1 - 0.5 * smoothstep(1.4 * scene.pixel, 0, rim);
}

function paintBelt(scene: Scene, u: number, v: number, surface: Surface): void {
  const { light, seed } = scene;
  const weave = sine((u + v) * 70) * sine((u - v) * 70);
  const rough = noise(u * 95, v * 95, seed + 4);
  const dust = noise(u * 60, v * 60, seed + 5);
  plain(surface, RUBBER, 1 + 0.3 * weave + 0.4 * rough + 0.25 * fractalNoise(u * 2, v * 2, 2, seed + 6));
  if (dust > 0.93) surface.red = surface.green = surface.blue = 0.05;
  surface.satin = 0.012;
  const shadowAt = length(u + 0.07 * light.u, v + 0.07 * light.v);
  const shadow = Math.max(shadowAt - OUTER, INNER - shadowAt);
  surface.open = mix(0.25, 1, smoothstep(-0.05, 0.07, shadow));
}

/** A piece broken out of the outer edge: belt shows, with a rough bright fracture round it. */
function brokenEdge(scene: Scene, size: number, contrast: number, random: Random): Alteration {
  const angle = random.range(-Math.PI, Math.PI);
  const bite = size / 2;
  const u0 = (OUTER - bite * 0.25) * cosine(angle);
  const v0 = (OUTER - bite * 0.25) * sine(angle);
  const seed = random.uint32();
  const ground = newSurface();
  return {
    u: u0,
    v: v0,
    radius: bite * 1.4 + 0.05,
    apply: (u, v, surface) => {
      const du = u - u0;
      const dv = v - v0;
      const ragged = 1 + 0.3 * fractalNoise((du / bite) * 2.2 + 9, (dv / bite) * 2.2, 3, seed);
      const distance = length(du, dv) - bite * ragged;
      const wall = smoothstep(0.03, 0.02, distance) * contrast * surface.part;
      const rough = noise(u * 120, v * 120, seed);
      surface.red = mix(surface.red, FRACTURE[0] * (1 + 0.6 * rough), wall);
      surface.green = mix(surface.green, FRACTURE[1] * (1 + 0.6 * rough), wall);
      surface.blue = mix(surface.blue, FRACTURE[2] * (1 + 0.6 * rough), wall);
      surface.sheen *= 1 - wall;
      paintBelt(scene, u, v, ground);
      blendSurface(surface, ground, cover(distance, scene.pixel) * contrast * surface.part);
    },
  };
}
