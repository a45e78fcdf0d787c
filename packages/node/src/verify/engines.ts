/** The engines that can judge with one model here: our own, and its export in ONNX Runtime, native and in WebAssembly. */
import {
  BlemishError,
  createArena,
  detectorBytes,
  type ExportedModel,
  exportModel,
  type FloatMap,
  headBytes,
  learnedDetector,
  type ModelFile,
  preProcess,
  type RgbImage,
  type Session,
  writeOnnx,
} from "@blemish/core";
import { ortSession } from "../session/ort-session.js";
import { webSession } from "../session/web-session.js";

/** What an engine says of a picture, in raw units. */
export interface EngineAnswer {
  readonly score: number;
  readonly map: FloatMap;
}

/** An engine with a model in it. */
export interface Engine {
  readonly name: string;
  judge(image: RgbImage): Promise<EngineAnswer>;
  close(): Promise<void>;
}

/** An engine, or why there is none. */
export type EngineOrReason = Engine | { readonly name: string; readonly missing: string };

/**
 * Our own engine, its answers in raw units also where the model's graph normalises.
 * @throws BlemishError of the session, MEMORY.
 */
export async function fastEngine(model: ModelFile): Promise<Engine> {
  const session = await ortSession(
    { bytes: model.backbone, name: "The backbone" },
    { threads: 1, spinning: false },
  );
  const arena = createArena(detectorBytes(model.manifest) + headBytes(model));
  const detector = learnedDetector(session, withoutEnd(model), arena);
  return {
    name: "Fast engine",
    async judge(image) {
      const { map, score } = await detector.detect(detector.inputs.map((steps) => preProcess(image, steps)));
      if (map === null || score === null) throw new Error("a raw detector gives map and score");
      return { map, score };
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

/** Engines other than ours, or why a model has none. @throws BlemishError of the sessions. */
export async function exportEngines(model: ModelFile): Promise<EngineOrReason[]> {
  const exported = exportOrReason(model);
  if (typeof exported === "string") return [{ name: "ONNX Runtime", missing: exported }];
  const { onnx } = exported;
  const bytes = writeOnnx(onnx);
  const inputs = onnx.graph.inputs.map(({ name }) => name);
  const native = await ortSession({ bytes, name: "The exported model" }, { threads: 1, spinning: false });
  const web = await webSession({ bytes, name: "The exported model" });
  return [
    engineOf("ONNX Runtime", native, model, inputs),
    web === null
      ? { name: "ONNX Runtime Web", missing: "onnxruntime-web is not installed here" }
      : engineOf("ONNX Runtime Web", web, model, inputs),
  ];
}

/** A model whose regions decide has no export; its own samples can be verified all the same. */
function exportOrReason(model: ModelFile): ExportedModel | string {
  try {
    return exportModel(model);
  } catch (error) {
    if (error instanceof BlemishError && error.code === "EXPORT") return `no export: ${error.found}`;
    throw error;
  }
}

function engineOf(
  name: string,
  session: Session,
  { manifest }: ModelFile,
  inputs: readonly string[],
): Engine {
  const { passes, size } = manifest;
  return {
    name,
    async judge(image) {
      const feeds = passes.map(({ preprocessing }, i) => [inputs[i], preProcess(image, preprocessing)]);
      const { pred_score: score, anomaly_map: map } = await session.run(Object.fromEntries(feeds));
      return { score: score!.data[0]!, map: { ...size, data: map!.data } };
    },
    close: () => session.close(),
  };
}
