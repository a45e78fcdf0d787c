/**
 * A whole set of part pictures in the layout of MVTec AD: train/good, test/good, test/<defect>,
 * ground_truth/<defect>. Only names and pictures; writing files is a shell's work.
 */
import { checkInteger, seededRandom } from "../random.js";
import { DEFECT_TYPES, type DefectType, type PartKind } from "./part-kinds.js";
import { type DrawnPart, type PartOptions, renderPart } from "./render-part.js";

/** How large the set is and how its pictures look. */
export interface SynthSetOptions {
  /** An integer, 0 to 2⁵³−1. */
  readonly seed: number;
  /** Numbers of pictures, 0 to 1,000,000 each: good ones to train, good ones to test, bad ones (all defects together). */
  readonly train: number;
  readonly testGood: number;
  readonly testBad: number;
  /** Pixels of every picture, 16 to 4096. */
  readonly width: number;
  readonly height: number;
  /** Which defects the bad pictures have in turn; left out: all of {@link DEFECT_TYPES}. */
  readonly types?: readonly DefectType[];
}

/** A place in a set: what its picture is called, and what {@link renderPart} draws there. */
export interface SynthSetPlace {
  /** Path without extension, such as `train/good/000` or `test/scratch/003`. */
  readonly name: string;
  /** Path of the mask without extension, such as `ground_truth/scratch/003_mask`; null for good parts. */
  readonly maskName: string | null;
  readonly split: "train" | "test";
  readonly label: "good" | DefectType;
  readonly part: PartOptions;
}

/** One picture of a set. */
export interface SynthSetItem extends DrawnPart, Omit<SynthSetPlace, "part"> {}

const MOST = 1_000_000;

/**
 * Draws a set, one picture at a time, in the order of {@link synthPlaces}.
 *
 * @throws BlemishError OPTION_VALUE as {@link renderPart}, and for counts out of range
 */
export function* synthSet(kind: PartKind, options: SynthSetOptions): Generator<SynthSetItem> {
  for (const { part, ...place } of synthPlaces(options)) yield { ...renderPart(kind, part), ...place };
}

/**
 * The places of a set, in the order train/good, test/good, then defect by defect, so that they can be drawn one by
 * one in any thread. A picture depends on the seed, its folder and its number only, so a larger set begins with the
 * pictures of a smaller one.
 *
 * @throws BlemishError OPTION_VALUE for counts out of range
 */
export function* synthPlaces(options: SynthSetOptions): Generator<SynthSetPlace> {
  const { train, testGood, testBad, types = DEFECT_TYPES } = options;
  checkInteger("train", train, 0, MOST);
  checkInteger("testGood", testGood, 0, MOST);
  checkInteger("testBad", testBad, 0, MOST);
  for (let i = 0; i < train; i++) yield placeOf(options, "train", "good", i, train);
  for (let i = 0; i < testGood; i++) yield placeOf(options, "test", "good", i, testGood);
  for (const [turn, type] of types.entries()) {
    const count = Math.floor((testBad + types.length - 1 - turn) / types.length);
    for (let i = 0; i < count; i++) yield placeOf(options, "test", type, i, count);
  }
}

function placeOf(
  { seed, width, height }: SynthSetOptions,
  split: "train" | "test",
  label: "good" | DefectType,
  index: number,
  count: number,
): SynthSetPlace {
  const digits = Math.max(3, String(count - 1).length);
  const number = String(index).padStart(digits, "0");
  const part = { seed: itemSeed(seed, split, label, index), width, height };
  return {
    name: `${split}/${label}/${number}`,
    maskName: label === "good" ? null : `ground_truth/${label}/${number}_mask`,
    split,
    label,
    part: label === "good" ? part : { ...part, defect: { type: label } },
  };
}

/** A seed of its own for every place in every set. */
function itemSeed(seed: number, split: "train" | "test", label: "good" | DefectType, index: number): number {
  const folder = label === "good" ? (split === "train" ? 0 : 1) : 2 + DEFECT_TYPES.indexOf(label);
  // 2²⁰ exceeds the largest count, so folders do not share streams.
  const random = seededRandom(seed, 2 ** 24 + folder * 2 ** 20 + index);
  return Math.floor(random.next() * 2 ** 53);
}
