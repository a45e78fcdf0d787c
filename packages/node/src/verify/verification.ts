/** What a verification finds, as plain data, and how two answers are compared. */
import type { BackbonePrecision, ExportForm, ModelIdentity } from "@blemish/core";
import type { EngineAnswer } from "./engines.js";

/** Scores and maps of one engine beside those of another. */
export interface VerifyRow {
  readonly engine: string;
  /** What it was compared with. */
  readonly against: string;
  readonly pictures: number;
  /** Largest |difference| of what the network is given, where the graph preprocesses itself; null where it gets our tensors. */
  readonly input: number | null;
  /** Largest |difference| of an image score, as a share of the score. */
  readonly score: number;
  /** Largest |difference| of a map, as a share of that map's highest value. */
  readonly map: number;
  /** Pictures that one calls anomalous and the other does not; those nearer to the threshold than the tolerance do not count. */
  readonly flips: number;
  /** Largest difference that passes, as a share. */
  readonly tolerance: number;
  /** False for a row that only informs: the model is not stored in these numbers. */
  readonly decides: boolean;
  readonly passed: boolean;
}

/** Engines that could not be tried. */
export interface MissingEngine {
  readonly engine: string;
  readonly reason: string;
}

/** Whether pictures become the same tensors here, to the bit. */
export interface PreprocessingProof {
  /** Samples whose tensors have a hash. */
  readonly pictures: number;
  /** Seeds of those whose tensors are others here. */
  readonly differing: readonly number[];
}

/** The proof that a model computes here what it computed elsewhere. */
export interface Verification {
  readonly model: string;
  /** Of one of our exports; null for other files. */
  readonly form: ExportForm | null;
  /** Of an export that of the model it was made of, as its metadata says; null where nothing is known. */
  readonly identity: ModelIdentity | null;
  /** Largest difference that passes where a row says nothing else, as a share. */
  readonly tolerance: number;
  /** null where the samples say nothing of their tensors. */
  readonly preprocessing: PreprocessingProof | null;
  readonly rows: readonly VerifyRow[];
  readonly missing: readonly MissingEngine[];
  /** What a reader should know, a sentence each. */
  readonly remarks: readonly string[];
  /** True when the tensors are the same and every row that decides passed, and there is one. */
  readonly passed: boolean;
}

/** What is promised of every engine: scores and maps within a ten-thousandth. */
export const VERIFY_TOLERANCE = 1e-4;

/**
 * Of networks in integers: where floats differ in their last bit, and processors in how they add up bytes, a value is rounded to the
 * next step, which is a hundred times more.
 */
const INT8_TOLERANCE = 1e-2;

/** Largest difference that passes for a model whose network computes with these numbers. */
export function toleranceFor(precision: BackbonePrecision): number {
  return precision === "int8" ? INT8_TOLERANCE : VERIFY_TOLERANCE;
}

/** Differences that statistics in such numbers may make, as shares. */
export const COARSE_TOLERANCE = { float32: 1e-4, int16: 1e-3, int8: 5e-2 } as const;

/** By what answers are measured. */
export interface Measure {
  /** Image threshold in the units of the scores; null = labels are not compared. */
  readonly threshold: number | null;
  /** Largest difference that passes, as a share. */
  readonly tolerance: number;
}

/** What a file without samples cannot prove. */
export const NO_SAMPLES =
  "The file carries no samples: that it computes what it computed elsewhere cannot be shown, only that engines agree here.";

/** The verification with its verdict. */
export function verdictOf(found: Omit<Verification, "passed">): Verification {
  const deciding = found.rows.filter(({ decides }) => decides);
  const passed =
    deciding.length > 0 &&
    deciding.every((row) => row.passed) &&
    (found.preprocessing?.differing.length ?? 0) === 0;
  return { ...found, passed };
}

/** What is compared with what. */
export interface Compared extends Measure {
  readonly engine: string;
  readonly against: string;
  /** Default: true. */
  readonly decides?: boolean;
}

/** Adds pictures to a row, one after another. */
export interface Comparison {
  add(answer: EngineAnswer, reference: EngineAnswer): void;
  row(): VerifyRow;
}

/** A row in the making. */
export function comparison({ engine, against, threshold, tolerance, decides = true }: Compared): Comparison {
  let [pictures, score, map, flips] = [0, 0, 0, 0];
  let input: number | null = null;
  return {
    add(answer, reference) {
      pictures++;
      const apart = Math.abs(answer.score - reference.score);
      // NaN is a difference like no other.
      score = worse(score, apart / (Math.abs(reference.score) || 1));
      map = worse(map, mapDifference(answer, reference));
      if (answer.made && reference.given)
        input = worse(input ?? 0, inputDifference(answer.made, reference.given));
      if (threshold === null) return;
      const near = Math.abs(reference.score - threshold) <= tolerance * Math.abs(threshold);
      const label = answer.anomalous ?? answer.score >= threshold;
      if (!near && label !== reference.score >= threshold) flips++;
    },
    row: () => {
      const same = score <= tolerance && map <= tolerance && (input ?? 0) <= tolerance;
      const passed = pictures > 0 && same && flips === 0;
      return { engine, against, pictures, input, score, map, flips, tolerance, decides, passed };
    },
  };
}

function mapDifference({ map }: EngineAnswer, { map: reference }: EngineAnswer): number {
  let highest = 0;
  for (const value of reference.data) highest = Math.max(highest, Math.abs(value));
  return difference(map.data, reference.data) / (highest || 1);
}

function inputDifference(made: readonly Float32Array[], reference: readonly Float32Array[]): number {
  if (made.length !== reference.length) return Number.POSITIVE_INFINITY;
  return made.reduce((most, one, i) => worse(most, difference(one, reference[i]!)), 0);
}

/** Largest |difference|; infinite for arrays of other lengths. */
function difference(values: Float32Array, reference: Float32Array): number {
  if (values.length !== reference.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < values.length; i++) most = worse(most, Math.abs(values[i]! - reference[i]!));
  return most;
}

function worse(known: number, found: number): number {
  return Number.isNaN(found) ? Number.POSITIVE_INFINITY : Math.max(known, found);
}
