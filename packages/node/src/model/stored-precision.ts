/** How the head of a model that Anomalib trained is stored. */
import type { BankPrecision, FactorPrecision } from "@blemish/core";
import { oneOf } from "./check-options.js";

/** How the head of an export is stored; each for the method that has it. */
export interface StoredPrecision {
  /** How PaDiM's factors are stored. Default `int16`: a third of the export at most, distances within 1e-4. */
  readonly factors?: FactorPrecision;
  /** How PatchCore's memory bank is stored. Default `float32`: scores within 1e-4 of the export's. */
  readonly bankPrecision?: BankPrecision;
}

/** Rules of {@link StoredPrecision}, for JavaScript callers. */
export const PRECISION_RULES = {
  factors: oneOf("float32", "int16", "int8"),
  bankPrecision: oneOf("float32", "int8"),
} as const;
