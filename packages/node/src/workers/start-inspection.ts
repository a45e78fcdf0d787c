/** Starts the workers of a model, each with a part of the model's memory for as long as it lives. */
import type { Worker } from "node:worker_threads";
import type { SharedModel } from "../model/shared-model.js";
import type { InspectionSetup } from "./inspector.js";
import type { RunGate } from "./run-gate.js";
import { startWorker } from "./start-worker.js";

/**
 * A starter for `WorkerPool`.
 * @param shared the model that the fast engine runs; null = the graph at `modelPath` runs whole in ONNX Runtime.
 */
export function inspectionStarter(
  setup: InspectionSetup,
  shared: SharedModel | null,
): (gate: RunGate) => Worker {
  if (shared === null) return (gate) => startWorker(setup, gate);
  return (gate) => {
    const { part, release } = shared.takePart();
    const worker = startWorker({ ...setup, part }, gate);
    worker.once("exit", release);
    return worker;
  };
}
