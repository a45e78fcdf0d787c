/** A model as ONNX files for other runtimes: read, exported, and written so that nothing half-written is left. */
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  BlemishError,
  type ExportedModel,
  type ExportOptions,
  exportModel,
  externalise,
  type ModelFile,
  weightBytes,
  writeOnnx,
} from "@blemish/core";
import { type FileContent, writeFileAtomic } from "../images/write-file-atomic.js";
import { checkOptions, oneOf, SWITCH } from "../model/check-options.js";
import { loadAnyModel } from "../model/load-any-model.js";
import { sha256 } from "../sha256.js";
import { samplesError, samplesProblem } from "../verify/verify-samples.js";

/** How a model is exported and written. */
export interface ExportFileOptions extends ExportOptions {
  /** Most bytes of weights that stand in the graph's file; more go into a second one. Default 1.9 GB. */
  readonly mostBytes?: number;
  /** Write a model whose samples fail all the same; the file says so. Default: false. */
  readonly force?: boolean;
}

/** What was written. */
export interface WrittenExport {
  /** The model that was exported. */
  readonly model: ModelFile;
  /** What is wrong with it, a sentence each; only where `force` was given. */
  readonly warnings: readonly string[];
  readonly exported: ExportedModel;
  /** The graph's file first, then weights and metadata where they stand beside it. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

const EXPORT_RULES = {
  form: oneOf("blemish", "anomalib-0.7", "anomalib-2"),
  preprocessing: oneOf("outside", "inside"),
  batch: oneOf("static", "dynamic"),
  force: SWITCH,
  mostBytes: { expected: "a number of bytes", test: (value: unknown) => Number(value) >= 0 },
} as const;

/** Protobuf ends at 2 GB. */
const MOST_BYTES = 1.9e9;

/**
 * Exports a model file, an export of Anomalib that is recognised, or a checkpoint.
 * @param output the ONNX file to write; `metadata.json` and `<name>.data` are written beside it where they are needed.
 * @throws BlemishError MODEL_SAMPLES for a model that does not compute what its samples say, unless `force` is given; OPTION,
 *   OPTION_VALUE, EXPORT, OUTPUT_WRITE, and those of reading and running a model.
 */
export async function exportModelFile(
  path: string,
  output: string,
  options: ExportFileOptions = {},
): Promise<WrittenExport> {
  checkOptions(options, EXPORT_RULES);
  if (!output.endsWith(".onnx"))
    throw new BlemishError("OPTION_VALUE", {
      subject: "output",
      expected: "a name that ends in .onnx",
      found: output,
    });
  const { mostBytes = MOST_BYTES, force = false, ...form } = options;
  const model = await loadAnyModel(path);
  const warnings = await warningsOf(model, path, force);
  const exported = exportModel(model, form, { sha256, ...(warnings.length > 0 && { warnings }) });
  const files: { path: string; bytes: number }[] = [];
  const write = async (name: string, content: FileContent) => {
    await writeFileAtomic(name, content);
    files.push({ path: name, bytes: (await stat(name)).size });
  };
  if (weightBytes(exported.onnx) > mostBytes) {
    const data = `${basename(output)}.data`;
    const split = externalise(exported.onnx, data);
    // Weights first: a graph without them must not be there.
    await write(join(dirname(output), data), split.data);
    await write(output, writeOnnx(split.model));
    files.reverse();
  } else await write(output, writeOnnx(exported.onnx));
  if (exported.metadata !== null) await write(join(dirname(output), "metadata.json"), exported.metadata);
  return { model, warnings, exported, files };
}

/** What the model's samples say against it. @throws BlemishError MODEL_SAMPLES unless it is forced. */
async function warningsOf(model: ModelFile, path: string, force: boolean): Promise<string[]> {
  const problem = await samplesProblem(model);
  if (problem === null) return [];
  if (!force) throw samplesError(path, problem);
  return [`Exported by force: the model does not compute what its samples say (${problem}).`];
}
