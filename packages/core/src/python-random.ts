/**
 * Python's `random` module as far as Anomalib needs it: `random.seed(int)` and `random.sample(range(n), k)`.
 * Anomalib up to 2.3.1 draws PaDiM's channels so. Checked against CPython 3.11; the algorithm has been the
 * same since 3.2. Only the draws below are here, not the module.
 */
import { BlemishError } from "./errors.js";
import { checkInteger, mersenneTwister } from "./random.js";

/** Python's global generator after `random.seed(seed)`; each call advances it. */
export interface PythonRandom {
  /** `random.getrandbits(32)`. */
  uint32(): number;
  /** `random.randrange(n)`: an integer in [0, n); n is 1 to 2³²−1. */
  below(n: number): number;
  /** `random.sample(range(n), k)`: k distinct integers of [0, n) in draw order; 0 ≤ k ≤ n < 2³². */
  sample(n: number, k: number): number[];
}

/**
 * Python's generator for a seed.
 *
 * @param seed an integer ≥ 0; beyond 2⁵³ give a bigint
 * @throws BlemishError OPTION_VALUE for a negative or broken seed
 */
export function pythonRandom(seed: number | bigint): PythonRandom {
  const uint32 = mersenneTwister(seedKey(seed));
  const below = (n: number): number => {
    checkInteger("n", n, 1, 2 ** 32 - 1);
    const unused = Math.clz32(n);
    let draw = uint32() >>> unused;
    while (draw >= n) draw = uint32() >>> unused;
    return draw;
  };
  return { uint32, below, sample: (n, k) => sample(n, k, below) };
}

/** The seed's 32-bit words, lowest first: the key that CPython hands to `init_by_array`. */
function seedKey(seed: number | bigint): Uint32Array {
  if (typeof seed === "number") checkInteger("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  let rest = BigInt(seed);
  if (rest < 0n)
    throw new BlemishError("OPTION_VALUE", {
      subject: "seed",
      expected: "an integer ≥ 0",
      found: String(seed),
    });
  const words: number[] = [];
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return Uint32Array.from(words);
}

function sample(n: number, k: number, below: (n: number) => number): number[] {
  checkInteger("n", n, 0, 2 ** 32 - 1);
  checkInteger("k", k, 0, n);
  return n <= poolLimit(k) ? samplePool(n, k, below) : sampleSet(n, k, below);
}

/** CPython compares the memory of a list of n with that of a set of k; up to this n the list wins. */
function poolLimit(k: number): number {
  if (k <= 5) return 21;
  let table = 1;
  while (table < 3 * k) table *= 4;
  return 21 + table;
}

function samplePool(n: number, k: number, below: (n: number) => number): number[] {
  const pool = Uint32Array.from({ length: n }, (_, i) => i);
  const result: number[] = [];
  for (let i = 0; i < k; i++) {
    const j = below(n - i);
    result.push(pool[j]!);
    pool[j] = pool[n - i - 1]!;
  }
  return result;
}

function sampleSet(n: number, k: number, below: (n: number) => number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < k) chosen.add(below(n));
  return [...chosen];
}
