/** `blemish evaluate`: tests a model on labelled pictures and says what it finds, what it misses, and how sure that is. */
import { type Dataset, describeDataset, isTrained } from "@blemish/core";
import {
  isModelFile,
  loadModelFile,
  type Model,
  type ModelEvaluation,
  open,
  recognizeDataset,
  writeFileAtomic,
} from "@blemish/node";
import type { Command } from "commander";
import { figuresText } from "../evaluation/figures-text.js";
import { leakedPictures, leakWarning } from "../evaluation/leaked-pictures.js";
import { picturesCsv } from "../evaluation/pictures-csv.js";
import { reportData } from "../evaluation/report-parts.js";
import { runTest, type TestRun } from "../evaluation/run-test.js";
import { suspectPictures } from "../evaluation/suspect-pictures.js";
import { testItems } from "../evaluation/test-items.js";
import { unjudgedText } from "../evaluation/unjudged-text.js";
import {
  BANK_PRECISION_OPTION,
  ENGINE_OPTION,
  type EngineWords,
  engineOptions,
  FACTORS_OPTION,
} from "../options/engine-words.js";
import { MODE_OPTION, modeOf, parallelism } from "../options/mode-words.js";
import { modelAndDatasets } from "../options/model-word.js";
import { workersOf } from "../options/predict-options.js";
import { badValue } from "../options/values.js";
import { startTalk, type Talk } from "../output/talk.js";
import { prepareTarget } from "../output/write-result.js";
import { renderReport } from "../report-page/render-report.js";
import { verdictOf } from "../report-page/verdict.js";
import type { Terminal } from "../terminal.js";

/** Version of the JSON that `--json` prints. */
export const EVALUATE_SCHEMA_VERSION = 1;

/** The words of the options as commander gives them. */
export interface EvaluateWords extends EngineWords {
  readonly metadata?: string;
  readonly json?: boolean;
  readonly csv?: string;
  readonly report?: string;
  readonly mode?: string;
  readonly workers?: string;
  readonly quiet?: boolean;
}

/** Adds the command to the program. */
export function addEvaluate(program: Command): Command {
  return program
    .command("evaluate")
    .summary("test a model on labelled pictures")
    .description(
      "Tests a model on good and anomalous pictures: what it finds and misses, AUROC, F1, AUPRO, each with its uncertainty.",
    )
    .usage("[options] MODEL DATASET...")
    .argument(
      "[model-and-datasets...]",
      "the model, then the data set: folders in a known layout, or a table",
    )
    .option(
      "--metadata <file>",
      "metadata.json of a model that Anomalib exported (default: beside the model)",
    )
    .option("--json", "print all figures as one JSON object on standard output")
    .option("--csv <file>", "write a CSV table with the score of each picture; - for standard output")
    .option("--report <file>", "write a report: one self-contained page with plots and pictures")
    .option(...ENGINE_OPTION)
    .option(...FACTORS_OPTION)
    .option(...BANK_PRECISION_OPTION)
    .option(...MODE_OPTION)
    .option("--workers <n>", "networks that run at once, or auto (default: auto, one per core)")
    .option("--quiet", "no progress and no words, only warnings and what was asked for")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code: 0, or 2 when a picture could not be judged.
 * @throws BlemishError for wrong usage, the model, the data set, files that cannot be written, CANCELLED.
 */
export async function evaluateCommand(
  positional: readonly string[],
  words: EvaluateWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { model: path, datasets } = modelAndDatasets(positional);
  const { json = false, quiet = false, csv, report } = words;
  if (json && csv === "-")
    throw badValue("--csv", "a file, because --json already writes to standard output", "-");
  const toStdout = csv === "-";
  const talk = startTalk({ json: json || toStdout, quiet }, terminal);
  for (const file of [toStdout ? undefined : csv, report])
    if (file !== undefined) await prepareTarget({ kind: "file", path: file });
  const dataset = await recognizeDataset(datasets, { needGoods: false });
  await talk.say(describeDataset(dataset));
  const model = await openModel(path, words, dataset.items.length, signal);
  try {
    const test = await testOn(model, dataset, report !== undefined, talk, signal);
    const warnings = await warningsOf(path, dataset);
    if (!json) await talk.say(`\n${figuresText(test.figures, terminal.stdout)}`);
    if (!json && test.failed.length > 0) await talk.say(`\n${unjudgedText(test.failed)}`);
    for (const warning of [...test.figures.warnings, ...warnings]) await talk.warn(warning);
    if (json) await talk.data(jsonOf(path, dataset.root, test, warnings));
    if (csv !== undefined) await writeCsv(csv, test, terminal);
    if (report !== undefined) await writeReport(report, path, model, test, warnings, talk);
    return test.failed.length > 0 ? 2 : 0;
  } finally {
    talk.stages.clear();
    await model.close();
  }
}

function openModel(
  path: string,
  words: EvaluateWords,
  pictures: number,
  signal: AbortSignal,
): Promise<Model> {
  const { metadata } = words;
  return open(path, {
    ...parallelism({ mode: modeOf(words.mode), workers: workersOf(words.workers), threads: null }, pictures),
    ...engineOptions(words),
    signal,
    ...(metadata !== undefined && { metadata }),
  });
}

function testOn(
  model: Model,
  dataset: Dataset,
  pictures: boolean,
  talk: Talk,
  signal: AbortSignal,
): Promise<TestRun> {
  return runTest(model, { name: dataset.root, items: testItems(dataset), pictures }, talk, signal);
}

async function warningsOf(path: string, dataset: Dataset): Promise<string[]> {
  if (!(await isModelFile(path))) return [];
  const model = await loadModelFile(path);
  if (!isTrained(model)) return [];
  const { manifest } = model;
  const items = testItems(dataset);
  const warning = leakWarning(await leakedPictures(manifest, items), items.length);
  const tuned =
    manifest.calibration.method === "adaptive-f1"
      ? "The threshold was tuned on labelled pictures. If these are the same, the figures at the threshold are too good."
      : "";
  return [warning, tuned].filter((text) => text !== "");
}

function jsonOf(
  model: string,
  dataset: string,
  { figures, failed }: ModelEvaluation,
  warnings: readonly string[],
): object {
  return {
    schemaVersion: EVALUATE_SCHEMA_VERSION,
    model,
    dataset,
    ...figures,
    warnings: [...figures.warnings, ...warnings],
    failed: failed.map(({ item, error }) => ({ path: item.path, error: error.toJSON() })),
  };
}

async function writeCsv(path: string, { pictures, failed }: TestRun, { stdout }: Terminal): Promise<void> {
  const text = picturesCsv(pictures, failed);
  if (path === "-") stdout.write(text);
  else await writeFileAtomic(path, text);
}

async function writeReport(
  file: string,
  path: string,
  model: Model,
  test: TestRun,
  warnings: readonly string[],
  talk: Talk,
): Promise<void> {
  const stored = (await isModelFile(path)) ? await loadModelFile(path) : null;
  const trained = stored !== null && isTrained(stored) ? stored : null;
  const data = await reportData({
    path,
    trained,
    description: model.description,
    test,
    suspects: trained === null ? [] : await suspectPictures(model, trained),
    health: null,
    warnings,
    durations: [{ stage: "Test", seconds: test.seconds }],
  });
  await writeFileAtomic(file, renderReport(data));
  await talk.say(`\n${verdictOf(data).headline}\nReport  ${file}`);
}

const EXAMPLES = `
Examples:
  blemish evaluate part.blemish mvtec/bottle
  blemish evaluate part.blemish test/ --report part.html --csv scores.csv
  blemish evaluate model.onnx mvtec/bottle --json

Exit codes: 0 done, 2 a picture could not be judged (the figures leave it out), 64 wrong usage, 130 cancelled.`;
