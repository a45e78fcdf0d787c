/** The engines that can judge with one model here: our own kernels, and whole graphs in ONNX Runtime, native and in WebAssembly. */
import {
  BlemishError,
  createArena,
  type Detector,
  detectorBytes,
  type FloatMap,
  graphDetector,
  headBytes,
  learnedDetector,
  type ModelDescription,
  type ModelFile,
  preProcess,
  preProcessParts,
  type RgbImage,
} from "@blemish/core";
import { ortSession } from "../session/ort-session.js";
import { type WebModel, webSession } from "../session/web-session.js";

/** What an engine says of a picture. */
export interface EngineAnswer {
  /** Raw units, but for graphs of Anomalib 2.x, which normalise. */
  readonly score: number;
  readonly map: FloatMap;
  /** What the graph's own outputs decide; absent = the score decides. */
  readonly anomalous?: boolean;
  /** Tensors that the network was given by us. */
  readonly given?: readonly Float32Array[];
  /** Tensors that the graph made for its network itself, where preprocessing is inside. */
  readonly made?: readonly Float32Array[];
}

/** An engine with a model in it. */
export interface Engine {
  readonly name: string;
  judge(image: RgbImage): Promise<EngineAnswer>;
  close(): Promise<void>;
}

/** An engine, or why there is none. */
export type EngineOrReason = Engine | { readonly name: string; readonly missing: string };

/** Runtime that is not everywhere. */
export const WEB_MISSING = "onnxruntime-web is not installed here";

/** How a session that proves something runs: alike on every machine. */
export const PROOF_SESSION = { threads: 1, spinning: false } as const;

/**
 * Our own engine, its answers in raw units also where the model's graph normalises.
 * @throws BlemishError of the session, MEMORY.
 */
export function fastEngine(model: ModelFile, name = "Fast engine"): Promise<Engine> {
  return learnedEngine(withoutEnd(model), name);
}

/** Our own engine, its answers those of the graph that the model was made of. @throws BlemishError of the session, MEMORY. */
export async function learnedEngine(model: ModelFile, name = "Fast engine"): Promise<Engine> {
  const session = await ortSession({ bytes: model.backbone, name: "The backbone" }, PROOF_SESSION);
  const arena = createArena(detectorBytes(model.manifest) + headBytes(model));
  return detectorEngine(name, learnedDetector(session, model, arena));
}

function detectorEngine(name: string, detector: Detector): Engine {
  return {
    name,
    async judge(image) {
      const inputs = detector.inputs.map((steps, i) =>
        detector.inParts?.[i] ? preProcessParts(image, steps) : preProcess(image, steps),
      );
      const { map, score } = await detector.detect(inputs);
      const values = map ?? { width: 0, height: 0, data: new Float32Array(0) };
      return {
        map: values,
        score: score ?? values.data.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
        given: inputs.flatMap((tensor) => ("data" in tensor ? [tensor.data] : [])),
      };
    },
    close: () => detector.close(),
  };
}

/** The model without what a 2.x graph does after its raw map and score. */
function withoutEnd(model: ModelFile): ModelFile {
  const { manifest } = model;
  if (manifest.origin === "blemish") return model;
  const { imported } = manifest;
  const description = { ...imported.description, scoreSource: "output" } as const;
  return {
    ...model,
    manifest: { ...manifest, imported: { ...imported, normaliser: null, decisions: null, description } },
  };
}

/** A graph that is none of our exports, as it is: whole in ONNX Runtime. @throws BlemishError of the sessions. */
export async function graphEngines(
  path: string,
  description: ModelDescription,
  web: Pick<WebModel, "bytes" | "external"> | null,
): Promise<readonly [Engine, EngineOrReason]> {
  const native = detectorEngine(
    "ONNX Runtime",
    graphDetector(await ortSession(path, PROOF_SESSION), description),
  );
  const name = "ONNX Runtime Web";
  if (web === null) return [native, { name, missing: "nobody asked for it" }];
  const session = await webSession({ ...web, name: path }).catch(reasonOf);
  if (session === null || typeof session === "string")
    return [native, { name, missing: session ?? WEB_MISSING }];
  return [native, detectorEngine(name, graphDetector(session, description))];
}

/** What WebAssembly has no room or no operator for is no fault of the model. @throws what is no BlemishError. */
export function reasonOf(error: unknown): string {
  if (error instanceof BlemishError) return error.message;
  throw error;
}

/** Those that are there, and why the others are not. */
export function presentAndMissing(engines: readonly EngineOrReason[]) {
  return {
    present: engines.filter((engine): engine is Engine => "judge" in engine),
    missing: engines.flatMap((engine) =>
      "missing" in engine ? [{ engine: engine.name, reason: engine.missing }] : [],
    ),
  };
}
