/** The lamp of a picture, and how a surface looks in it: diffuse light, two highlights, shadow. */
import type { Random } from "../random.js";
import { cosine, sine } from "./fixed-math.js";
import type { Light, Surface } from "./surface.js";

/** Share of the light that comes from everywhere. */
const AMBIENT = 0.38;

/** Draws the lamp: upper left, a little different in direction and height from picture to picture. */
export function drawLight(random: Random): Light {
  const azimuth = -2.3 + 0.05 * random.normal();
  const w = 0.66 + 0.01 * random.normal();
  const flat = Math.sqrt(1 - w * w);
  const u = flat * cosine(azimuth);
  const v = flat * sine(azimuth);
  const size = Math.sqrt(u * u + v * v + (w + 1) * (w + 1));
  return { u, v, w, halfU: u / size, halfV: v / size, halfW: (w + 1) / size };
}

/**
 * Writes the light that a surface sends to the camera: three numbers at `offset`, linear, 0 = black; white paper
 * gives about 0.8, highlights may exceed 1.
 */
export function lit(surface: Surface, light: Light, out: Float32Array, offset: number): void {
  const { slopeU, slopeV } = surface;
  const upright = 1 / Math.sqrt(1 + slopeU * slopeU + slopeV * slopeV);
  const towardsLamp = Math.max(0, (light.w - slopeU * light.u - slopeV * light.v) * upright);
  const diffuse = AMBIENT + (1 - AMBIENT) * (towardsLamp / light.w);
  const mirror = Math.max(0, (light.halfW - slopeU * light.halfU - slopeV * light.halfV) * upright);
  const mirror4 = mirror * mirror * mirror * mirror;
  const mirror8 = mirror4 * mirror4;
  const mirror32 = mirror8 * mirror8 * mirror8 * mirror8;
  const bright =
    (surface.satin * mirror8 + surface.gloss * mirror32 * mirror8) * surface.open +
    surface.sheen * surface.open;
  out[offset] = surface.red * diffuse * surface.open + bright;
  out[offset + 1] = surface.green * diffuse * surface.open + bright;
  out[offset + 2] = surface.blue * diffuse * surface.open + bright;
}
