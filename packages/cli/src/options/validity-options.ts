/** Which pictures can be judged and how they are aligned, in words of the command line. */
import { ALIGN_MODES, type RecipeOptions } from "@blemish/core";
import type { Command } from "commander";
import { choice } from "./values.js";

/** The words as commander gives them. */
export interface ValidityWords {
  /** false for `--no-validity`. */
  readonly validity?: boolean;
  readonly align?: string;
}

/** Their names on the command line; all shape a model. */
export const VALIDITY_WORDS = {
  validity: "--validity",
  align: "--align",
} as const satisfies Record<keyof ValidityWords, string>;

/** Adds the options to a command. */
export function addValidityOptions(command: Command): Command {
  return command
    .option(
      "--validity",
      "learn which pictures cannot be judged: too dark, blurred, moved (default: from 10 on)",
    )
    .option("--no-validity", "judge every picture, whatever it shows")
    .option(
      "--align <mode>",
      `bring every picture to where the good parts lie: ${ALIGN_MODES.join(", ")} (default: as it lies)`,
    );
}

/**
 * What the words say, for a recipe.
 * @throws BlemishError OPTION_VALUE
 */
export function validityOptions({
  validity,
  align,
}: ValidityWords): Pick<RecipeOptions, "validity" | "align"> {
  return {
    ...(validity !== undefined && { validity }),
    ...(align !== undefined && { align: choice("--align", align, ALIGN_MODES) }),
  };
}
