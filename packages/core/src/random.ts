/**
 * Seeded random numbers: the generator of everything Blemish draws itself (generated parts, shuffles), and the
 * Mersenne Twister that the generators of Python and torch share. Every operation is integer arithmetic or an
 * exactly rounded IEEE one, so a seed gives the same numbers on every machine. Not for secrets.
 */
import { BlemishError } from "./errors.js";

/** A stream of seeded random numbers. Each call advances it. */
export interface Random {
  /** An integer, 0 to 2³²−1. */
  uint32(): number;
  /** A number in [0, 1), with 53 random bits. */
  next(): number;
  /** A number in [low, high). */
  range(low: number, high: number): number;
  /** An integer in [0, n), without bias; n is 1 to 2³². */
  int(n: number): number;
  /** A standard normal number: mean 0, standard deviation 1. */
  normal(): number;
  /** One of the items, all equally likely. The list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** The items in random order, as a new array. */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * A generator for a seed: Doty-Humphrey's sfc32 (three words of state and a counter), its state filled from the
 * seed by a 32-bit mixer. Different `stream` numbers give independent generators for one seed, so that drawing
 * more in one place changes nothing elsewhere.
 *
 * @param seed an integer, 0 to 2⁵³−1
 * @param stream an integer, 0 to 2³²−1
 * @throws BlemishError OPTION_VALUE for another seed
 */
export function seededRandom(seed: number, stream = 0): Random {
  checkInteger("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  const uint32 = sfc32(seed >>> 0, Math.floor(seed / 2 ** 32), stream >>> 0);
  const next = (): number => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53;
  const int = (n: number): number => below(uint32, n);
  return {
    uint32,
    next,
    range: (low, high) => low + (high - low) * next(),
    int,
    normal: () => polarNormal(next),
    pick: (items) => items[int(items.length)]!,
    shuffle: (items) => shuffled(items, int),
  };
}

/**
 * The Mersenne Twister MT19937 of Matsumoto and Nishimura: 32-bit outputs. One word initialises it as their
 * plain `init_genrand` does, an array as their `init_by_array` does.
 *
 * @returns a function that gives the next integer, 0 to 2³²−1
 */
export function mersenneTwister(key: number | Uint32Array): () => number {
  const state = typeof key === "number" ? plainState(key) : arrayState(key);
  let position = 624;
  return () => {
    if (position === 624) {
      twist(state);
      position = 0;
    }
    let y = state[position++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}

/**
 * Refuses a number that is not an integer of [low, high].
 *
 * @throws BlemishError OPTION_VALUE that names it
 */
export function checkInteger(subject: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new BlemishError("OPTION_VALUE", {
    subject,
    expected: `an integer from ${low} to ${high}`,
    found: String(value),
  });
}

function sfc32(low: number, high: number, stream: number): () => number {
  let a = mix(low ^ 0x9e3779b9);
  let b = mix(high ^ a);
  let c = mix(stream ^ b);
  let counter = 1;
  const uint32 = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  // The first outputs still show the seed; its author discards 12.
  for (let i = 0; i < 12; i++) uint32();
  return uint32;
}

/** Mixes the bits of a 32-bit word (Wellons' "lowbias32" constants). */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
}

function below(uint32: () => number, n: number): number {
  checkInteger("n", n, 1, 2 ** 32);
  // Draws above the largest multiple of n would favour the small remainders.
  const limit = 2 ** 32 - (2 ** 32 % n);
  let draw = uint32();
  while (draw >= limit) draw = uint32();
  return draw % n;
}

function shuffled<T>(items: readonly T[], int: (n: number) => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = int(i + 1);
    const kept = result[i]!;
    result[i] = result[j]!;
    result[j] = kept;
  }
  return result;
}

/** Marsaglia's polar method, with one of its two numbers thrown away to keep the stream free of state. */
function polarNormal(next: () => number): number {
  for (;;) {
    const x = 2 * next() - 1;
    const y = 2 * next() - 1;
    const s = x * x + y * y;
    if (s > 0 && s < 1) return x * Math.sqrt((-2 * naturalLog(s)) / s);
  }
}

/** ln x for 0 < x < 1 to 1e-15, by + − × ÷ only: Math.log may differ in its last digit between engines. */
function naturalLog(x: number): number {
  let mantissa = x;
  let halvings = 0;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    halvings++;
  }
  const t = (mantissa - 1) / (mantissa + 1);
  const t2 = t * t;
  let sum = 0;
  for (let k = 19; k >= 1; k -= 2) sum = sum * t2 + 1 / k;
  return 2 * t * sum - halvings * Math.LN2;
}

function plainState(seed: number): Uint32Array {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i++) {
    const previous = state[i - 1]!;
    state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
  }
  return state;
}

function arrayState(key: Uint32Array): Uint32Array {
  const state = plainState(19650218);
  let i = 1;
  let j = 0;
  const wrap = (): void => {
    i++;
    if (i === 624) {
      state[0] = state[623]!;
      i = 1;
    }
  };
  for (let k = Math.max(624, key.length); k > 0; k--) {
    const previous = state[i - 1]!;
    state[i] = (state[i]! ^ Math.imul(previous ^ (previous >>> 30), 1664525)) + key[j]! + j;
    wrap();
    j = (j + 1) % key.length;
  }
  for (let k = 623; k > 0; k--) {
    const previous = state[i - 1]!;
    state[i] = (state[i]! ^ Math.imul(previous ^ (previous >>> 30), 1566083941)) - i;
    wrap();
  }
  state[0] = 0x80000000;
  return state;
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < 624; i++) {
    const y = (state[i]! & 0x80000000) | (state[(i + 1) % 624]! & 0x7fffffff);
    state[i] = state[(i + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}
