/** What a caller may say about a model whose files leave a choice. */
import type { ModelDescription, Profile, Task } from "@blemish/core";
import { oneOf, TEXT } from "./check-options.js";

/** How a model is to be understood, where its files leave a choice. */
export interface ReadModelOptions {
  /** Path of the metadata. Default: `metadata.json` or `meta_data.json` beside the model. */
  readonly metadata?: string;
  /** Conventions to follow. Default: what the files show. */
  readonly profile?: Profile;
  /** Default: the metadata's. */
  readonly task?: Task;
  /** Where the image score comes from. Default: the graph's own score where it has one. */
  readonly score?: ModelDescription["scoreSource"];
}

/** Rules of {@link ReadModelOptions}, for JavaScript callers. */
export const READ_MODEL_RULES = {
  metadata: TEXT,
  profile: oneOf("anomalib-0.7", "anomalib-1", "anomalib-2"),
  task: oneOf("classification", "segmentation", "detection"),
  score: oneOf("output", "map-max"),
} as const;
