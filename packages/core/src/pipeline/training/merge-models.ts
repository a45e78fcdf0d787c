/**
 * Merging models: another model stands for its training pictures, which join those of the model that is added to. The
 * result is what one training on all of them gives, so the other must have been trained alike.
 */
import type { TrainedManifest, TrainingFile } from "../../bundle/manifest.js";
import type { ModelFile, TrainedModelFile } from "../../bundle/model-file.js";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { requireTrained } from "../../bundle/require-trained.js";
import { BlemishError } from "../../errors.js";
import { recipeFor } from "../recipe/recipe.js";

/**
 * The other model, when it can be merged: the same backbone, profile and options. Where the threshold is drawn does not
 * count: the false-alarm rate is that of the model that is added to.
 * @param other called `subject` in errors.
 * @throws MODEL_NOT_TRAINED for a model that was imported; MODEL_MERGE with what differs.
 */
export function requireMergeable(
  addTo: TrainedModelFile,
  other: ModelFile,
  subject: string,
): TrainedModelFile {
  const trained = requireTrained(other, subject);
  const refuse = (expected: string, found: string) =>
    new BlemishError("MODEL_MERGE", { subject, expected, found });
  const [ours, theirs] = [addTo.manifest, trained.manifest];
  if (theirs.backbone.sha256 !== ours.backbone.sha256)
    throw refuse(`the backbone ${backboneText(ours)}`, backboneText(theirs));
  if (theirs.profile !== ours.profile) throw refuse(`the profile ${ours.profile}`, theirs.profile);
  if (recipeText(theirs) === recipeText(ours)) return trained;
  const names = differingOptions(ours.training.options, theirs.training.options);
  throw refuse(optionsText(ours, names), optionsText(theirs, names));
}

/**
 * The pictures that other models bring, in their order, each once: what the first model or one before knows, by the hash of
 * its file, is left out.
 */
export function picturesAddedBy(
  others: readonly TrainedModelFile[],
  addTo: TrainedModelFile,
): TrainingFile[] {
  const known = new Set(addTo.manifest.training.files.map(({ sha256 }) => sha256));
  const added: TrainingFile[] = [];
  for (const { manifest } of others)
    for (const file of manifest.training.files) {
      if (known.has(file.sha256)) continue;
      known.add(file.sha256);
      added.push(file);
    }
  return added;
}

/** Everything that shapes the model, in a comparable form; different options can mean the same. */
function recipeText({ backbone, training }: TrainedManifest): string {
  const { falseAlarmRate: _, uncertainRate: __, ...recipe } = recipeFor(backbone, training.options);
  return JSON.stringify(recipe);
}

function backboneText({ backbone: { id, precision = "float32", sha256 } }: TrainedManifest): string {
  return `${id} in ${precision} (SHA-256 ${sha256.slice(0, 12)}…)`;
}

/** Names of the options that differ, where the threshold is drawn apart. */
function differingOptions(ours: RecipeOptions, theirs: RecipeOptions): (keyof RecipeOptions)[] {
  const names = Object.keys({ ...ours, ...theirs }) as (keyof RecipeOptions)[];
  const apart: readonly string[] = ["falseAlarmRate", "uncertainRate"];
  const differs = (name: keyof RecipeOptions) => JSON.stringify(ours[name]) !== JSON.stringify(theirs[name]);
  return names.filter((name) => !apart.includes(name) && differs(name)).sort();
}

/** Such as "size 96, seed by default". */
function optionsText(
  { training: { options } }: TrainedManifest,
  names: readonly (keyof RecipeOptions)[],
): string {
  const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  return names.map((name) => `${name} ${text(options[name] ?? "by default")}`).join(", ");
}
