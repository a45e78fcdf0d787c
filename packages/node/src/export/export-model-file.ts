/** A model as ONNX files for other runtimes: read, exported, and written so that nothing half-written is left. */
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
import { writeFileAtomic } from "../images/write-file-atomic.js";
import { checkOptions, oneOf } from "../model/check-options.js";
import { loadAnyModel } from "../model/load-any-model.js";

/** How a model is exported and written. */
export interface ExportFileOptions extends ExportOptions {
  /** Most bytes of weights that stand in the graph's file; more go into a second one. Default 1.9 GB. */
  readonly mostBytes?: number;
}

/** What was written. */
export interface WrittenExport {
  /** The model that was exported. */
  readonly model: ModelFile;
  readonly exported: ExportedModel;
  /** The graph's file first, then weights and metadata where they stand beside it. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

const EXPORT_RULES = {
  form: oneOf("blemish", "anomalib-0.7", "anomalib-2"),
  preprocessing: oneOf("outside", "inside"),
  batch: oneOf("static", "dynamic"),
  mostBytes: { expected: "a number of bytes", test: (value: unknown) => Number(value) >= 0 },
} as const;

/** Protobuf ends at 2 GB. */
const MOST_BYTES = 1.9e9;

/**
 * Exports a model file, an export of Anomalib that is recognised, or a checkpoint.
 * @param output the ONNX file to write; `metadata.json` and `<name>.data` are written beside it where they are needed.
 * @throws BlemishError OPTION, OPTION_VALUE, EXPORT, OUTPUT_WRITE, and those of reading a model.
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
  const { mostBytes = MOST_BYTES, ...form } = options;
  const model = await loadAnyModel(path);
  const exported = exportModel(model, form);
  const files: { path: string; bytes: number }[] = [];
  const write = async (name: string, content: Uint8Array | string) => {
    await writeFileAtomic(name, content);
    files.push({ path: name, bytes: Buffer.byteLength(content) });
  };
  if (weightBytes(exported.onnx) > mostBytes) {
    const data = `${basename(output)}.data`;
    const split = externalise(exported.onnx, data);
    // Weights first: a graph without them must not be there.
    await write(join(dirname(output), data), Buffer.concat(split.data));
    await write(output, writeOnnx(split.model));
    files.reverse();
  } else await write(output, writeOnnx(exported.onnx));
  if (exported.metadata !== null) await write(join(dirname(output), "metadata.json"), exported.metadata);
  return { model, exported, files };
}
