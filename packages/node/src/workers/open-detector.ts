/** What a worker judges with: an exported graph in ONNX Runtime, or a trained model whose backbone runs there. */
import {
  type Detector,
  detectorBytes,
  graphDetector,
  learnedDetector,
  type ModelDescription,
  type Session,
  wasmKernels,
} from "@blemish/core";
import { isTrainedModel, readTrainedModel } from "../model/trained-model-file.js";
import { type ModelBytes, type OrtSessionOptions, ortSession } from "../session/ort-session.js";
import { passGate, type RunGate } from "./run-gate.js";

/** A model to be opened in a worker. */
export interface DetectorSetup extends OrtSessionOptions {
  readonly modelPath: string;
  readonly description: ModelDescription;
}

/**
 * Opens the model in the calling thread; native work happens behind the gate.
 * @throws BlemishError of `ortSession` and `readTrainedModel`.
 */
export async function openDetector(setup: DetectorSetup, gate: RunGate): Promise<Detector> {
  const { modelPath, description } = setup;
  if (!(await isTrainedModel(modelPath)))
    return graphDetector(await gatedSession(modelPath, setup, gate), description);
  const model = await readTrainedModel(modelPath);
  const backbone = { bytes: model.backbone, name: `The backbone in ${modelPath}` };
  const session = await gatedSession(backbone, setup, gate);
  const kernels = wasmKernels(detectorBytes(model, model.manifest.head.channels));
  return learnedDetector(session, model, kernels);
}

/** A session whose loading and runs do not happen while the process ends. */
export async function gatedSession(
  model: string | ModelBytes,
  options: OrtSessionOptions,
  gate: RunGate,
): Promise<Session> {
  const session = await passGate(gate, () => ortSession(model, options));
  return { run: (feeds) => passGate(gate, () => session.run(feeds)), close: () => session.close() };
}
