/** What a worker judges with: an exported graph in ONNX Runtime, or a model file whose backbone runs there. */
import {
  type Arena,
  arenaOver,
  bufferOf,
  createArena,
  type Detector,
  detectorBytes,
  graphDetector,
  headBytes,
  isCut,
  learnedDetector,
  type ModelDescription,
  type ModelFile,
  readModelFile,
  type Session,
  type ShareHead,
} from "@blemish/core";
import { runnableModel } from "../model/model-files.js";
import { helperPlaces, type ModelPart } from "../model/shared-model.js";
import { type ModelBytes, type OrtSessionOptions, ortSession } from "../session/ort-session.js";
import { passGate, type RunGate } from "./run-gate.js";

/** A model to be opened in a worker. */
export interface DetectorSetup extends OrtSessionOptions {
  readonly modelPath: string;
  readonly description: ModelDescription;
  /** The model file that the fast engine runs; without it `modelPath` is a graph that runs whole in ONNX Runtime. */
  readonly part?: ModelPart;
}

/**
 * Opens the model in the calling thread; native work happens behind the gate.
 * @param share of the worker's helpers, which work in the same part of the memory.
 * @throws BlemishError of `ortSession`; MEMORY.
 */
export async function openDetector(
  setup: DetectorSetup,
  gate: RunGate,
  share?: ShareHead,
): Promise<Detector> {
  const { modelPath, description, part } = setup;
  if (part === undefined)
    return graphDetector(await gatedSession(await runnableModel(modelPath), setup, gate), description);
  const model = modelOf(part, modelPath);
  // A copy, because the runtime is not made for memory that threads share.
  const backbone = { bytes: model.backbone.slice(), name: `The backbone in ${modelPath}` };
  const frugal = model.manifest.passes.some(isCut);
  const session = await gatedSession(backbone, { ...setup, frugal }, gate);
  return learnedDetector(session, model, arenaOf(part, model), share);
}

/** The model in memory that all workers share; whoever put it there has checked it. */
function modelOf({ memory, fileStart, fileLength }: ModelPart, subject: string): ModelFile {
  return readModelFile(new Uint8Array(bufferOf(memory), fileStart, fileLength), subject, null);
}

function arenaOf({ memory, scratch }: ModelPart, model: ModelFile): Arena {
  if (scratch === null) return createArena(detectorBytes(model.manifest) + headBytes(model));
  const { detector } = helperPlaces(scratch, model.manifest);
  return arenaOver(memory, detector.start, detector.end);
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
