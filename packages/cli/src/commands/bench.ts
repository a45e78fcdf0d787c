/** `blemish bench`: how fast a model judges the user's own pictures on this machine, and what it needs. */
import { benchModel, type ModelBench } from "@blemish/node";
import type { Command } from "commander";
import { type BenchRequest, type BenchWords, benchRequest, COMPARABLE } from "../options/bench-options.js";
import { BANK_PRECISION_OPTION, ENGINE_OPTION, FACTORS_OPTION } from "../options/engine-words.js";
import { findPictures } from "../options/find-pictures.js";
import { MODE_OPTION } from "../options/mode-words.js";
import { WORDS } from "../options/predict-options.js";
import { collect } from "../options/values.js";
import { benchText } from "../output/bench-text.js";
import { startTalk } from "../output/talk.js";
import type { Terminal } from "../terminal.js";

/** Version of the JSON that `--json` prints. */
export const BENCH_SCHEMA_VERSION = 1;

const STAGE_NAMES = { start: "Starting", memory: "Memory", rounds: "Measuring" } as const;

/** Adds the command to the program. */
export function addBench(program: Command): Command {
  return program
    .command("bench")
    .summary("measure a model on this machine")
    .description(
      "Measures a model on your pictures: time of each stage, pictures a second, start of a process, memory.",
    )
    .usage("[options] MODEL INPUT...")
    .argument("[model-and-inputs...]", "the model, then pictures, folders (recursively) and quoted globs")
    .option("--metadata <file>", "the model's metadata.json (default: the one beside the model)")
    .option("--profile <profile>", `conventions to follow: ${WORDS.profile.join(", ")} (default: detected)`)
    .option(...MODE_OPTION)
    .option("--workers <n>", "networks that run at once, or auto (default: by mode)")
    .option("--threads <n>", "threads of each network (default: cores / workers)")
    .option(...ENGINE_OPTION)
    .option(...FACTORS_OPTION)
    .option(...BANK_PRECISION_OPTION)
    .option(
      "--compare <what=a,b>",
      `settings that take turns: ${COMPARABLE.join(", ")}; can be repeated for every combination`,
      collect,
    )
    .option("--rounds <n>", "measured rounds (default: as many as --seconds allow)")
    .option("--seconds <n>", "how long each setting is measured, three rounds at least (default: 10)")
    .option("--decoded", "also measure pictures that are in memory as pixels")
    .option("--json", "print all figures as one JSON object on standard output")
    .option("--quiet", "no progress, and no words with --json")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code 0.
 * @throws BlemishError for wrong usage, the model, a picture that cannot be judged, CANCELLED.
 */
export async function benchCommand(
  positional: readonly string[],
  words: BenchWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const request = benchRequest(positional, words);
  const { paths } = await findPictures(request.inputs);
  const talk = startTalk({ json: request.json, quiet: request.quiet && request.json }, terminal);
  const stages = request.quiet ? null : talk.stages;
  try {
    const bench = await measure(request, paths, signal, (stage, done, total) =>
      stages?.at(stage, done, total),
    );
    const names = request.settings.map(({ name }) => name);
    await talk.say(benchText(bench, names));
    await talk.data(jsonOf(bench, names));
    return 0;
  } finally {
    talk.stages.clear();
  }
}

function measure(
  { model, settings, rounds, seconds, decoded }: BenchRequest,
  pictures: readonly string[],
  signal: AbortSignal,
  progress: (stage: string, done: number, total: number) => void,
): Promise<ModelBench> {
  return benchModel(model, pictures, {
    settings: settings.map(({ options }) => options),
    ...(rounds !== null && { rounds }),
    ...(seconds !== null && { seconds }),
    decoded,
    signal,
    onProgress: (stage, done, total) => progress(STAGE_NAMES[stage], done, total),
  });
}

function jsonOf({ settings, ...bench }: ModelBench, names: readonly string[]): object {
  return {
    schemaVersion: BENCH_SCHEMA_VERSION,
    ...bench,
    settings: settings.map((setting, index) => ({ name: names[index], ...setting })),
  };
}

const EXAMPLES = `
Examples:
  blemish bench part.blemish pictures/
  blemish bench model.onnx pictures/ --workers 2 --threads 1 --seconds 30
  blemish bench model.onnx pictures/ --compare engine=onnx,fast
  blemish bench model.onnx pictures/ --compare workers=1,2,4 --json > speed.json

Let nothing else run on the machine. Compare settings in one run: its ratios carry over to another day, milliseconds
do not.

Exit codes: 0 measured, 2 it could not be done, 64 wrong usage, 130 cancelled.`;
