/** `blemish predict`: finds pictures, opens the model, judges one after another, reports, and counts. */
import { type Model, open } from "@blemish/node";
import { findPictures } from "../options/find-pictures.js";
import { choiceWords, parallelism } from "../options/mode-words.js";
import { type PredictOptions, type PredictWords, predictOptions } from "../options/predict-options.js";
import { type OutputTarget, outputTarget } from "../output/output-path.js";
import { openReport } from "../output/report.js";
import { exitCode, summary } from "../output/summary.js";
import { prepareTarget, type WritePlan } from "../output/write-result.js";
import { PIPE_CLOSED, type Terminal, writeLine } from "../terminal.js";
import { predictBatch } from "./predict-batch.js";

/**
 * Runs the command.
 * @param positional Model and inputs, or inputs alone with `--weights`.
 * @returns The exit code: 0 all good, 1 something anomalous, 2 something failed or could not be judged.
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
    const wanted = !options.quiet && signal.reason !== PIPE_CLOSED;
    if (wanted) await writeLine(terminal.stderr, summary(report.counts(), elapsed));
  }
  return exitCode(report.counts());
}
