/** One of our exports in ONNX Runtime, native and in WebAssembly: raw values from inside of its graph, labels from its outputs. */
import {
  BlemishError,
  type ExportedModel,
  type ExportNotes,
  exportedSteps,
  exportModel,
  type ModelFile,
  type OnnxModel,
  preProcess,
  type RgbImage,
  readExportNotes,
  type Session,
  type Tensor,
  weightBytes,
  withInnerValues,
  writeOnnx,
} from "@blemish/core";
import { ortSession } from "../session/ort-session.js";
import { webSession } from "../session/web-session.js";
import {
  type Engine,
  type EngineAnswer,
  type EngineOrReason,
  PROOF_SESSION,
  reasonOf,
  WEB_MISSING,
} from "./engines.js";

/** Most bytes of weights that are exported in memory, which holds a second copy of them. */
const MOST_IN_MEMORY = 1.9e9;

/** Where an export comes from. */
export interface ExportSource {
  /** What errors call it. */
  readonly name: string;
  /** Folder of its external weights; absent = it has none. */
  readonly folder?: string;
  /** External weights by location, for the runtime that knows no folders. */
  readonly external?: ReadonlyMap<string, Uint8Array>;
}

/** What a model would be as an export, in memory, or why it has none. @throws BlemishError of the sessions. */
export async function exportEngines(model: ModelFile): Promise<EngineOrReason[]> {
  const exported = exportOrReason(model);
  if (typeof exported === "string") return [{ name: "ONNX Runtime", missing: exported }];
  const notes = readExportNotes(exported.onnx, "The exported model")!;
  return exportedEngines(exported.onnx, notes, { name: "The exported model" });
}

/** A model whose regions decide has no export; its own samples can be verified all the same. */
function exportOrReason(model: ModelFile): ExportedModel | string {
  try {
    const exported = exportModel(model);
    if (weightBytes(exported.onnx) <= MOST_IN_MEMORY) return exported;
    return "its export has more than 1.9 GB of weights: write it and verify the file";
  } catch (error) {
    if (error instanceof BlemishError && error.code === "EXPORT") return `no export: ${error.found}`;
    throw error;
  }
}

/**
 * The engines for an export. With a dynamic batch two copies of the picture are given and the second answer counts.
 * @throws BlemishError of the sessions.
 */
export async function exportedEngines(
  onnx: OnnxModel,
  notes: ExportNotes,
  { name, folder, external }: ExportSource,
): Promise<EngineOrReason[]> {
  const bytes = writeOnnx(withInnerValues(onnx, notes));
  const native = await nativeEngine(bytes, onnx, notes, { name, ...(folder !== undefined && { folder }) });
  const web = await webSession({ bytes, name, ...(external !== undefined && { external }) }).catch(reasonOf);
  return [
    native,
    web === null || typeof web === "string"
      ? { name: "ONNX Runtime Web", missing: web ?? WEB_MISSING }
      : engineOf("ONNX Runtime Web", web, judgeOf(onnx, notes)),
  ];
}

/** The native engine alone. @throws BlemishError of the session. */
export function exportedEngine(onnx: OnnxModel, notes: ExportNotes, source: ExportSource): Promise<Engine> {
  return nativeEngine(writeOnnx(withInnerValues(onnx, notes)), onnx, notes, source);
}

async function nativeEngine(
  bytes: Uint8Array,
  onnx: OnnxModel,
  notes: ExportNotes,
  { name, folder }: ExportSource,
): Promise<Engine> {
  const session = await ortSession({ bytes, name, ...(folder !== undefined && { folder }) }, PROOF_SESSION);
  return engineOf("ONNX Runtime", session, judgeOf(onnx, notes));
}

type Judge = (session: Session, image: RgbImage) => Promise<EngineAnswer>;

function engineOf(name: string, session: Session, judge: Judge): Engine {
  return { name, judge: (image) => judge(session, image), close: () => session.close() };
}

function judgeOf({ graph }: OnnxModel, notes: ExportNotes): Judge {
  const { map: size, raw } = notes;
  const steps = exportedSteps(notes);
  const batch = typeof graph.inputs[0]?.dims?.[0] === "number" ? 1 : 2;
  return async (session, image) => {
    const feeds = graph.inputs.map(({ name }, i) => [
      name,
      repeated(preProcess(image, steps[i] ?? []), batch),
    ]);
    const results = await session.run(Object.fromEntries(feeds));
    const last = (name: string) => lastOf(results[name], batch, name);
    return {
      score: last(raw.score)[0]!,
      map: { width: size.width, height: size.height, data: last(raw.map) },
      ...labelOf(notes, results, last),
      ...(raw.inputs.length > 0 && { made: raw.inputs.map(last) }),
    };
  };
}

function repeated({ data, shape }: Tensor, batch: number): Tensor {
  if (batch === 1) return { data, shape };
  const copies = new Float32Array(batch * data.length);
  for (let i = 0; i < batch; i++) copies.set(data, i * data.length);
  return { data: copies, shape: [batch, ...shape.slice(1)] };
}

/** The last picture's share of an output. */
function lastOf(tensor: Tensor | undefined, batch: number, name: string): Float32Array {
  if (tensor === undefined)
    throw new BlemishError("MODEL_OUTPUT", { subject: `The value "${name}" of the graph`, found: "none" });
  return tensor.data.subarray(tensor.data.length - tensor.data.length / batch);
}

/** What the outputs that a user reads decide. */
function labelOf(
  { form, scale: { image } }: ExportNotes,
  results: Readonly<Record<string, Tensor>>,
  last: (name: string) => Float32Array,
): Pick<EngineAnswer, "anomalous"> {
  if (results.pred_label !== undefined) return { anomalous: last("pred_label")[0] !== 0 };
  if (form !== "anomalib-0.7" || image === null) return {};
  return { anomalous: last("output").some((value) => value >= image.threshold) };
}
