/** `blemish synth`: draws a data set of parts with known defects, for tests, scale runs and demonstrations. */
import { join } from "node:path";
import { BlemishError, PART_KINDS, type PartKind, type SynthSetOptions } from "@blemish/core";
import { writeSynthSet } from "@blemish/node";
import type { Command } from "commander";
import { workersOf } from "../options/predict-options.js";
import { choice, missing, wholeNumber } from "../options/values.js";
import { startTalk } from "../output/talk.js";
import { counted } from "../report-page/rate-words.js";
import type { Terminal } from "../terminal.js";

/** What can be drawn. */
export const SYNTH_WORDS = [...PART_KINDS, "all"] as const;

/** The words of the options as commander gives them. */
export interface SynthWords {
  readonly output?: string;
  readonly train?: string;
  readonly good?: string;
  readonly bad?: string;
  readonly size?: string;
  readonly seed?: string;
  readonly workers?: string;
  readonly quiet?: boolean;
}

/** Numbers of pictures, and pixels. */
const DEFAULTS = { train: 60, good: 20, bad: 25, size: 256, seed: 0 };
const MOST = { pictures: 1_000_000, pixels: 4096 };

/** Adds the command to the program. */
export function addSynth(program: Command): Command {
  return program
    .command("synth")
    .summary("draw a data set to try things on")
    .description(
      "Draws parts, good ones and such with a known defect, with masks, in the layout of MVTec AD.",
    )
    .usage("[options] KIND --output DIR")
    .argument("[kind...]", `what to draw: ${SYNTH_WORDS.join(", ")}`)
    .option("-o, --output <dir>", "a new or empty folder; with all: one folder in it for each kind")
    .option("--train <n>", `good parts to train with (default: ${DEFAULTS.train})`)
    .option("--good <n>", `good parts to test with (default: ${DEFAULTS.good})`)
    .option("--bad <n>", `anomalous parts to test with, all defects in turn (default: ${DEFAULTS.bad})`)
    .option("--size <pixels>", `side of the pictures (default: ${DEFAULTS.size})`)
    .option("--seed <n>", `the same seed draws the same pictures (default: ${DEFAULTS.seed})`)
    .option("--workers <n>", "pictures drawn side by side, or auto (default: auto, one per core)")
    .option("--quiet", "no progress and no words")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code 0.
 * @throws BlemishError for wrong usage, a folder that is not empty or cannot be written, CANCELLED.
 */
export async function synthCommand(
  positional: readonly string[],
  words: SynthWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const [word = "", second] = positional;
  if (second !== undefined)
    throw new BlemishError("OPTION_VALUE", {
      subject: "the kind",
      expected: "one word",
      found: `also ${second}`,
    });
  const kind = choice("the kind", word, SYNTH_WORDS);
  const { output, workers } = words;
  if (output === undefined) throw missing("--output", "a folder");
  const set = setOptions(words);
  const wanted = workersOf(workers);
  const talk = startTalk({ json: false, quiet: words.quiet ?? false }, terminal);
  try {
    for (const one of kind === "all" ? PART_KINDS : [kind]) {
      const folder = kind === "all" ? join(output, one) : output;
      const count = await writeSynthSet(one satisfies PartKind, folder, {
        ...set,
        signal,
        ...(wanted !== "auto" && { workers: wanted }),
        onProgress: (done, total) => talk.stages.at(`Drawing ${one}`, done, total),
      });
      await talk.say(`${counted(count, "picture")} in ${folder}`);
    }
    return 0;
  } finally {
    talk.stages.clear();
  }
}

function setOptions(words: SynthWords): SynthSetOptions {
  const count = (name: "train" | "good" | "bad") =>
    wholeNumber(`--${name}`, words[name] ?? String(DEFAULTS[name]), 0, MOST.pictures);
  const size = wholeNumber("--size", words.size ?? String(DEFAULTS.size), 16, MOST.pixels);
  const seed = wholeNumber("--seed", words.seed ?? String(DEFAULTS.seed), 0, Number.MAX_SAFE_INTEGER);
  return {
    seed,
    train: count("train"),
    testGood: count("good"),
    testBad: count("bad"),
    width: size,
    height: size,
  };
}

const EXAMPLES = `
Examples:
  blemish synth washer --output parts/washer
  blemish synth all --output parts --train 200 --seed 7
  blemish train parts/washer --output washer.blemish`;
