/**
 * `torch.randperm(n)` with torch's seeded CPU generator: Anomalib shuffles splits with it and, from 2.3.2 on,
 * draws PaDiM's channels with it. Only that function is here.
 */
import { checkInteger, mersenneTwister } from "./random.js";

/** Numbers that Anomalib 2.7.0 takes from torch's global generator (for a ResNet-18) before it draws PaDiM's channels. */
export const ANOMALIB_2_7_RESNET18_DRAWS = 45_693_648;

/**
 * `torch.randperm(n)` on the CPU, as an int array of length n.
 *
 * Anomalib 2.x draws from the *global* generator, which the initialisation of the network's weights has used
 * before. `skip` outputs are therefore discarded first: the 14 channels that 2.7.0 drew for a ResNet-18 after
 * `seed_everything(42)` are the head of this list for n = 448 and skip = {@link ANOMALIB_2_7_RESNET18_DRAWS}
 * (found by search, seen for that one model only).
 *
 * @param n length, 0 to 214,748,363: from there on torch draws 64-bit numbers
 * @param seed an integer ≥ 0; torch's generator uses its low 32 bits
 * @param skip how many outputs were used before, ≥ 0
 * @throws BlemishError OPTION_VALUE
 */
export function torchPermutation(n: number, seed: number, skip = 0): Int32Array {
  checkInteger("n", n, 0, 214_748_363);
  checkInteger("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  checkInteger("skip", skip, 0, Number.MAX_SAFE_INTEGER);
  const uint32 = mersenneTwister(seed >>> 0);
  for (let i = 0; i < skip; i++) uint32();
  const result = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < n - 1; i++) {
    const j = i + (uint32() % (n - i));
    const kept = result[i]!;
    result[i] = result[j]!;
    result[j] = kept;
  }
  return result;
}
