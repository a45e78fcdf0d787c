/** The camera: from light per pixel to 8-bit samples, with lens blur, uneven illumination, exposure and sensor noise. */
import type { Random } from "../random.js";
import { grain } from "./noise.js";

/** What the camera does to one picture. */
export interface Camera {
  /** Weight of each neighbour in the lens blur. */
  readonly blur: number;
  /** Exposure of red, green, blue. */
  readonly gains: readonly [number, number, number];
  /** Relative rise of the illumination from the middle to the right and lower border. */
  readonly riseX: number;
  readonly riseY: number;
  /** Loss of light in the corners. */
  readonly vignette: number;
  /** Standard deviation of the noise in 8-bit levels, common to the channels and of each. */
  readonly noise: number;
  readonly colourNoise: number;
  readonly seed: number;
}

/** Draws a camera's settings for one picture: a steady camera with small drifts. */
export function drawCamera(random: Random): Camera {
  const exposure = 1 + 0.022 * random.normal();
  const warmth = 0.006 * random.normal();
  return {
    blur: random.range(0.1, 0.15),
    gains: [exposure * (1 + warmth), exposure, exposure * (1 - warmth)],
    riseX: 0.02 * random.normal(),
    riseY: 0.02 * random.normal(),
    vignette: random.range(0.06, 0.09),
    noise: random.range(1, 1.4),
    colourNoise: 0.8,
    seed: random.uint32(),
  };
}

/**
 * Develops linear light `[height, width, 3]` into 8-bit samples of the same shape. The tone curve is a square
 * root, so photon noise has the same size in dark and light. `light` is blurred in place.
 */
export function develop(light: Float32Array, width: number, height: number, camera: Camera): Uint8Array {
  blurRows(light, width, height, camera.blur);
  blurColumns(light, width, height, camera.blur);
  const samples = new Uint8Array(light.length);
  for (let y = 0; y < height; y++) {
    const fy = (2 * (y + 0.5)) / height - 1;
    for (let x = 0; x < width; x++) {
      const fx = (2 * (x + 0.5)) / width - 1;
      const even =
        (1 + camera.riseX * fx + camera.riseY * fy) * (1 - camera.vignette * (fx * fx + fy * fy) * 0.5);
      const pixel = y * width + x;
      const common = camera.noise * grain(pixel, camera.seed);
      for (let c = 0; c < 3; c++) {
        const own = camera.colourNoise * grain(3 * pixel + c, camera.seed ^ 0x5bd1e995);
        const level = tone(light[3 * pixel + c]! * even * camera.gains[c]!) + common + own;
        samples[3 * pixel + c] = Math.max(0, Math.min(255, level + 0.5));
      }
    }
  }
  return samples;
}

/** Linear light to an 8-bit level before rounding; highlights above 0.7 are rolled off. */
function tone(light: number): number {
  const above = light - 0.7;
  const rolled = above > 0 ? 0.7 + above / (1 + above / 0.45) : light;
  return 255 * Math.sqrt(Math.max(rolled, 0));
}

function blurRows(light: Float32Array, width: number, height: number, weight: number): void {
  const stride = 3 * width;
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < 3; c++) {
      let at = y * stride + c;
      let previous = light[at]!;
      for (let x = 0; x < width; x++, at += 3) {
        const here = light[at]!;
        const next = x + 1 < width ? light[at + 3]! : here;
        light[at] = here + weight * (previous + next - 2 * here);
        previous = here;
      }
    }
  }
}

function blurColumns(light: Float32Array, width: number, height: number, weight: number): void {
  const stride = 3 * width;
  const previous = light.slice(0, stride);
  for (let y = 0; y < height; y++) {
    const row = y * stride;
    const nextRow = y + 1 < height ? row + stride : row;
    for (let i = 0; i < stride; i++) {
      const here = light[row + i]!;
      light[row + i] = here + weight * (previous[i]! + light[nextRow + i]! - 2 * here);
      previous[i] = here;
    }
  }
}
