/** The identity of a model in any file: its own, or of an export that of the model it was made of. */
import { BlemishError, type ModelIdentity, modelIdentity, readExportNotes } from "@blemish/core";
import { loadAnyModel } from "../model/load-any-model.js";
import { findModel, readOnnxFile } from "../model/model-files.js";
import { isModelFile } from "../model/trained-model-file.js";
import { sha256 } from "../sha256.js";

/** Which of our own, and no others, are told: null for a graph that is not recognised. @throws BlemishError of reading models. */
export async function identityOf(path: string): Promise<ModelIdentity | null> {
  const notes = await notesOf(path);
  if (notes !== null) return notes.identity ?? null;
  try {
    return modelIdentity(await loadAnyModel(path), sha256);
  } catch (error) {
    if (error instanceof BlemishError && error.code === "MODEL_ENGINE") return null;
    throw error;
  }
}

async function notesOf(path: string) {
  const graph = (await isModelFile(path)) ? "" : await findModel(path).catch(() => "");
  if (!graph.endsWith(".onnx")) return null;
  return readExportNotes((await readOnnxFile(graph)).onnx, graph);
}

/** A part of two models: whether its hashes are the same; null where one does not say. */
export interface ComparedPart {
  readonly part: keyof ModelIdentity;
  readonly same: boolean | null;
}

/** Backbone, statistics, preprocessing, decision of two models side by side. */
export function comparedParts(first: ModelIdentity | null, second: ModelIdentity | null): ComparedPart[] {
  return PARTS.map((part) => ({ part, same: first && second && first[part] === second[part] }));
}

const PARTS = ["backbone", "statistics", "preprocessing", "decision"] as const;
