/** `blemish threshold`: shows a trained model's threshold and what it promises, or sets another without retraining. */
import { BlemishError, changeThreshold, type ThresholdWish } from "@blemish/core";
import { readTrainedModel, saveModel } from "@blemish/node";
import type { Command } from "commander";
import { onlyModel } from "../options/model-word.js";
import { rateValue } from "../options/rate.js";
import { finiteNumber } from "../options/values.js";
import { startTalk } from "../output/talk.js";
import type { Terminal } from "../terminal.js";
import { prepareOutput } from "../training/prepare-output.js";
import { promiseFacts } from "../training/promise-facts.js";
import { thresholdWords } from "../training/threshold-words.js";

/** Version of the JSON that `--json` prints. */
export const THRESHOLD_SCHEMA_VERSION = 1;

/** The words of the options as commander gives them. */
export interface ThresholdWords {
  readonly set?: string;
  readonly falseAlarmRate?: string;
  /** false for `--no-uncertain`. */
  readonly uncertain?: string | boolean;
  readonly reason?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addThreshold(program: Command): Command {
  return program
    .command("threshold")
    .summary("show or change a threshold")
    .description(
      "Shows a trained model's threshold and what it promises, or sets another without training again.",
    )
    .usage("[options] MODEL")
    .argument("[model...]", "a model that blemish train made")
    .option("--set <number>", "the new image threshold, in raw units of the scores")
    .option("--false-alarm-rate <rate>", "the rate that the new threshold follows from, such as 1%")
    .option("--uncertain <rate>", "the rate of a second, lower threshold: between both is a grey zone")
    .option("--no-uncertain", "no grey zone any more")
    .option("--reason <text>", "why, kept in the model with the change")
    .option("-o, --output <file>", "write the changed model here (default: the model itself)")
    .option("--json", "print the threshold as one JSON object on standard output")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code 0.
 * @throws BlemishError for wrong usage, a model that is none of ours, and a file that cannot be written.
 */
export async function thresholdCommand(
  positional: readonly string[],
  words: ThresholdWords,
  terminal: Terminal,
): Promise<number> {
  const path = onlyModel(positional);
  const wish = wishOf(words);
  const output = words.output ?? path;
  if (wish !== null) await prepareOutput("--output", output);
  const before = await readTrainedModel(path);
  const model = wish === null ? before : changeThreshold(before, wish, words.reason ?? "");
  if (wish !== null) await saveModel(output, model);
  const talk = startTalk({ json: words.json ?? false, quiet: false }, terminal);
  if (!words.json) await talk.say(thresholdWords(model));
  await talk.data({
    schemaVersion: THRESHOLD_SCHEMA_VERSION,
    model: wish === null ? path : output,
    ...model.manifest.calibration,
    rank: promiseFacts(model).rank,
    pictures: model.scores.length,
  });
  return 0;
}

function wishOf({ set, falseAlarmRate, uncertain, reason, output }: ThresholdWords): ThresholdWish | null {
  const grey = uncertainWish(uncertain);
  if (set !== undefined && falseAlarmRate !== undefined)
    throw alone("--set", "nothing beside --false-alarm-rate");
  if (set !== undefined) return { threshold: finiteNumber("--set", set), ...grey };
  if (falseAlarmRate !== undefined)
    return { falseAlarmRate: rateValue("--false-alarm-rate", falseAlarmRate), ...grey };
  if (reason !== undefined) throw alone("--reason", "--set or --false-alarm-rate beside it");
  if (grey !== null) return grey;
  if (output !== undefined) throw alone("--output", "--set or --false-alarm-rate beside it");
  return null;
}

/** commander gives true where `--no-uncertain` was not said. */
function uncertainWish(word: string | boolean | undefined): { readonly uncertainRate: number | null } | null {
  if (word === false) return { uncertainRate: null };
  return typeof word === "string" ? { uncertainRate: rateValue("--uncertain", word) } : null;
}

function alone(subject: string, expected: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject, expected });
}

const EXAMPLES = `
Examples:
  blemish threshold part.blemish
  blemish threshold part.blemish --set 9.5 --reason "too many alarms on line 2"
  blemish threshold part.blemish --false-alarm-rate 1% --uncertain 10%`;
