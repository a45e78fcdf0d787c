/** The words of commands that take a model and, maybe, data sets. */
import { BlemishError } from "@blemish/core";
import { missing } from "./values.js";

/**
 * The model, and what follows it.
 * @throws BlemishError OPTION_VALUE without a model.
 */
export function modelWord(positional: readonly string[]): {
  readonly model: string;
  readonly rest: readonly string[];
} {
  const [model, ...rest] = positional;
  if (model !== undefined) return { model, rest };
  throw missing("the model", "a model file");
}

/**
 * A model and at least one data set.
 * @throws BlemishError OPTION_VALUE
 */
export function modelAndDatasets(positional: readonly string[]): {
  readonly model: string;
  readonly datasets: readonly string[];
} {
  const { model, rest } = modelWord(positional);
  if (rest.length > 0) return { model, datasets: rest };
  throw missing("the data set", "a folder or table with good and anomalous pictures");
}

/**
 * A model and nothing else.
 * @throws BlemishError OPTION_VALUE
 */
export function onlyModel(positional: readonly string[]): string {
  const { model, rest } = modelWord(positional);
  if (rest.length === 0) return model;
  throw new BlemishError("OPTION_VALUE", {
    subject: "the model",
    expected: "one file",
    found: `also ${rest[0]}`,
  });
}
