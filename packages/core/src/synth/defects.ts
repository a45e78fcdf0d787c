/** Defects that any part can have: scratch, dent, stain, foreign body. Each changes the surface before light falls on it. */
import { seededRandom } from "../random.js";
import { clamp, cosine, cover, mix, sine, smoothstep } from "./fixed-math.js";
import { fractalNoise, noise } from "./noise.js";
import { length } from "./shapes.js";
import {
  type Alteration,
  type Colour,
  type DefectShape,
  type Part,
  type Scene,
  type Surface,
  tint,
} from "./surface.js";

/** One to three bent lines that cut into the surface, broken and thinning out at their ends. */
export function scratch(shape: DefectShape, scene: Scene, part: Part): Alteration {
  const random = seededRandom(shape.seed, 1);
  const half = shape.length / 2;
  const turnU = cosine(shape.angle);
  const turnV = sine(shape.angle);
  const strokes = Array.from({ length: 1 + random.int(3) }, (_, i) => ({
    from: i === 0 ? -1 : random.range(-1, 0.2),
    to: i === 0 ? 1 : random.range(0.3, 1),
    offset: i === 0 ? 0 : random.range(-0.035, 0.035),
    width: Math.max(random.range(0.004, 0.009), 0.55 * scene.pixel),
    depth: i === 0 ? 1 : random.range(0.4, 0.8),
  }));
  const bend = random.range(-0.18, 0.18) * half;
  return {
    u: shape.u,
    v: shape.v,
    radius: half + 0.25 * half + 0.06,
    apply: (u, v, surface) => {
      const along = ((u - shape.u) * turnU + (v - shape.v) * turnV) / half;
      const across = (v - shape.v) * turnU - (u - shape.u) * turnV + bend * (along * along - 0.5);
      for (const { from, to, offset, width, depth } of strokes) {
        const distance = across - offset;
        if (Math.abs(distance) > 2.5 * width + scene.pixel || along < from || along > to) continue;
        const ends = smoothstep(from, from + 0.2, along) * smoothstep(to, to - 0.2, along);
        const broken = 0.75 + 0.35 * noise(along * 23, offset * 100, shape.seed);
        const strength = clamp(ends * broken * depth * shape.contrast, 0, 1) * surface.part;
        cut(surface, part.bare, strength * cover(Math.abs(distance) - width, scene.pixel));
        // Beside the groove the material is raised, so one side of it is lit and the other dark.
        const shoulder = strength * cover(Math.abs(distance) - 2.2 * width, scene.pixel);
        const tilt = 0.7 * shoulder * clamp(distance / width, -1, 1);
        surface.slopeU -= tilt * turnV;
        surface.slopeV += tilt * turnU;
      }
    },
  };
}

function cut(surface: Surface, bare: Colour, strength: number): void {
  tint(surface, bare, strength);
  surface.sheen *= 1 - 0.9 * strength;
  surface.gloss *= 1 - strength;
  surface.open = mix(surface.open, 0.9, strength);
}

/** A round hollow with a slightly raised rim: colour stays, light and shade change. */
export function dent(shape: DefectShape, scene: Scene): Alteration {
  const random = seededRandom(shape.seed, 2);
  const radius = shape.length / 2;
  const squash = random.range(0.7, 1);
  const turnU = cosine(shape.angle);
  const turnV = sine(shape.angle);
  return {
    u: shape.u,
    v: shape.v,
    radius: radius * 1.4,
    apply: (u, v, surface) => {
      const a = ((u - shape.u) * turnU + (v - shape.v) * turnV) / radius;
      const b = ((v - shape.v) * turnU - (u - shape.u) * turnV) / (radius * squash);
      const r = length(a, b) * (1 + 0.12 * noise(a * 1.7, b * 1.7, shape.seed));
      if (r >= 1.35 || r === 0) return;
      const strength = shape.contrast * surface.part;
      const wall = r < 1 ? 2.6 * r * (1 - r * r) : -1.1 * (r - 1) * (1.35 - r) * 9;
      const slope = 0.95 * strength * wall;
      const slopeU = (slope * (a * turnU - b * turnV)) / r;
      const slopeV = (slope * (a * turnV + b * turnU)) / r;
      surface.slopeU += slopeU;
      surface.slopeV += slopeV;
      // Metal shows its lamp elsewhere once it is tilted.
      const towards = -(slopeU * scene.light.u + slopeV * scene.light.v);
      surface.sheen *= clamp(1 + 1.9 * towards, 0.15, 2.2);
      const floor = Math.max(0, 1 - r * r);
      surface.open *= 1 - 0.3 * strength * floor * floor;
      surface.gloss += 0.06 * strength * floor;
    },
  };
}

/** A dried drop: an uneven patch with a stronger edge, and a few splashes. */
export function stain(shape: DefectShape, scene: Scene, part: Part): Alteration {
  const random = seededRandom(shape.seed, 3);
  const radius = (shape.length / 2) * 0.8;
  const colour = random.pick(part.stains);
  const soft = random.range(0.03, 0.12) * radius + 1.2 * scene.pixel;
  const drops = Array.from({ length: 1 + random.int(4) }, () => {
    const angle = random.range(-Math.PI, Math.PI);
    const away = radius * random.range(1.05, 1.2);
    return { u: away * cosine(angle), v: away * sine(angle), radius: radius * random.range(0.06, 0.14) };
  });
  return {
    u: shape.u,
    v: shape.v,
    radius: radius * 1.5,
    apply: (u, v, surface) => {
      const du = u - shape.u;
      const dv = v - shape.v;
      const ragged = 1 + 0.3 * fractalNoise((du / radius) * 1.3 + 4, (dv / radius) * 1.3, 3, shape.seed);
      let distance = length(du, dv) - radius * ragged * 0.85;
      for (const drop of drops) distance = Math.min(distance, length(du - drop.u, dv - drop.v) - drop.radius);
      if (distance > soft) return;
      const inside = smoothstep(soft, -soft, distance);
      const rim = 1 - smoothstep(0, 0.3 * radius, Math.abs(distance + 0.12 * radius));
      const patchy = 0.55 + 0.25 * rim + 0.2 * fractalNoise(u * 13, v * 13, 2, shape.seed + 1);
      const strength = clamp(inside * patchy * 1.15, 0, 0.95) * shape.contrast * surface.part;
      tint(surface, colour, strength);
      surface.sheen *= 1 - 0.8 * strength;
      surface.gloss *= 1 - 0.5 * strength;
    },
  };
}

/** Something that lies on the part and throws a shadow: a bent fibre or a chip with corners. */
export function foreign(shape: DefectShape, scene: Scene, part: Part): Alteration {
  const random = seededRandom(shape.seed, 4);
  const colour = random.pick(part.litter);
  const isFibre = random.int(2) === 0;
  const body = isFibre
    ? fibreShape(shape, scene, random.range(0.6, 1.6))
    : chipShape(shape, random.int(2 ** 31));
  const height = isFibre ? 0.022 : 0.05;
  const { light } = scene;
  return {
    u: shape.u,
    v: shape.v,
    radius: shape.length * 0.62 + 0.08,
    apply: (u, v, surface) => {
      const strength = shape.contrast * surface.part;
      const shadow = smoothstep(0.02, -0.015, body(u + height * light.u, v + height * light.v));
      surface.open *= 1 - 0.55 * shadow * strength;
      surface.sheen *= 1 - 0.45 * shadow * strength;
      const distance = body(u, v);
      const here = cover(distance, scene.pixel) * strength;
      if (here <= 0) return;
      const step = 0.004;
      const edge = clamp(1 + distance / 0.022, 0, 1);
      tint(surface, colour, here * 0.95);
      surface.sheen *= 1 - here;
      surface.open = mix(surface.open, 1, here);
      surface.slopeU = mix(surface.slopeU, (-1.1 * edge * (body(u + step, v) - distance)) / step, here);
      surface.slopeV = mix(surface.slopeV, (-1.1 * edge * (body(u, v + step) - distance)) / step, here);
      surface.gloss = mix(surface.gloss, 0.15, here);
    },
  };
}

/** Distance to a fibre: an arc that spans `turn` radians. */
function fibreShape(shape: DefectShape, scene: Scene, turn: number): (u: number, v: number) => number {
  const half = shape.length / 2;
  const radius = half / sine(Math.min(turn, Math.PI) / 2);
  const turnU = cosine(shape.angle);
  const turnV = sine(shape.angle);
  const sag = radius * cosine(turn / 2);
  const thick = Math.max(0.011, 0.6 * scene.pixel);
  return (u, v) => {
    const a = (u - shape.u) * turnU + (v - shape.v) * turnV;
    const b = (v - shape.v) * turnU - (u - shape.u) * turnV + sag + (radius - sag) / 2;
    // Only the near half of the circle is fibre.
    if (b < 0) return radius;
    const curl = 0.06 * half * noise(a * 9, 0.5, shape.seed);
    const onArc = Math.abs(length(a, b) - radius + curl);
    const beyond = Math.abs(a) - half;
    return (beyond > 0 ? length(beyond, onArc) : onArc) - thick;
  };
}

/** Distance to a chip: five to seven straight sides. */
function chipShape(shape: DefectShape, seed: number): (u: number, v: number) => number {
  const random = seededRandom(seed);
  const count = 5 + random.int(3);
  const sides = Array.from({ length: count }, (_, i) => {
    const angle = shape.angle + ((i + random.range(-0.3, 0.3)) * 2 * Math.PI) / count;
    const away =
      (shape.length / 2) * (0.8 - 0.35 * Math.abs(sine(angle - shape.angle))) * random.range(0.85, 1.1);
    return { u: cosine(angle), v: sine(angle), away };
  });
  return (u, v) => {
    let distance = Number.NEGATIVE_INFINITY;
    for (const side of sides)
      distance = Math.max(distance, (u - shape.u) * side.u + (v - shape.v) * side.v - side.away);
    return distance;
  };
}
