/** The `blemish` command line as data: commands, options and help. What the commands do is in `commands/`. */
import { createRequire } from "node:module";
import { Command, Option } from "commander";
import { addBackbone } from "./commands/backbone-import.js";
import { addBench } from "./commands/bench.js";
import { addCalibrate } from "./commands/calibrate.js";
import { addEvaluate } from "./commands/evaluate.js";
import { addImport } from "./commands/import.js";
import { type InspectWords, inspectCommand } from "./commands/inspect.js";
import { predictCommand } from "./commands/predict.js";
import { addSynth } from "./commands/synth.js";
import { addThreshold } from "./commands/threshold.js";
import { addTrain } from "./commands/train.js";
import { ENGINE_OPTION, FACTORS_OPTION } from "./options/engine-words.js";
import { MODE_OPTION } from "./options/mode-words.js";
import { type PredictWords, WORDS } from "./options/predict-options.js";
import { collect } from "./options/values.js";
import type { Terminal } from "./terminal.js";

/** Tells the caller which exit code a command ended with. */
export type Report = (exitCode: number) => void;

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

/**
 * The program with all its commands. Parsing throws commander's errors and BlemishErrors instead of ending the
 * process; `runCli` turns them into words and exit codes.
 */
export function createProgram(terminal: Terminal, signal: AbortSignal, report: Report): Command {
  const program = new Command("blemish")
    .description("Learns from pictures what good parts look like, and finds defects.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: () => undefined,
    });
  addTrain(program, terminal, signal, report);
  addPredict(program).action(async (positional: string[], words: PredictWords) =>
    report(await predictCommand(positional, words, terminal, signal)),
  );
  addEvaluate(program, terminal, signal, report);
  addThreshold(program, terminal, report);
  addCalibrate(program, terminal, signal, report);
  addInspect(program).action(async (positional: string[], words: InspectWords) =>
    report(await inspectCommand(positional, words, terminal)),
  );
  addImport(program, terminal, signal, report);
  addBench(program, terminal, signal, report);
  addSynth(program, terminal, signal, report);
  addBackbone(program, terminal, signal, report);
  return program;
}

function addPredict(program: Command): Command {
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
    .option("--show", "open the first pictures in the system's viewer")
    .option("--json", "print one JSON object per picture on standard output")
    .option("--csv <file>", "write a CSV table; - for standard output")
    .option("--maps <dir>", "write each raw anomaly map as .npy (float32) into this folder")
    .option("--threshold <number>", "image threshold in raw units, instead of the model's")
    .option("--profile <profile>", `conventions to follow: ${WORDS.profile.join(", ")} (default: detected)`)
    .option("--score <source>", `image score: ${WORDS.score.join(", ")} (default: output where there is one)`)
    .option(...ENGINE_OPTION)
    .option(...FACTORS_OPTION)
    .option(...MODE_OPTION)
    .option("--workers <n>", "networks that run at once, or auto (default: auto, one per core)")
    .option("--threads <n>", "threads of each network (default: cores / workers)")
    .option("--device <device>", "accepted for Anomalib's sake; only CPU")
    .option("--quiet", "no progress and no summary")
    .addHelpText("after", PREDICT_EXAMPLES);
}

function addInspect(program: Command): Command {
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
    .addHelpText("after", INSPECT_EXAMPLES);
}

const PREDICT_EXAMPLES = `
Examples:
  blemish predict model.onnx part.png
  blemish predict model.onnx pictures/ --output results --visualization-mode full
  blemish predict model.onnx "line-2/**/*.jpg" --json > results.jsonl
  blemish predict --weights model.onnx --metadata metadata.json --input part.png --output seen.png

Exit codes: 0 all good, 1 something anomalous, 2 something failed or could not be judged, 64 wrong usage,
130 cancelled.`;

const INSPECT_EXAMPLES = `
Examples:
  blemish inspect model.onnx
  blemish inspect model.onnx --html model.html`;
