/** ONNX Runtime's WebAssembly build behind core's Session, where it is installed: what a browser would compute. */
import type { Session, Tensor } from "@blemish/core";
import { loadError, runError } from "./ort-error.js";
import type { ModelBytes } from "./ort-session.js";

/** A model in memory, and files of weights that it names, by location. */
export interface WebModel extends Pick<ModelBytes, "bytes" | "name"> {
  readonly external?: ReadonlyMap<string, Uint8Array>;
}

/** Of the runtime only what is used here; the package is not needed to compile or to install. */
interface WebRuntime {
  readonly env: { readonly wasm: { numThreads: number }; logLevel: string };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => unknown;
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: object): Promise<WebInference>;
  };
}

interface WebInference {
  run(
    feeds: Record<string, unknown>,
  ): Promise<Record<string, { readonly data: ArrayLike<number>; readonly dims: readonly number[] }>>;
  release(): Promise<void>;
}

/** Not written out in the import, so that compilers and bundlers leave it alone. */
const PACKAGE = "onnxruntime-web";

/**
 * Opens a model on one thread; null where `onnxruntime-web` is not installed.
 * @throws BlemishError MODEL_BROKEN, MODEL_UNSUPPORTED.
 */
export async function webSession({ bytes, name, external = new Map() }: WebModel): Promise<Session | null> {
  const runtime = await (import(PACKAGE) as Promise<WebRuntime>).catch(() => null);
  if (runtime === null) return null;
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = "fatal";
  const externalData = Array.from(external, ([path, data]) => ({ path, data }));
  const options = { executionProviders: ["wasm"], externalData };
  const session = await runtime.InferenceSession.create(bytes, options).catch((thrown: unknown) => {
    throw loadError(thrown, name);
  });
  return {
    async run(feeds) {
      const given = Object.entries(feeds).map(([input, { data, shape }]) => [
        input,
        new runtime.Tensor("float32", data, shape),
      ]);
      const results = await session.run(Object.fromEntries(given)).catch((thrown: unknown) => {
        throw runError(thrown, name);
      });
      const named = Object.entries(results).map(([output, { data, dims }]): [string, Tensor] => [
        output,
        { data: data instanceof Float32Array ? data : Float32Array.from(data, Number), shape: dims },
      ]);
      return Object.fromEntries(named);
    },
    close: () => session.release(),
  };
}
