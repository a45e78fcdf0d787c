/** `blemish predict`: finds pictures, opens the model, judges one after another, reports, and counts. */
import { type Model, open } from "@blemish/node";
import { type Command, Option } from "commander";
import { BANK_PRECISION_OPTION, ENGINE_OPTION, FACTORS_OPTION } from "../options/engine-words.js";
import { findPictures } from "../options/find-pictures.js";
import { choiceWords, MODE_OPTION, parallelism } from "../options/mode-words.js";
import { type PredictOptions, type PredictWords, predictOptions, WORDS } from "../options/predict-options.js";
import { collect } from "../options/values.js";
import { type OutputTarget, outputTarget } from "../output/output-path.js";
import { openReport } from "../output/report.js";
import { exitCode, summary, totalOf } from "../output/summary.js";
import { prepareTarget, type WritePlan } from "../output/write-result.js";
import { PIPE_CLOSED, type Terminal, writeLine } from "../terminal.js";
import { predictBatch } from "./predict-batch.js";

/** Adds the command to the program. */
export function addPredict(program: Command): Command {
  return program
    .command("predict")
    .summary("judge pictures")
    .description(
      "Judges pictures: one line each with verdict and score, written pictures and data if asked for.",
    )
    .usage("[options] MODEL INPUT...")
    .argument("[model-and-inputs...]", "the model, then pictures, folders (recursively) and quoted globs")
    .option("--weights <file>", "the model, instead of the first argument")
    .option("--metadata <file>", "the model's metadata.json (default: the one beside the model)")
    .option("--input <path>", "a picture, folder or glob; can be repeated", collect)
    .option("--output <path>", "write a picture of each result: a folder, or a file name for one picture")
    .option("--task <task>", `view to draw: ${WORDS.task.join(", ")} (default: the model's task)`)
    .option("--visualization-mode <mode>", `picture to draw: ${WORDS.mode.join(", ")} (default: simple)`)
    .addOption(new Option("--visualization_mode <mode>", "the same").hideHelp())
    .option(
      "--explain",
      "say why places are hot: nearest good patches, deviating channels (also in pictures)",
    )
    .option("--show", "open the first pictures in the system's viewer")
    .option("--json", "print one JSON object per picture on standard output")
    .option("--csv <file>", "write a CSV table; - for standard output")
    .option("--maps <dir>", "write each raw anomaly map as .npy (float32) into this folder")
    .option("--threshold <number>", "image threshold in raw units, instead of the model's")
    .option("--profile <profile>", `conventions to follow: ${WORDS.profile.join(", ")} (default: detected)`)
    .option("--score <source>", `image score: ${WORDS.score.join(", ")} (default: output where there is one)`)
    .option("--no-validity", "judge pictures that break the model's rules, too; what they break is said")
    .option(
      "--check",
      "run the model's own samples first, and refuse it when it does not compute what they say",
    )
    .option(...ENGINE_OPTION)
    .option(...FACTORS_OPTION)
    .option(...BANK_PRECISION_OPTION)
    .option(...MODE_OPTION)
    .option("--workers <n>", "networks that run at once, or auto (default: auto, one per core)")
    .option("--threads <n>", "threads of each network (default: cores / workers)")
    .option("--device <device>", "accepted for Anomalib's sake; only CPU")
    .option("--quiet", "no progress and no summary")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @param positional Model and inputs, or inputs alone with `--weights`.
 * @returns The exit code: 0 all good, 1 something anomalous or uncertain, 2 something failed or could not be judged.
 * @throws BlemishError for everything that concerns the whole run: options, model, inputs, output folders, CANCELLED.
 */
export async function predictCommand(
  positional: readonly string[],
  words: PredictWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const options = predictOptions(positional, words);
  const { paths, single } = await findPictures(options.inputs);
  const plan = await writePlan(options, single);
  const model = await openModel(options, paths.length, signal);
  try {
    if (options.speed === "auto" && !options.quiet)
      await writeLine(terminal.stderr, choiceWords(model.schedule));
    return await judgeAll(model, paths, options, plan, terminal, signal);
  } finally {
    await model.close();
  }
}

async function writePlan({ output, maps }: PredictOptions, single: boolean): Promise<WritePlan> {
  const pictures = output === null ? null : await outputTarget(output, single);
  const mapFolder: OutputTarget | null = maps === null ? null : { kind: "folder", path: maps };
  for (const target of [pictures, mapFolder]) if (target !== null) await prepareTarget(target);
  return { pictures, maps: mapFolder };
}

function openModel(options: PredictOptions, pictures: number, signal: AbortSignal): Promise<Model> {
  const { metadata, profile, task, scoreSource, threshold, engine, speed } = options;
  return open(options.model, {
    ...parallelism({ ...options, mode: speed }, pictures),
    ...engine,
    signal,
    check: options.check,
    ...(metadata !== null && { metadata }),
    ...(profile !== null && { profile }),
    ...(task !== null && { task }),
    ...(scoreSource !== null && { score: scoreSource }),
    ...(threshold !== null && { threshold }),
  });
}

async function judgeAll(
  model: Model,
  pictures: readonly string[],
  options: PredictOptions,
  plan: WritePlan,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const strict = model.description.profile === "anomalib-2";
  const report = await openReport(options, { strict, total: pictures.length }, terminal);
  const started = performance.now();
  try {
    await predictBatch(model, pictures, options, plan, { report, terminal, signal });
    await report.finish();
  } catch (error) {
    await report.discard();
    throw error;
  } finally {
    const elapsed = performance.now() - started;
    const wanted = !options.quiet && signal.reason !== PIPE_CLOSED && totalOf(report.counts()) > 0;
    if (wanted) await writeLine(terminal.stderr, summary(report.counts(), elapsed));
  }
  return exitCode(report.counts());
}

const EXAMPLES = `
Examples:
  blemish predict model.onnx part.png
  blemish predict model.onnx pictures/ --output results --visualization-mode full
  blemish predict model.onnx "line-2/**/*.jpg" --json > results.jsonl
  blemish predict part.blemish part.png --explain --output why.png
  blemish predict --weights model.onnx --metadata metadata.json --input part.png --output seen.png

Exit codes: 0 all good, 1 something anomalous or uncertain, 2 something failed or could not be judged, 64 wrong usage,
130 cancelled.`;
