/** The options that choose what runs a model; the same wherever a command opens a model to judge pictures. */
import type { BankPrecision, FactorPrecision } from "@blemish/core";
import type { Engine, EngineOptions } from "@blemish/node";
import { choice } from "./values.js";

/** The words of the options as commander gives them. */
export interface EngineWords {
  readonly engine?: string;
  readonly factors?: string;
  readonly bankPrecision?: string;
}

/** Engines, for help and checks. */
export const ENGINES = ["auto", "onnx", "fast"] as const satisfies readonly Engine[];

/** Ways to store factors, for help and checks. */
export const FACTORS = ["int16", "int8", "float32"] as const satisfies readonly FactorPrecision[];

/** Ways to store a memory bank, for help and checks. */
export const BANK_PRECISIONS = ["float32", "int8"] as const satisfies readonly BankPrecision[];

/** Flags and help of `--engine`. */
export const ENGINE_OPTION = [
  "--engine <engine>",
  `what runs an exported model: ${ENGINES.join(", ")} (default: auto, fast where it is recognised)`,
] as const;

/** Flags and help of `--factors`, where an exported model is opened. */
export const FACTORS_OPTION = [
  "--factors <type>",
  `how the fast engine stores an exported PaDiM: ${FACTORS.join(", ")} (default: int16)`,
] as const;

/** Flags and help of `--bank-precision`, where an exported model is opened. */
export const BANK_PRECISION_OPTION = [
  "--bank-precision <type>",
  `how the fast engine stores an exported PatchCore: ${BANK_PRECISIONS.join(", ")} (default: float32)`,
] as const;

/**
 * The library's options from the words.
 * @throws BlemishError OPTION_VALUE
 */
export function engineOptions({ engine, factors, bankPrecision }: EngineWords): EngineOptions {
  return {
    ...(engine !== undefined && { engine: choice("--engine", engine, ENGINES) }),
    ...(factors !== undefined && { factors: choice("--factors", factors, FACTORS) }),
    ...(bankPrecision !== undefined && {
      bankPrecision: choice("--bank-precision", bankPrecision, BANK_PRECISIONS),
    }),
  };
}
