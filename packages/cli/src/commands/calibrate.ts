/** `blemish calibrate`: gives a trained model the thresholds that Anomalib would find on labelled pictures. */
import { adoptAdaptive, describeDataset } from "@blemish/core";
import {
  calibrateModel,
  narrowWithGoods,
  open,
  readTrainedModel,
  recognizeDataset,
  requireSamples,
  saveModel,
} from "@blemish/node";
import type { Command } from "commander";
import { testItems } from "../evaluation/test-items.js";
import { MODE_OPTION, modeOf, parallelism } from "../options/mode-words.js";
import { modelAndDatasets } from "../options/model-word.js";
import { workersOf } from "../options/predict-options.js";
import { SHAPE_FORMS, shapesOf } from "../options/region-options.js";
import { badValue, choice, collect } from "../options/values.js";
import { startTalk } from "../output/talk.js";
import { counted } from "../report-page/rate-words.js";
import type { Terminal } from "../terminal.js";
import { prepareOutput } from "../training/prepare-output.js";
import { thresholdWords } from "../training/threshold-words.js";

/** The ways to calibrate with labelled pictures. */
export const CALIBRATION_METHODS = ["adaptive-f1"] as const;

/** The words of the options as commander gives them. */
export interface CalibrateWords {
  readonly method?: string;
  readonly ignore?: readonly string[];
  readonly output?: string;
  readonly mode?: string;
  readonly workers?: string;
  readonly quiet?: boolean;
}

/** Adds the command to the program. */
export function addCalibrate(program: Command): Command {
  return program
    .command("calibrate")
    .summary("thresholds from labelled pictures, as Anomalib")
    .description(
      "Gives a trained model the thresholds and the range that Anomalib would find on labelled pictures. They are tuned on these pictures.",
    )
    .usage("[options] MODEL DATASET... --method adaptive-f1")
    .argument("[model-and-datasets...]", "a model that blemish train made, then good and anomalous pictures")
    .option(
      "--ignore <shape>",
      `judge less from now on; the thresholds then follow from good pictures: ${SHAPE_FORMS}`,
      collect,
    )
    .option("--method <method>", `how: ${CALIBRATION_METHODS.join(", ")}`)
    .option("-o, --output <file>", "write the changed model here (default: the model itself)")
    .option(...MODE_OPTION)
    .option("--workers <n>", "networks that run at once, or auto (default: auto, one per core)")
    .option("--quiet", "no progress and no words, only warnings")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code: 0, or 2 when a picture could not be judged (the thresholds leave it out).
 * @throws BlemishError for wrong usage, the model, the data set, a file that cannot be written, CANCELLED.
 */
export async function calibrateCommand(
  positional: readonly string[],
  words: CalibrateWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { model: path, datasets } = modelAndDatasets(positional);
  if (words.ignore !== undefined) return ignoreCommand(path, datasets, words, terminal, signal);
  const method = choice("--method", words.method ?? "", CALIBRATION_METHODS);
  const output = words.output ?? path;
  const sharing = { mode: modeOf(words.mode), workers: workersOf(words.workers), threads: null };
  await prepareOutput("--output", output);
  const talk = startTalk({ json: false, quiet: words.quiet ?? false }, terminal);
  const before = await readTrainedModel(path);
  await requireSamples(before, path);
  const dataset = await recognizeDataset(datasets);
  const items = testItems(dataset);
  await talk.say(describeDataset(dataset));
  const model = await open(path, { ...parallelism(sharing, items.length), signal });
  try {
    const onPicture = (_: unknown, done: number, total: number) => talk.stages.at("Calibrating", done, total);
    const { found, failed } = await calibrateModel(model, { items }, { signal, onPicture });
    for (const { error } of failed) await talk.warn(error.message);
    const used = items.length - failed.length;
    const reason = `calibrate --method ${method} on ${counted(used, "labelled picture")} of ${dataset.root}`;
    const changed = adoptAdaptive(before, found, reason);
    await saveModel(output, changed);
    await talk.say(`\n${thresholdWords(changed)}`);
    if (before.manifest.calibration.uncertain && !changed.manifest.calibration.uncertain)
      await talk.warn("The new threshold lies below the grey zone: there is none any more.");
    await talk.warn(
      "These thresholds are tuned on labelled pictures. A test on the same pictures proves nothing.",
    );
    return failed.length > 0 ? 2 : 0;
  } finally {
    talk.stages.clear();
    await model.close();
  }
}

/** `--ignore`: the model judges less, and its thresholds follow from good pictures. */
async function ignoreCommand(
  path: string,
  datasets: readonly string[],
  { ignore = [], method, output = path, quiet = false }: CalibrateWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  if (method !== undefined)
    throw badValue("--method", "nothing beside --ignore, which takes good pictures", method);
  const shapes = await shapesOf(ignore);
  await prepareOutput("--output", output);
  const talk = startTalk({ json: false, quiet }, terminal);
  const before = await readTrainedModel(path);
  await requireSamples(before, path);
  const { items } = await recognizeDataset(datasets);
  const goods = items.filter(({ label }) => label === "good").map((item) => item.path);
  try {
    const onPicture = (done: number, total: number) => talk.stages.at("Calibrating", done, total);
    const { model, known } = await narrowWithGoods(before, shapes, goods, { signal, onPicture });
    await saveModel(output, model);
    if (known.length > 0)
      await talk.warn(`${counted(known.length, "picture")} left out: the model was trained on them.`);
    await talk.say(`\n${thresholdWords(model)}`);
    return 0;
  } finally {
    talk.stages.clear();
  }
}

const EXAMPLES = `
Examples:
  blemish calibrate bottle.blemish mvtec/bottle --method adaptive-f1
  blemish calibrate part.blemish labelled/ --method adaptive-f1 --output tuned.blemish
  blemish calibrate part.blemish good/ --ignore circle:320,60,40`;
