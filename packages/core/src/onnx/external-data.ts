/** Weights that stand in other files: which ones, how long they must be, and that they stay beside the model. */
import { BlemishError } from "../errors.js";
import { tensorBytes } from "./data-types.js";
import type { OnnxGraph, OnnxModel, OnnxTensor } from "./onnx-model.js";

/** A file that a model needs beside it. */
export interface ExternalFile {
  /** Path relative to the model's folder, as the model spells it. */
  readonly location: string;
  /** Least length in bytes that holds every tensor kept there. */
  readonly bytes: number;
}

/**
 * The files that hold the weights of a model, in the order in which they are first named.
 *
 * @throws BlemishError MODEL_BROKEN for a location outside the model's folder (absolute, or with `..`).
 */
export function externalDataFiles(model: OnnxModel, subject = "the model"): ExternalFile[] {
  const least = new Map<string, number>();
  forEachTensor(model.graph, ({ dataType, dims, payload }) => {
    if (payload.kind !== "external") return;
    checkLocation(payload.location, subject);
    const end = payload.offset + (payload.length ?? tensorBytes(dataType, dims) ?? 0);
    least.set(payload.location, Math.max(end, least.get(payload.location) ?? 0));
  });
  return [...least].map(([location, bytes]) => ({ location, bytes }));
}

/**
 * Accepts a plain relative path only, so that a model cannot make its reader open files elsewhere.
 *
 * @throws BlemishError MODEL_BROKEN otherwise.
 */
export function checkLocation(location: string, subject: string): void {
  const steps = location.split(/[/\\]/);
  const plain =
    !steps.some((step) => step === "" || step === ".." || step.includes("\0")) && !/^[a-z]:/i.test(location);
  if (plain) return;
  throw new BlemishError("MODEL_BROKEN", {
    subject,
    expected: "its weights in a file beside it",
    found: `the location ${JSON.stringify(location.slice(0, 80))}`,
  });
}

/** Calls `visit` with every tensor of a graph: initialisers, then constants in nodes and in nested graphs. */
export function forEachTensor(graph: OnnxGraph, visit: (tensor: OnnxTensor) => void): void {
  for (const tensor of graph.initialisers) visit(tensor);
  for (const node of graph.nodes) {
    for (const attribute of node.attributes) {
      if (attribute.type === "tensor") visit(attribute.value);
      else if (attribute.type === "tensors") for (const tensor of attribute.value) visit(tensor);
      else if (attribute.type === "graph") forEachTensor(attribute.value, visit);
      else if (attribute.type === "graphs") for (const body of attribute.value) forEachTensor(body, visit);
    }
  }
}
