/** The `blemish` command line: its commands in the order of the help. Their options and what they do are in `commands/`. */
import { createRequire } from "node:module";
import { Command } from "commander";
import { addBackboneImport, backboneImportCommand } from "./commands/backbone-import.js";
import { addBackboneQuantise, backboneQuantiseCommand } from "./commands/backbone-quantise.js";
import { addBench, benchCommand } from "./commands/bench.js";
import { addCalibrate, calibrateCommand } from "./commands/calibrate.js";
import { addEvaluate, evaluateCommand } from "./commands/evaluate.js";
import { addExplain, explainCommand } from "./commands/explain.js";
import { addExport, exportCommand } from "./commands/export.js";
import { addImport, importCommand } from "./commands/import.js";
import { addInspect, inspectCommand } from "./commands/inspect.js";
import { addPredict, predictCommand } from "./commands/predict.js";
import { addSensitivity, sensitivityCommand } from "./commands/sensitivity.js";
import { addSynth, synthCommand } from "./commands/synth.js";
import { addThreshold, thresholdCommand } from "./commands/threshold.js";
import { addTrain, trainCommand } from "./commands/train.js";
import { addVerify, verifyCommand } from "./commands/verify.js";
import type { Terminal } from "./terminal.js";

/** What a command does with the words that commander gives it; the result is the exit code. */
type CommandFunction<Positional, Words> = (
  positional: Positional,
  words: Words,
  terminal: Terminal,
  signal: AbortSignal,
) => Promise<number>;

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
  const run =
    <Positional, Words>(command: CommandFunction<Positional, Words>) =>
    async (positional: Positional, words: Words) =>
      report(await command(positional, words, terminal, signal));
  addTrain(program).action(run(trainCommand));
  addPredict(program).action(run(predictCommand));
  addEvaluate(program).action(run(evaluateCommand));
  addSensitivity(program).action(run(sensitivityCommand));
  addExplain(program).action(run(explainCommand));
  addThreshold(program).action(run(thresholdCommand));
  addCalibrate(program).action(run(calibrateCommand));
  addInspect(program).action(run(inspectCommand));
  addImport(program).action(run(importCommand));
  addExport(program).action(run(exportCommand));
  addVerify(program).action(run(verifyCommand));
  addBench(program).action(run(benchCommand));
  addSynth(program).action(run(synthCommand));
  const backbone = program
    .command("backbone")
    .summary("bring your own network")
    .description("Networks to train with.");
  addBackboneImport(backbone).action(run(backboneImportCommand));
  addBackboneQuantise(backbone).action(run(backboneQuantiseCommand));
  return program;
}
