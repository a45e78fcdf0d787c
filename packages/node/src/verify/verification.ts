/** What a verification finds, as plain data, and how two answers are compared. */
import type { ModelIdentity } from "@blemish/core";
import type { EngineAnswer } from "./engines.js";

/** Scores and maps of one engine beside those of another. */
export interface VerifyRow {
  readonly engine: string;
  /** What it was compared with. */
  readonly against: string;
  readonly pictures: number;
  /** Largest |difference| of an image score, as a share of the score. */
  readonly score: number;
  /** Largest |difference| of a map, as a share of that map's highest value. */
  readonly map: number;
  /** Pictures that one calls anomalous and the other does not; those nearer to the threshold than the tolerance do not count. */
  readonly flips: number;
  readonly passed: boolean;
}

/** Engines that could not be tried. */
export interface MissingEngine {
  readonly engine: string;
  readonly reason: string;
}

/** The proof that a model computes here what it computed elsewhere. */
export interface Verification {
  readonly model: string;
  /** null for an export, whose parts are not told apart. */
  readonly identity: ModelIdentity | null;
  /** Largest difference that passes, as a share. */
  readonly tolerance: number;
  readonly rows: readonly VerifyRow[];
  readonly missing: readonly MissingEngine[];
  /** True when every row passed, and there is one. */
  readonly passed: boolean;
}

/** Adds pictures to a row, one after another. */
export interface Comparison {
  add(answer: EngineAnswer, reference: EngineAnswer): void;
  row(): VerifyRow;
}

/** @param threshold raw; null = labels are not compared. */
export function comparison(
  engine: string,
  against: string,
  tolerance: number,
  threshold: number | null,
): Comparison {
  let [pictures, score, map, flips] = [0, 0, 0, 0];
  return {
    add(answer, reference) {
      pictures++;
      const apart = Math.abs(answer.score - reference.score);
      // NaN is a difference like no other.
      score = worse(score, apart / (Math.abs(reference.score) || 1));
      map = worse(map, mapDifference(answer, reference));
      if (threshold === null) return;
      const near = Math.abs(reference.score - threshold) <= tolerance * Math.abs(threshold);
      if (!near && answer.score >= threshold !== reference.score >= threshold) flips++;
    },
    row: () => {
      const passed = pictures > 0 && score <= tolerance && map <= tolerance && flips === 0;
      return { engine, against, pictures, score, map, flips, passed };
    },
  };
}

function mapDifference({ map }: EngineAnswer, { map: reference }: EngineAnswer): number {
  if (map.data.length !== reference.data.length) return Number.POSITIVE_INFINITY;
  let [most, highest] = [0, 0];
  for (let i = 0; i < map.data.length; i++) {
    most = worse(most, Math.abs(map.data[i]! - reference.data[i]!));
    highest = Math.max(highest, Math.abs(reference.data[i]!));
  }
  return most / (highest || 1);
}

function worse(known: number, found: number): number {
  return Number.isNaN(found) ? Number.POSITIVE_INFINITY : Math.max(known, found);
}
