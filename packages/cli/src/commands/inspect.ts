/** `blemish inspect`: says what a model is, as text, as JSON, or as a page with its graph. */
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BlemishError, type ExternalFiles, externalDataFiles } from "@blemish/core";
import { type ModelReport, readModel, writeFileAtomic } from "@blemish/node";
import type { Command } from "commander";
import { inspectPage } from "../html/inspect-page.js";
import { tensorView } from "../html/tensor-view.js";
import { viewModel } from "../html/view-model.js";
import { modelAndRest, profileOf, WORDS } from "../options/predict-options.js";
import { modelReport } from "../report/model-report.js";
import { reportText } from "../report/report-text.js";
import { type Terminal, writeLine } from "../terminal.js";

/** Version of the JSON that `--json` prints. */
export const INSPECT_SCHEMA_VERSION = 1;

/** The words of the options as commander gives them. */
export interface InspectWords {
  readonly weights?: string;
  readonly metadata?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly html?: string;
}

/** Adds the command to the program. */
export function addInspect(program: Command): Command {
  return program
    .command("inspect")
    .summary("explain a model")
    .description("Explains a model: inputs, outputs, what was recognised and why, thresholds, normalisation.")
    .usage("[options] MODEL")
    .argument("[model...]", "the ONNX file, or the folder that holds it")
    .option("--weights <file>", "the model, instead of the argument")
    .option("--metadata <file>", "the model's metadata.json (default: the one beside the model)")
    .option("--profile <profile>", `conventions to follow: ${WORDS.profile.join(", ")} (default: detected)`)
    .option("--json", "print everything as one JSON object")
    .option("--html <file>", "write one self-contained page with the graph to walk through")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code: 0, or 2 when the file is no model that can judge pictures (what is known is shown).
 * @throws BlemishError for wrong usage, a file that cannot be read at all, and a page that cannot be written.
 */
export async function inspectCommand(
  positional: readonly string[],
  words: InspectWords,
  { stdout, stderr }: Terminal,
): Promise<number> {
  const { model, rest } = modelAndRest(positional, words.weights);
  if (rest.length > 0) {
    throw new BlemishError("OPTION_VALUE", {
      subject: "the model",
      expected: "one file",
      found: `also ${rest[0]}`,
    });
  }
  const profile = profileOf(words.profile);
  const report = await readModel(model, {
    ...(words.metadata !== undefined && { metadata: words.metadata }),
    ...(profile !== null && { profile }),
  });
  if (words.html !== undefined) await writeFileAtomic(words.html, await pageOf(report));
  if (words.json) await writeLine(stdout, JSON.stringify(jsonOf(report), null, 2));
  else if (words.html === undefined) stdout.write(textOf(report, stdout));
  else await writeLine(stderr, `The page is ${words.html}`);
  if (report.problem === null) return 0;
  await writeLine(stderr, `blemish: ${report.problem.message}`);
  return report.problem.exit;
}

function jsonOf({ path, metadataPath, facts, manifest, problem }: ModelReport): object {
  const schemaVersion = INSPECT_SCHEMA_VERSION;
  return { schemaVersion, path, metadataPath, ...facts, manifest, problem: problem?.toJSON() ?? null };
}

function textOf({ path, metadataPath, facts, manifest }: ModelReport, stdout: Terminal["stdout"]): string {
  const metadata = manifest === null ? (metadataPath ?? "none found") : "in the model file";
  const files = { title: path, rows: [["Metadata", metadata] as const], remarks: [] };
  return reportText([files, ...modelReport(facts, manifest)], stdout);
}

async function pageOf(report: ModelReport): Promise<string> {
  const { path, metadataPath, onnx, facts, problem } = report;
  const files = await externalFiles(report);
  const graph = viewModel(onnx.graph, (tensor) => tensorView(tensor, files));
  const told = problem === null ? [] : [problem.message];
  const about = {
    title: "Files",
    rows: [
      ["Model", basename(path)],
      ["Metadata", basename(metadataPath ?? "none found")],
    ] as const,
  };
  return inspectPage({
    title: basename(path),
    subtitle: [facts.details.kind, facts.profile ?? "no anomaly model", `${facts.nodes} nodes`].join(" · "),
    sections: [...modelReport(facts, report.manifest), { ...about, remarks: told }],
    graph,
  });
}

/** The weights outside the model that can be read; a missing file leaves its tensors without values. */
async function externalFiles({ path, onnx }: ModelReport): Promise<ExternalFiles> {
  const files = new Map<string, Uint8Array>();
  for (const { location } of externalDataFiles(onnx, path)) {
    const bytes = await readFile(join(dirname(path), location)).catch(() => null);
    if (bytes !== null) files.set(location, bytes);
  }
  return files;
}

const EXAMPLES = `
Examples:
  blemish inspect model.onnx
  blemish inspect model.onnx --html model.html`;
