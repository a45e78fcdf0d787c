/** `blemish import`: turns a model that Anomalib exported into a `.blemish` file for the fast engine. */
import { basename } from "node:path";
import { BlemishError, type ImportedManifest, type ScoreChange } from "@blemish/core";
import {
  type ImportedExport,
  type ImportModelOptions,
  importModelFile,
  importProblem,
  quantiseModelBackbone,
  samplesError,
  saveModel,
} from "@blemish/node";
import type { Command } from "commander";
import { calibrationPictures } from "../options/calibration-pictures.js";
import { BANK_PRECISIONS, engineOptions, FACTORS } from "../options/engine-words.js";
import { onlyModel } from "../options/model-word.js";
import { WORDS } from "../options/predict-options.js";
import { TRAIN_WORDS } from "../options/train-options.js";
import { choice, collect } from "../options/values.js";
import { startTalk, type Talk } from "../output/talk.js";
import { detectorRows, SCORE_WORDS, scoreWords } from "../report/detector-words.js";
import { reportText } from "../report/report-text.js";
import type { Section } from "../report/section.js";
import type { Terminal } from "../terminal.js";
import { precisionFacts, precisionWords } from "../training/precision-words.js";
import { prepareOutput } from "../training/prepare-output.js";

/** Version of the JSON that `--json` prints. */
export const IMPORT_SCHEMA_VERSION = 1;

/** The words of the options as commander gives them. */
export interface ImportWords {
  readonly output: string;
  readonly metadata?: string;
  readonly factors?: string;
  readonly bankPrecision?: string;
  readonly score?: string;
  readonly precision?: string;
  readonly pictures?: readonly string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addImport(program: Command): Command {
  return program
    .command("import")
    .summary("turn an Anomalib export into a model file")
    .description(
      "Turns a PaDiM or PatchCore model that Anomalib exported into one file that opens at once and runs on the fast engine.",
    )
    .usage("[options] MODEL --output part.blemish")
    .argument("[model...]", "the ONNX file, or the folder that holds it")
    .requiredOption("-o, --output <file>", "the model file to write")
    .option("--metadata <file>", "the model's metadata.json (default: the one beside the model)")
    .option("--score <source>", `image score: ${WORDS.score.join(", ")} (default: output where there is one)`)
    .option("--factors <type>", `how PaDiM's Gaussians are stored: ${FACTORS.join(", ")} (default: int16)`)
    .option(
      "--bank-precision <type>",
      `how PatchCore's memory bank is stored: ${BANK_PRECISIONS.join(", ")} (default: float32)`,
    )
    .option(
      "--precision <type>",
      `numbers the network computes with: ${TRAIN_WORDS.precision.join(", ")} (default: float32)`,
    )
    .option("--pictures <path>", "pictures such as it will see, for int8; can be repeated", collect)
    .option("--force", "write a model that does not compute what the export computes, too; the file says so")
    .option("--json", "print what was recognised as one JSON object on standard output")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code 0. Nothing is written unless the whole model was recognised and its network runs.
 * @throws BlemishError for wrong usage; MODEL_SAMPLES for one that does not compute what the export computes, unless it is forced; MODEL_ENGINE with the reason for a model that the fast engine does not know;
 *   MODEL_STATISTICS; those of `open`; OUTPUT_WRITE.
 */
export async function importCommand(
  positional: readonly string[],
  words: ImportWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const path = onlyModel(positional);
  const { output } = words;
  const options = importOptions(words);
  const pictures = await picturesOf(words);
  await prepareOutput("--output", output);
  const talk = startTalk({ json: words.json ?? false, quiet: false }, terminal);
  const exact = await checked(await importModelFile(path, options), words.force ?? false, talk);
  const { imported, change } = await inPrecision(exact, pictures, talk, signal).finally(talk.stages.clear);
  const bytes = await saveModel(output, imported.model);
  if (!words.json) terminal.stdout.write(reportText([sectionOf(imported, output, bytes)], terminal.stdout));
  if (change !== null) await talk.say(precisionWords(change, pictures ?? []));
  const facts = change && precisionFacts(change, pictures ?? []);
  await talk.data({ ...jsonOf(imported, output, bytes), precisionChange: facts });
  return 0;
}

/** The model, when it computes what its graph computes, or by force; a checkpoint has no graph to compare it with. */
async function checked(imported: ImportedExport, force: boolean, talk: Talk): Promise<ImportedExport> {
  const { path, model } = imported;
  const problem = path.endsWith(".onnx") ? await importProblem(path, model) : null;
  if (problem === null) return imported;
  if (!force) throw samplesError(path, problem);
  const warning = `Imported by force: the model does not compute what ${basename(path)} computes (${problem}).`;
  await talk.warn(warning);
  const { imported: facts } = model.manifest;
  const description = { ...facts.description, notes: [...facts.description.notes, warning] };
  const manifest = { ...model.manifest, imported: { ...facts, description } };
  return { ...imported, model: { ...model, manifest } };
}

function importOptions({ metadata, score, factors, bankPrecision }: ImportWords): ImportModelOptions {
  const { engine: _none, ...precision } = engineOptions({
    ...(factors !== undefined && { factors }),
    ...(bankPrecision !== undefined && { bankPrecision }),
  });
  return {
    ...precision,
    ...(metadata !== undefined && { metadata }),
    ...(score !== undefined && { score: choice("--score", score, WORDS.score) }),
  };
}

/** Pictures to measure int8 on; null for float32. */
async function picturesOf({ precision, pictures }: ImportWords): Promise<string[] | null> {
  const int8 = choice("--precision", precision ?? "float32", TRAIN_WORDS.precision) === "int8";
  if (int8 && pictures !== undefined) return calibrationPictures(pictures);
  if (!int8 && pictures === undefined) return null;
  throw new BlemishError("OPTION_VALUE", {
    subject: int8 ? "--precision int8" : "--pictures",
    expected: int8 ? "--pictures beside it, such as the model will see" : "--precision int8 beside it",
    found: "none",
  });
}

async function inPrecision(
  imported: ImportedExport,
  pictures: readonly string[] | null,
  { stages }: Talk,
  signal: AbortSignal,
): Promise<{ imported: ImportedExport; change: ScoreChange | null }> {
  if (pictures === null) return { imported, change: null };
  const { model, change } = await quantiseModelBackbone(imported.model, pictures, {
    signal,
    onProgress: (stage, done, total) => stages.at(STAGES[stage], done, total),
  });
  return { imported: { ...imported, model }, change };
}

/** What the bar calls the stages of the library. */
const STAGES = { measure: "Measuring", compare: "Comparing" } as const;

function sectionOf(
  { model, path, metadataPath, bytes: before }: ImportedExport,
  output: string,
  bytes: number,
): Section {
  const { profile, size, map, backbone, imported } = model.manifest;
  const layers = backbone.taps.map(({ channels, stride }) => `${channels} at stride ${stride}`);
  const resized = backbone.input.resizesTo === undefined ? "" : ", resized in the network";
  const rows: (readonly [string, string])[] = [
    ["Export", path],
    ["Metadata", metadataPath ?? "none; the graph holds its own thresholds"],
    ["Profile", profile],
    ...detectorRows(model.manifest),
    ["Layers", `${layers.join(", ")} (channels kept)`],
    ["Network", backbone.precision ?? "float32"],
    ["Map", `${size.width} × ${size.height} pixels${resized}, blur ${map.sigma}`],
    ["Image score", importedScoreWords(model.manifest)],
  ];
  if (imported.normaliser !== null) {
    const { image, pixel } = imported.normaliser;
    rows.push(["In the graph", `thresholds ${image.threshold} (image) and ${pixel.threshold} (pixel), kept`]);
  }
  rows.push(["Size", `${megabytes(before)} before, ${megabytes(bytes)} now (${sizeWords(before, bytes)})`]);
  rows.push(["Written", output]);
  return { title: "Imported for the fast engine", rows, remarks: [] };
}

/** Where the score of a picture comes from: of the exports that are taken only a bank has one that is not of the map. */
function importedScoreWords(manifest: ImportedManifest): string {
  return manifest.imported.description.scoreSource === "map-max" ? SCORE_WORDS.max : scoreWords(manifest);
}

function jsonOf(
  { model, path, metadataPath, bytes: before }: ImportedExport,
  output: string,
  bytes: number,
): object {
  const { profile, passes, size, map, backbone, imported } = model.manifest;
  return {
    schemaVersion: IMPORT_SCHEMA_VERSION,
    export: path,
    metadata: metadataPath,
    model: output,
    profile,
    detectors: passes.flatMap(({ detectors }) => detectors),
    size,
    sigma: map.sigma,
    upsampling: map.upsampling ?? "bilinear",
    scoreSource: imported.description.scoreSource,
    taps: backbone.taps,
    precision: backbone.precision ?? "float32",
    normaliser: imported.normaliser,
    bytes: { export: before, model: bytes, ratio: before / bytes },
  };
}

function sizeWords(before: number, bytes: number): string {
  const [ratio, word] = before >= bytes ? [before / bytes, "smaller"] : [bytes / before, "larger"];
  return `${ratio.toFixed(1)} times ${word}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

const EXAMPLES = `
Examples:
  blemish import model.onnx --output part.blemish
  blemish import model.onnx --metadata metadata.json --factors int8 --output part.blemish
  blemish import patchcore.onnx --bank-precision int8 --output part.blemish
  blemish import model.onnx --precision int8 --pictures pictures/ --output part.blemish
  blemish predict part.blemish pictures/`;
