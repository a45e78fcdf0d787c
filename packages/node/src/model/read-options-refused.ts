/** Options that say what a file says itself are refused where they say something else. */
import { BlemishError, type ModelDescription } from "@blemish/core";
import type { ReadModelOptions } from "./read-model-options.js";

/** @throws BlemishError OPTION_VALUE for metadata, another profile or another score. */
export function readOptionsRefused(
  path: string,
  description: ModelDescription,
  { metadata, profile, score }: Omit<ReadModelOptions, "task">,
): void {
  const refuse = (option: string, found: string) => {
    const expected = `no ${option}: ${path} is a model file and says it itself`;
    return new BlemishError("OPTION_VALUE", { subject: option, expected, found });
  };
  if (metadata !== undefined) throw refuse("metadata", metadata);
  if (profile !== undefined && profile !== description.profile) throw refuse("profile", profile);
  if (score !== undefined && score !== description.scoreSource) throw refuse("score", score);
}
