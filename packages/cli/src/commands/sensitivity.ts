/** `blemish sensitivity`: what a model will see and what it will not, by defects drawn into good pictures. */
import { BlemishError, isTrained, type TrainedModelFile, withSensitivity } from "@blemish/core";
import {
  isModelFile,
  keptSensitivity,
  loadModelFile,
  type Model,
  measureSensitivity,
  open,
  type Sensitivity,
  saveModel,
  writeFileAtomic,
} from "@blemish/node";
import type { Command } from "commander";
import { reportData } from "../evaluation/report-parts.js";
import { sensitivityText } from "../evaluation/sensitivity-words.js";
import { findPictures } from "../options/find-pictures.js";
import { MODE_OPTION, modeOf, parallelism } from "../options/mode-words.js";
import { workersOf } from "../options/predict-options.js";
import {
  SENSITIVITY_OPTIONS,
  type SensitivityRequest,
  type SensitivityWords,
  sensitivityRequest,
} from "../options/sensitivity-options.js";
import { startTalk, type Talk } from "../output/talk.js";
import { prepareTarget } from "../output/write-result.js";
import { counted } from "../report-page/rate-words.js";
import { renderReport } from "../report-page/render-report.js";
import type { Terminal } from "../terminal.js";

/** Version of the JSON that `--json` prints. */
export const SENSITIVITY_SCHEMA_VERSION = 1;

/** Adds the command to the program. */
export function addSensitivity(program: Command): Command {
  const command = program
    .command("sensitivity")
    .summary("measure which defects a model will see")
    .description(
      "Draws defects of known size and contrast into good pictures, and says from which size on the model finds nine of ten.",
    )
    .usage("[options] MODEL GOODS...")
    .argument(
      "[model-and-goods...]",
      "the model, then good pictures that it was not trained on: pictures, folders, quoted globs",
    );
  for (const [flags, description] of SENSITIVITY_OPTIONS) command.option(flags, description);
  return command
    .option(
      "--metadata <file>",
      "metadata.json of a model that Anomalib exported (default: beside the model)",
    )
    .option("--keep", "write what was measured into the model, for inspect and those who get it")
    .option("--report <file>", "write a report: one self-contained page with table and curve")
    .option(...MODE_OPTION)
    .option("--workers <n>", "networks that run at once, or auto (default: auto, one per core)")
    .option("--json", "print everything as one JSON object on standard output")
    .option("--quiet", "no progress and no words, only warnings and what was asked for")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code: 0, or 2 when a good picture could not be judged.
 * @throws BlemishError for wrong usage, the model, pictures that are all known to it, CANCELLED.
 */
export async function sensitivityCommand(
  positional: readonly string[],
  words: SensitivityWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const request = sensitivityRequest(positional, words);
  const { json = false, quiet = false, report } = words;
  const talk = startTalk({ json, quiet }, terminal);
  if (report !== undefined) await prepareTarget({ kind: "file", path: report });
  const { paths } = await findPictures(request.goods);
  const trained = await trainedModel(request.model);
  if (words.keep === true && trained === null) throw notOurs(request.model);
  const model = await open(request.model, {
    ...parallelism(
      { mode: modeOf(words.mode), workers: workersOf(words.workers), threads: null },
      Math.max(2, paths.length),
    ),
    ...(words.metadata !== undefined && { metadata: words.metadata }),
    signal,
  });
  try {
    const started = performance.now();
    const found = await measured(model, paths, request, trained, talk, signal);
    await sayLeftOut(found, trained, talk);
    await talk.say(sensitivityText(found));
    await talk.data({ schemaVersion: SENSITIVITY_SCHEMA_VERSION, model: request.model, ...found });
    if (words.keep === true && trained !== null) {
      await keepInModel(request.model, trained, found);
      await talk.say(`\nKept in  ${request.model}`);
    }
    if (report !== undefined) {
      const data = await reportData({
        path: request.model,
        trained,
        description: model.description,
        test: null,
        suspects: [],
        health: null,
        warnings: [],
        durations: [{ stage: "Sensitivity", seconds: (performance.now() - started) / 1000 }],
        sensitivity: found,
      });
      await writeFileAtomic(report, renderReport(data));
      await talk.say(`\nReport  ${report}`);
    }
    return found.failed.length > 0 ? 2 : 0;
  } finally {
    talk.stages.clear();
    await model.close();
  }
}

function keepInModel(path: string, model: TrainedModelFile, found: Sensitivity): Promise<number> {
  const manifest = withSensitivity(model.manifest, keptSensitivity(found, "other-pictures"));
  return saveModel(path, { ...model, manifest });
}

function notOurs(subject: string): BlemishError {
  return new BlemishError("MODEL_NOT_TRAINED", {
    subject,
    expected: "a model that Blemish trained, which --keep can be written into",
    found: "another",
  });
}

/** null for a model of another program. */
async function trainedModel(path: string): Promise<TrainedModelFile | null> {
  if (!(await isModelFile(path))) return null;
  const model = await loadModelFile(path);
  return isTrained(model) ? model : null;
}

function measured(
  model: Model,
  paths: readonly string[],
  { wish }: SensitivityRequest,
  trained: TrainedModelFile | null,
  talk: Talk,
  signal: AbortSignal,
): Promise<Sensitivity> {
  return measureSensitivity(model, paths, {
    ...wish,
    ...(trained && { learnt: trained.manifest.training.files }),
    signal,
    onProgress: (done, total) => talk.stages.at("Measuring", done, total),
  });
}

async function sayLeftOut(
  { known, failed }: Sensitivity,
  trained: TrainedModelFile | null,
  talk: Talk,
): Promise<void> {
  if (known > 0)
    await talk.warn(
      `${counted(known, "picture")} took part in the training and ${known === 1 ? "was" : "were"} left out: on what a model has learnt it looks better than it is.`,
    );
  if (trained === null)
    await talk.warn(
      "This model does not say which pictures it was trained on. On these it would look too good.",
    );
  for (const path of failed) await talk.warn(`${path} could not be judged.`);
}

const EXAMPLES = `
Examples:
  blemish sensitivity part.blemish more-good/
  blemish sensitivity part.blemish test/good --sizes 6,12,24 --contrasts 0.1,0.3 --report sensitivity.html
  blemish sensitivity part.blemish test/good --kinds scratch --places 200 --json

The defects are drawn, not real: a test with real ones (blemish evaluate) says more where there are some.

Exit codes: 0 measured, 2 a picture could not be judged, 64 wrong usage, 130 cancelled.`;
