/** The options that choose what runs a model; the same wherever a command opens a model to judge pictures. */
import type { FactorPrecision } from "@blemish/core";
import type { Engine, EngineOptions } from "@blemish/node";
import { choice } from "./values.js";

/** The words of the options as commander gives them. */
export interface EngineWords {
  readonly engine?: string;
  readonly factors?: string;
}

/** Engines, for help and checks. */
export const ENGINES = ["auto", "onnx", "fast"] as const satisfies readonly Engine[];

/** Ways to store factors, for help and checks. */
export const FACTORS = ["int16", "int8", "float32"] as const satisfies readonly FactorPrecision[];

/** Flags and help of `--engine`. */
export const ENGINE_OPTION = [
  "--engine <engine>",
  `what runs an exported model: ${ENGINES.join(", ")} (default: auto, fast where it is recognised)`,
] as const;

/** Flags and help of `--factors`, where an exported model is opened. */
export const FACTORS_OPTION = [
  "--factors <type>",
  `how the fast engine stores an exported model: ${FACTORS.join(", ")} (default: int16)`,
] as const;

/**
 * The library's options from the words.
 * @throws BlemishError OPTION_VALUE
 */
export function engineOptions({ engine, factors }: EngineWords): EngineOptions {
  return {
    ...(engine !== undefined && { engine: choice("--engine", engine, ENGINES) }),
    ...(factors !== undefined && { factors: choice("--factors", factors, FACTORS) }),
  };
}
