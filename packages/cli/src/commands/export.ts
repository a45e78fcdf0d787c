/** `blemish export`: writes a model as ONNX for other runtimes, and says what stays behind. */
import { type ExportFileOptions, exportModelFile, type WrittenExport } from "@blemish/node";
import type { Command } from "commander";
import { onlyModel } from "../options/model-word.js";
import { choice } from "../options/values.js";
import { startTalk } from "../output/talk.js";
import { reportText } from "../report/report-text.js";
import type { Section } from "../report/section.js";
import type { Terminal } from "../terminal.js";
import { prepareOutput } from "../training/prepare-output.js";

/** Version of the JSON that `--json` prints. */
export const EXPORT_SCHEMA_VERSION = 1;

/** The words of the options as commander gives them. */
export interface ExportWords {
  readonly output: string;
  readonly form?: string;
  readonly preprocessing?: string;
  readonly batch?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const FORMS = ["blemish", "anomalib-0.7", "anomalib-2"] as const;
const PLACES = ["outside", "inside"] as const;
const BATCHES = ["static", "dynamic"] as const;

/** Adds the command to the program. */
export function addExport(program: Command): Command {
  return program
    .command("export")
    .summary("write a model as ONNX for other runtimes")
    .description(
      "Writes a model as ONNX: for any runtime, or in the forms that Anomalib 0.7 and 2.x load. The scores are the model's own.",
    )
    .usage("[options] MODEL --output part.onnx")
    .argument("[model...]", "a .blemish model, an Anomalib export, or a checkpoint")
    .requiredOption("-o, --output <file>", "the ONNX file to write")
    .option("--form <form>", `what the file is for: ${FORMS.join(", ")} (default: blemish)`)
    .option(
      "--preprocessing <place>",
      `resize and normalise ${PLACES.join(" or ")} the graph (default: outside; anomalib-2: inside)`,
    )
    .option("--batch <batch>", `pictures of a run: ${BATCHES.join(" = one, ")} = any (default: static)`)
    .option("--force", "write a model that does not compute what its samples say, too; the file says so")
    .option("--json", "print what was written as one JSON object on standard output")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code 0.
 * @throws BlemishError for wrong usage; EXPORT for what a form cannot carry; those of reading a model; OUTPUT_WRITE.
 */
export async function exportCommand(
  positional: readonly string[],
  words: ExportWords,
  terminal: Terminal,
): Promise<number> {
  const path = onlyModel(positional);
  const options = exportOptions(words);
  await prepareOutput("--output", words.output);
  const written = await exportModelFile(path, words.output, options);
  if (!words.json) terminal.stdout.write(reportText([sectionOf(path, written)], terminal.stdout));
  const talk = startTalk({ json: words.json ?? false, quiet: false }, terminal);
  for (const text of written.warnings) await talk.warn(`WARNING: ${text}`);
  await talk.data(jsonOf(path, written));
  return 0;
}

function exportOptions({ form, preprocessing, batch, force }: ExportWords): ExportFileOptions {
  return {
    ...(force !== undefined && { force }),
    ...(form !== undefined && { form: choice("--form", form, FORMS) }),
    ...(preprocessing !== undefined && {
      preprocessing: choice("--preprocessing", preprocessing, PLACES),
    }),
    ...(batch !== undefined && { batch: choice("--batch", batch, BATCHES) }),
  };
}

function sectionOf(path: string, { warnings, exported, files }: WrittenExport): Section {
  const { opsets, graph } = exported.onnx;
  const ports = (values: typeof graph.inputs) =>
    values.map(({ name, dims }) => `${name} [${dims?.join(", ") ?? "?"}]`).join(", ");
  return {
    title: "Exported",
    rows: [
      ["Model", path],
      ["Operators", `ONNX opset ${opsets[0]?.version}`],
      ["Inputs", ports(graph.inputs)],
      ["Outputs", ports(graph.outputs)],
      ...files.map(({ path: file, bytes }): [string, string] => [
        "Written",
        `${file} (${(bytes / 1e6).toFixed(1)} MB)`,
      ]),
    ],
    remarks: [
      ...warnings.map((text) => `WARNING: ${text}`),
      ...exported.leftBehind.map((text) => `Stays behind: ${text}`),
    ],
  };
}

function jsonOf(path: string, { warnings, exported, files }: WrittenExport): object {
  const { opsets, graph } = exported.onnx;
  return {
    schemaVersion: EXPORT_SCHEMA_VERSION,
    model: path,
    files,
    opset: opsets[0]?.version,
    inputs: graph.inputs.map(({ name, dims }) => ({ name, dims })),
    outputs: graph.outputs.map(({ name, dims }) => ({ name, dims })),
    leftBehind: exported.leftBehind,
    warnings,
  };
}

const EXAMPLES = `
Examples:
  blemish export part.blemish --output part.onnx
  blemish export part.blemish --preprocessing inside --batch dynamic --output part.onnx
  blemish export part.blemish --form anomalib-0.7 --output export/model.onnx
  blemish export model.ckpt --form anomalib-2 --output export/model.onnx

Exit codes: 0 written, 2 it could not be done, 64 wrong usage.`;
