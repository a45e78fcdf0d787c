/** `blemish explain`: why a defect was missed, what would have found it, and what that would cost. */
import { availableParallelism } from "node:os";
import { QUALITIES } from "@blemish/core";
import { explainMiss, findImages, type MissExplanation, writeFileAtomic } from "@blemish/node";
import type { Command } from "commander";
import { missWords } from "../explain/miss-words.js";
import { type ExplainRequest, type ExplainWords, explainRequest } from "../options/explain-options.js";
import { collect } from "../options/values.js";
import { startTalk, type Talk } from "../output/talk.js";
import type { Terminal } from "../terminal.js";
import { prepareOutput } from "../training/prepare-output.js";

/** Version of the JSON that `--json` prints. */
export const EXPLAIN_SCHEMA_VERSION = 1;

/** Adds the command to the program. */
export function addExplain(program: Command): Command {
  return program
    .command("explain")
    .summary("say why a defect was missed")
    .description(
      "Says why a defect was missed: its score and rank, the threshold that would have found it and what that costs.",
    )
    .usage(
      "[options] MODEL PICTURE --mask FILE\n       blemish explain [options] MODEL PICTURE --box X,Y,WIDTH,HEIGHT",
    )
    .argument("[model-and-picture...]", "the model, and the picture of the defect")
    .option("--mask <file>", "the defect as a mask of the picture's size, 0 where the part is good")
    .option("--box <x,y,w,h>", "the defect as a rectangle in pixels of the picture")
    .option("--goods <path>", "further good pictures, to count false alarms on; can be repeated", collect)
    .option("--try", "train other ways on the model's own pictures, and see whether they find it")
    .option(
      "--candidates <list>",
      `with --try: ${QUALITIES.join(", ")}, padim, patchcore, fusion, or sizes in pixels, separated by commas`,
    )
    .option("-o, --output <file>", "write a picture that shows the heat and the marked place")
    .option(
      "--workers <n>",
      "with --try: pictures looked at side by side, or auto (default: auto, one per core)",
    )
    .option("--json", "print everything as one JSON object on standard output")
    .option("--quiet", "no progress, and no words with --json")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code 0, whatever the model says of the picture.
 * @throws BlemishError for wrong usage, the model, the picture, the place, training pictures that are gone, CANCELLED.
 */
export async function explainCommand(
  positional: readonly string[],
  words: ExplainWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const request = explainRequest(positional, words);
  const { model, picture, output, json, quiet } = request;
  const talk = startTalk({ json, quiet: quiet && json }, terminal);
  try {
    if (output !== null) await prepareOutput("--output", output);
    const found = await explain(request, quiet ? null : talk, signal);
    if (output !== null && found.view !== null) await writeFileAtomic(output, found.view);
    await talk.say(missWords(found, { model, picture }));
    if (output !== null) await talk.say(`\nPicture  ${output}`);
    await talk.data(jsonOf(request, found));
    return 0;
  } finally {
    talk.stages.clear();
  }
}

async function explain(
  { model, picture, place, goods, candidates, output, workers }: ExplainRequest,
  talk: Talk | null,
  signal: AbortSignal,
): Promise<MissExplanation> {
  const further = goods.length === 0 ? [] : await findImages(goods);
  return explainMiss(model, picture, place, {
    goods: further.map(({ path }) => path),
    candidates,
    view: output !== null,
    workers: workers === "auto" ? availableParallelism() : workers,
    signal,
    onProgress: (what, done, total) => talk?.stages.at(what === "goods" ? "Judging" : "Trying", done, total),
  });
}

function jsonOf({ model, picture, output }: ExplainRequest, found: MissExplanation): object {
  const { view: _view, facts, normalised, ...rest } = found;
  return {
    schemaVersion: EXPLAIN_SCHEMA_VERSION,
    model,
    picture,
    output,
    units: normalised ? "normalised" : "raw",
    ...facts,
    ...rest,
  };
}

const EXAMPLES = `
Examples:
  blemish explain part.blemish missed.png --mask mask.png
  blemish explain part.blemish missed.png --box 120,80,40,25 --output why.png
  blemish explain part.blemish missed.png --mask mask.png --goods more-good/ --try
  blemish explain part.blemish missed.png --mask mask.png --try --candidates accurate,512

Nothing is changed, and nothing is tuned on the picture.

Exit codes: 0 explained, 2 it could not be done, 64 wrong usage, 130 cancelled.`;
