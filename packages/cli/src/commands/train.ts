/** `blemish train`: learns good parts from pictures, finds a threshold, tests, reports. */
import { type ScoreChange, type TrainedModelFile, withSensitivity } from "@blemish/core";
import {
  checkMemory,
  type ForecastOptions,
  forecastTraining,
  keptSensitivity,
  type LearningCurve,
  learningCurve,
  open,
  precisionChange,
  requireSamples,
  type Sensitivity,
  saveModel,
  type TrainingForecast,
  trainModel,
  writeFileAtomic,
} from "@blemish/node";
import type { Command } from "commander";
import { reportData } from "../evaluation/report-parts.js";
import { runTest, type TestRun } from "../evaluation/run-test.js";
import { suspectPictures } from "../evaluation/suspect-pictures.js";
import { addCaptureOptions } from "../options/capture-options.js";
import { addDecisionOptions, zoneOptions } from "../options/decision-options.js";
import { FACTORS } from "../options/engine-words.js";
import { parallelism } from "../options/mode-words.js";
import { addRegionOptions, regionOptions } from "../options/region-options.js";
import { addTileOptions } from "../options/tile-options.js";
import { TRAIN_WORDS, type TrainRequest, type TrainWords, trainRequest } from "../options/train-options.js";
import { addValidityOptions } from "../options/validity-options.js";
import { collect } from "../options/values.js";
import { startTalk, type Talk } from "../output/talk.js";
import type { Section } from "../report/section.js";
import { renderReport } from "../report-page/render-report.js";
import type { ReportData } from "../report-page/report-data.js";
import { verdictOf } from "../report-page/verdict.js";
import type { Terminal } from "../terminal.js";
import { type Additions, readAdditions } from "../training/additions.js";
import { type ChosenRecipe, chooseRecipe } from "../training/choose-recipe.js";
import { forecastWords } from "../training/forecast-words.js";
import { learningCurveSection } from "../training/learning-curve-words.js";
import { libraryOptions } from "../training/library-options.js";
import { gatherMaterial, type Material } from "../training/material.js";
import { methodFacts } from "../training/method-facts.js";
import { precisionFacts, precisionWords } from "../training/precision-words.js";
import { prepareOutput } from "../training/prepare-output.js";
import { promiseFacts } from "../training/promise-facts.js";
import { onTest, sayVerdict, testGoods, withoutTest } from "../training/train-sensitivity.js";
import { namedSuspects, trainedWords } from "../training/trained-words.js";

/** Version of the JSON that `--json` prints. */
export const TRAIN_SCHEMA_VERSION = 1;

/** Adds the command to the program. */
export function addTrain(program: Command): Command {
  const command = program
    .command("train")
    .summary("learn good parts")
    .description(
      "Learns what good parts look like from pictures of them, finds a threshold, and says what it promises.",
    )
    .usage("[options] GOOD... --output part.blemish\n       blemish train --add MORE part.blemish")
    .argument(
      "[good...]",
      "pictures of good parts: folders, files, quoted globs, or a data set in a known layout",
    )
    .option("-o, --output <file>", "the model file to write (with --add: default the model itself)")
    .option(
      "--add <path>",
      "pictures, or a model whose pictures, to add to the model that is named; can be repeated",
      collect,
    )
    .option("--test <dataset>", "labelled pictures to test on (default: what the input holds)")
    .option("--no-test", "do not test, and learn from all good pictures")
    .option("--report <file>", "where the report goes (default: beside the model, part.report.html)")
    .option("--no-report", "write no report")
    .option("--backbone <dir>", "folder of another backbone (default: the one that comes with Blemish)")
    .option(
      "--precision <type>",
      `numbers the backbone computes with: ${TRAIN_WORDS.precision.join(", ")} (default: float32)`,
    );
  return addRunOptions(
    addValidityOptions(
      addDecisionOptions(addCaptureOptions(addRegionOptions(addTileOptions(addMethodOptions(command))))),
    ),
  ).addHelpText("after", EXAMPLES);
}

/** Options that shape the model. */
function addMethodOptions(command: Command): Command {
  return command
    .option(
      "--quality <level>",
      `how much time a picture may take: ${TRAIN_WORDS.quality.join(", ")}, or auto (default: balanced)`,
    )
    .option("--head <head>", `what judges patches: ${TRAIN_WORDS.head.join(", ")} (default: fusion)`)
    .option("--bank <patches>", "patches that the memory bank holds at most (default: 2048)")
    .option(
      "--coreset <share>",
      "anomalib-0.7 with patchcore: share of all patches in the bank (default: 0.1)",
    )
    .option(
      "--bank-precision <type>",
      `how the bank is stored: ${TRAIN_WORDS.bankPrecision.join(", ")} (default: int8)`,
    )
    .option(
      "--fusion <weight>",
      "weight of PaDiM beside PatchCore's 1, or auto: by defects pasted into good pictures (default: 0.5)",
    )
    .option("--max-ms <ms>", "with --quality auto: what a picture may take on this machine")
    .option("--bad <path>", "with --quality auto: pictures of real defects to choose by", collect)
    .option(
      "--threshold <rule>",
      `scores the threshold rests on: ${TRAIN_WORDS.threshold.join(", ")} (default: leave-one-out)`,
    )
    .option("--turned", "add mirrored and rotated pictures to the bank (default: below 50 pictures)")
    .option("--no-turned", "never add them: a mirrored part can be a defect")
    .option("--profile <profile>", `conventions: ${TRAIN_WORDS.profile.join(", ")} (default: blemish)`)
    .option("--channels <n>", "channels of the embedding (default: by profile and backbone)")
    .option("--score <rule>", `image score: ${TRAIN_WORDS.score.join(", ")} of the map (default: by profile)`)
    .option("--false-alarm-rate <rate>", "share of good parts that may be called anomalous (default: 5%)")
    .option("--seed <n>", "seed of what is drawn at random (default: by profile)")
    .option("--ignore-border <pixels>", "border of the map that takes no part (default: 0)")
    .option(
      "--statistics <rule>",
      "PaDiM's Gaussians: per-position, or shared by all places, for textures (default: per-position)",
    )
    .option("--factors <type>", `how the model stores its factors: ${FACTORS.join(", ")} (default: int16)`);
}

/** Options that say how the training runs and what it prints. */
function addRunOptions(command: Command): Command {
  return command
    .option(
      "--learning-curve",
      "measure what more pictures would bring: trains three times more with some of them",
    )
    .option("--sensitivity", "measure which sizes of drawn defects the model will see (blemish sensitivity)")
    .option("--keep-statistics", "keep what makes --add quicker in the model, which makes it larger")
    .option(
      "--thumbnails <mb>",
      "megabytes of small good pictures that the model keeps to explain with (default: 0.2)",
    )
    .option("--no-thumbnails", "keep none: the model then shows no parts")
    .option("--workers <n>", "pictures looked at side by side, or auto (default: auto, one per core)")
    .option("--max-memory <mb>", "refuse to start when more is needed (default: what is free)")
    .option("--strict", "refuse to start when the health check finds an error")
    .option("--json", "print the outcome as one JSON object on standard output")
    .option("--quiet", "no progress and no words, only warnings");
}

/**
 * Runs the command.
 * @returns The exit code 0. Until the model is written nothing has changed on the disk.
 * @throws BlemishError for wrong usage, pictures, memory, files that cannot be written, CANCELLED.
 */
export async function trainCommand(
  positional: readonly string[],
  words: TrainWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const asked = trainRequest(positional, words);
  const request = {
    ...asked,
    recipe: { ...asked.recipe, ...(await zoneOptions(words)), ...(await regionOptions(words)) },
  };
  const talk = startTalk(request, terminal);
  try {
    await prepareOutput("--output", request.output);
    if (request.report !== null) await prepareOutput("--report", request.report);
    const added = await readAdditions(request);
    const { addTo, inputs } = added;
    if (added.words !== "") await talk.say(added.words);
    const material = await gatherMaterial({ ...request, inputs }, added, talk, terminal.stderr, signal);
    const learnt = await learn(request, material, added, talk, signal);
    await talk.say(`\n${trainedWords(learnt.model)}`);
    const trained = await measured(request, material, learnt, talk, signal);
    if ((addTo?.manifest.calibration.changes.length ?? 0) > 0)
      await talk.warn("The threshold that was set by hand is replaced by a new one.");
    if (trained.change !== null) await talk.say(precisionWords(trained.change, material.goods));
    const data = await report(request, material, trained, talk, signal);
    await talk.say(lastWords(request, trained, data));
    await talk.data(jsonOf(request, material, added, trained, data));
    return 0;
  } finally {
    talk.stages.clear();
  }
}

/** A written model and how long it took. */
interface Learnt {
  readonly model: TrainedModelFile;
  readonly bytes: number;
  readonly forecast: TrainingForecast;
  readonly seconds: number;
  /** What was chosen by what was measured. */
  readonly chosen: ChosenRecipe;
  /** Null unless it was asked for. */
  readonly curve: LearningCurve | null;
  /** What the report shows of both. */
  readonly evidence: readonly Section[];
  /** What int8 changes; null for float32. */
  readonly change: ScoreChange | null;
  /** Measured by a part of the pictures; null with a test, and where nobody asked. */
  readonly sensitivity: Sensitivity | null;
}

async function learn(
  request: TrainRequest,
  { goods, tested }: Material,
  added: Additions,
  talk: Talk,
  signal: AbortSignal,
): Promise<Learnt> {
  const given = libraryOptions(request, added, goods.length, talk, signal);
  const chosen = await chooseRecipe(request, goods, given, talk);
  const options = { ...given, ...chosen.options };
  const curve = await curveOf(request, goods, options, talk);
  const evidence = [chosen.section, curve && learningCurveSection(curve)].filter((part) => part !== null);
  await talk.sections(evidence);
  const kept = request.thumbnails === null ? {} : { thumbnails: request.thumbnails };
  const forecast = await forecastTraining(goods, { ...options, ...kept });
  await talk.say(forecastWords(forecast));
  checkMemory(forecast);
  const started = performance.now();
  const { maxMemory: _, ...training } = options;
  const trained = await trainModel(goods, { ...training, ...kept });
  const { model } = trained;
  await requireSamples(model, "The trained model");
  const bytes = await saveModel(request.output, model);
  const seconds = (performance.now() - started) / 1000;
  const comparing = (_: unknown, done: number, total: number) => talk.stages.at("Comparing", done, total);
  const change =
    request.precision === "int8"
      ? await precisionChange(trained, goods, { ...training, onProgress: comparing })
      : null;
  const unseen = request.sensitivity && testGoods(tested).length === 0;
  const sensitivity = unseen ? await withoutTest(goods, options, talk) : null;
  return { model, bytes, forecast, seconds, change, chosen, curve, evidence, sensitivity };
}

/** With what the model sees of drawn defects, where that was asked for; it is kept in the model. */
async function measured(
  { output, workers, sensitivity: wanted }: TrainRequest,
  { tested }: Material,
  learnt: Learnt,
  talk: Talk,
  signal: AbortSignal,
): Promise<Learnt> {
  if (!wanted) return learnt;
  const opening = { ...parallelism({ workers, threads: null }, tested.length), signal };
  const sensitivity =
    learnt.sensitivity ?? (await onTest(output, testGoods(tested), learnt.model, talk, opening));
  await sayVerdict(sensitivity, talk);
  const measuredOn = learnt.sensitivity === null ? "other-pictures" : "held-out";
  const manifest = withSensitivity(learnt.model.manifest, keptSensitivity(sensitivity, measuredOn));
  const model = { ...learnt.model, manifest };
  return { ...learnt, model, bytes: await saveModel(output, model), sensitivity };
}

/** What more pictures would bring; null unless it was asked for. */
async function curveOf(
  request: TrainRequest,
  goods: readonly string[],
  { onProgress: _onProgress, addTo: _addTo, maxMemory: _maxMemory, ...options }: ForecastOptions,
  talk: Talk,
): Promise<LearningCurve | null> {
  if (!request.learningCurve) return null;
  const onProgress = (done: number, total: number) => talk.stages.at("Comparing", done, total);
  return learningCurve(goods, { ...options, onProgress });
}

/** Tests the model that was written, and writes the report. */
async function report(
  { output, report: file, workers }: TrainRequest,
  { tested, testName, health, warnings, seconds }: Material,
  trained: Learnt,
  talk: Talk,
  signal: AbortSignal,
): Promise<ReportData | null> {
  if (file === null && tested.length === 0) return null;
  const sides = parallelism({ workers, threads: null }, tested.length);
  const model = await open(output, { ...sides, signal });
  try {
    const plan = { name: testName, items: tested, pictures: file !== null };
    const test: TestRun | null = tested.length === 0 ? null : await runTest(model, plan, talk, signal);
    for (const warning of test?.figures.warnings ?? []) await talk.warn(warning);
    const suspects = file === null ? [] : await suspectPictures(model, trained.model);
    const durations = [
      { stage: "Health check", seconds },
      { stage: "Training", seconds: trained.seconds },
      ...(test === null ? [] : [{ stage: "Test", seconds: test.seconds }]),
    ];
    const { description } = model;
    const parts = { path: output, trained: trained.model, description, test, suspects, health };
    const { evidence, sensitivity } = trained;
    const data = await reportData({ ...parts, warnings, durations, evidence, sensitivity });
    if (file !== null) await writeFileAtomic(file, renderReport(data));
    return data;
  } finally {
    await model.close();
  }
}

function lastWords({ output, report }: TrainRequest, { bytes }: Learnt, data: ReportData | null): string {
  const tested = data?.test == null ? [] : [verdictOf(data).headline];
  return [
    ...tested,
    "",
    `Model   ${output} (${(bytes / 1e6).toFixed(1)} MB)`,
    ...(report === null ? [] : [`Report  ${report}`]),
    `Next    blemish predict ${output} PICTURES`,
  ].join("\n");
}

function jsonOf(
  { output, report }: TrainRequest,
  { goods, leftOut, health }: Material,
  { merged }: Additions,
  { model, bytes, forecast, seconds, change, chosen, curve, sensitivity }: Learnt,
  data: ReportData | null,
): object {
  const { imageThreshold, pixelThreshold, askedRate, expectedRate, guaranteedRate, reached, uncertain } =
    model.manifest.calibration;
  return {
    schemaVersion: TRAIN_SCHEMA_VERSION,
    model: output,
    report,
    bytes,
    added: goods.length + merged.length,
    pictures: model.manifest.training.count,
    leftOut,
    findings: health.findings.map(({ kind, severity, message, paths }) => ({
      kind,
      severity,
      message,
      paths,
    })),
    calibration: {
      imageThreshold,
      pixelThreshold,
      askedRate,
      expectedRate,
      guaranteedRate,
      reached,
      ...(uncertain !== undefined && { uncertain }),
      rank: promiseFacts(model).rank,
    },
    method: methodFacts(model.manifest),
    quality: chosen.quality,
    fusion: chosen.fusion,
    learningCurve: curve,
    sensitivity,
    precision: model.manifest.backbone.precision ?? "float32",
    precisionChange: change && precisionFacts(change, goods),
    suspects: namedSuspects(model).map(({ path, score }) => ({ path, score })),
    evaluation: data?.test?.figures ?? null,
    forecast: { memory: forecast.memory, seconds: forecast.time?.expected ?? null },
    seconds,
  };
}

const EXAMPLES = `
Examples:
  blemish train good/ --output part.blemish
  blemish train good/ --test test/ --false-alarm-rate 1% -o part.blemish
  blemish train mvtec/bottle --output bottle.blemish --keep-statistics
  blemish train --add more-good/ bottle.blemish
  blemish train --add line-2.blemish line-1.blemish -o both.blemish

Exit codes: 0 trained, 2 it could not be done, 64 wrong usage, 130 cancelled: nothing is written then.`;
