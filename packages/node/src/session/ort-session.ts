/** ONNX Runtime behind core's Session: the only file that imports `onnxruntime-node`. */
import { BlemishError, type Session, type Tensor } from "@blemish/core";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { loadError, runError } from "./ort-error.js";
import { refuseTelemetry } from "./refuse-telemetry.js";

/** How a session uses the machine. */
export interface OrtSessionOptions {
  /** Threads of one run. */
  readonly threads: number;
  /** Let idle threads burn time within a run for a quicker start of its next step: good for a single session, bad for several. */
  readonly spinning: boolean;
  /**
   * Make no plan of a run's memory: the plan takes its own memory beside that of the first run. A third less for large inputs
   * (768 × 768: 165 instead of 245 MB), which take 7 % longer; small ones are the same. Default: false.
   */
  readonly frugal?: boolean;
}

/** Nothing below an error is printed, and errors are thrown anyway. */
const LOG_FATAL_ONLY = 4;

/** A model in memory. */
export interface ModelBytes {
  readonly bytes: Uint8Array;
  /** Where files of weights lie that the model names; absent = all are inside. */
  readonly folder?: string;
  /** What errors call it. */
  readonly name: string;
}

/**
 * Opens a model on the CPU. A file is loaded by its path, because weights in a second file are looked for beside it.
 * Loading and running block the calling thread: use it in a worker.
 *
 * @throws BlemishError MODEL_DATA_MISSING, MODEL_NOT_FOUND, MODEL_BROKEN, MODEL_UNSUPPORTED; `run` throws
 *   MODEL_INPUT, MODEL_UNSUPPORTED, MODEL_CLOSED.
 */
export async function ortSession(
  model: string | ModelBytes,
  { threads, spinning, frugal = false }: OrtSessionOptions,
): Promise<Session> {
  refuseTelemetry();
  const modelPath = typeof model === "string" ? model : model.name;
  const options: InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    enableMemPattern: !frugal,
    logSeverityLevel: LOG_FATAL_ONLY,
    // Behind a run there is other work for the cores than waiting for the next.
    extra: {
      session: {
        intra_op: { allow_spinning: spinning ? "1" : "0" },
        force_spinning_stop: "1",
        ...(typeof model !== "string" &&
          model.folder !== undefined && { model_external_initializers_file_folder_path: model.folder }),
      },
    },
  };
  const loading =
    typeof model === "string"
      ? InferenceSession.create(model, options)
      : InferenceSession.create(model.bytes, options);
  const session = await loading.catch((thrown: unknown) => {
    throw loadError(thrown, modelPath);
  });
  let closed = false;
  return {
    async run(feeds) {
      try {
        const results = await session.run(toOrt(feeds), { logSeverityLevel: LOG_FATAL_ONLY });
        return fromOrt(results, modelPath);
      } catch (thrown) {
        throw runError(thrown, modelPath);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      await session.release();
    },
  };
}

function toOrt(feeds: Readonly<Record<string, Tensor>>): Record<string, OrtTensor> {
  const named = Object.entries(feeds).map(([name, { data, shape }]) => [
    name,
    new OrtTensor("float32", data, shape),
  ]);
  return Object.fromEntries(named);
}

function fromOrt(results: InferenceSession.OnnxValueMapType, modelPath: string): Record<string, Tensor> {
  const named = Object.entries(results).map(([name, tensor]) => [
    name,
    { data: toFloats(tensor, name, modelPath), shape: tensor.dims },
  ]);
  return Object.fromEntries(named);
}

/** float32 as it is; integers, booleans and float64 as float32. */
function toFloats({ type, data }: OrtTensor, name: string, modelPath: string): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  const numbers = type !== "float16" && type !== "uint4" && type !== "int4" && ArrayBuffer.isView(data);
  if (numbers) return Float32Array.from(data);
  throw new BlemishError("MODEL_UNSUPPORTED", {
    subject: modelPath,
    expected: `numbers in the output "${name}"`,
    found: type,
  });
}
