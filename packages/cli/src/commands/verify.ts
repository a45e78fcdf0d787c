/** `blemish verify`: proves that a model computes here what it computed elsewhere, or shows where two models differ. */
import { BlemishError } from "@blemish/core";
import {
  compareModels,
  type ModelComparison,
  type Verification,
  type VerifyRow,
  verifyModel,
} from "@blemish/node";
import type { Command } from "commander";
import { findPictures } from "../options/find-pictures.js";
import { onlyModel } from "../options/model-word.js";
import { collect } from "../options/values.js";
import { startTalk, type Talk } from "../output/talk.js";
import { reportText } from "../report/report-text.js";
import type { Section } from "../report/section.js";
import type { Terminal } from "../terminal.js";

/** Version of the JSON that `--json` prints. */
export const VERIFY_SCHEMA_VERSION = 1;

/** The words of the options as commander gives them. */
export interface VerifyWords {
  readonly pictures?: readonly string[];
  readonly against?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Adds the command to the program. */
export function addVerify(program: Command): Command {
  return program
    .command("verify")
    .summary("prove that a model is the same model here")
    .description(
      "Runs a model's own samples, and pictures if they are given, on every engine that is here, and compares scores, maps and labels.",
    )
    .usage("[options] MODEL")
    .argument("[model...]", "a .blemish model, an Anomalib export, or a checkpoint")
    .option("--pictures <path>", "pictures, folders or globs to compare on, too; can be repeated", collect)
    .option("--against <model>", "another model to compare with on the pictures, instead of other engines")
    .option("--json", "print one JSON object on standard output")
    .option("--quiet", "no progress")
    .addHelpText("after", EXAMPLES);
}

/**
 * Runs the command.
 * @returns The exit code: 0 the same, 1 a difference beyond the tolerance, or pictures on which models disagree.
 * @throws BlemishError for wrong usage, those of reading models and pictures, CANCELLED.
 */
export async function verifyCommand(
  positional: readonly string[],
  words: VerifyWords,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const path = onlyModel(positional);
  const { against, pictures: inputs } = words;
  const pictures = inputs === undefined ? [] : (await findPictures(inputs)).paths;
  if (against !== undefined && pictures.length === 0)
    throw new BlemishError("OPTION_VALUE", {
      subject: "--against",
      expected: "--pictures beside it",
      found: "none",
    });
  const talk = startTalk({ json: words.json ?? false, quiet: words.quiet ?? false }, terminal);
  const onProgress = (done: number, total: number) => talk.stages.at("Comparing", done, total);
  if (against !== undefined) {
    const comparison = await compareModels(path, against, pictures, { signal, onProgress }).finally(
      talk.stages.clear,
    );
    return told(
      talk,
      terminal,
      words,
      comparisonSection(comparison),
      comparison,
      comparison.disagreements.length === 0,
    );
  }
  const verification = await verifyModel(path, { pictures, signal, onProgress }).finally(talk.stages.clear);
  return told(talk, terminal, words, verificationSection(verification), verification, verification.passed);
}

async function told(
  talk: Talk,
  terminal: Terminal,
  { json }: VerifyWords,
  section: Section,
  facts: object,
  same: boolean,
): Promise<number> {
  if (!json) terminal.stdout.write(reportText([section], terminal.stdout));
  await talk.data({ schemaVersion: VERIFY_SCHEMA_VERSION, ...facts });
  return same ? 0 : 1;
}

function verificationSection({ model, identity, tolerance, rows, missing, passed }: Verification): Section {
  const parts: [string, string][] =
    identity === null
      ? []
      : Object.entries(identity).map(([part, hash]) => [`Hash of ${part}`, hash.slice(0, 16)]);
  return {
    title: passed ? "The same model" : "NOT the same model",
    rows: [
      ["Model", model],
      ...parts,
      ["Tolerance", `${tolerance} of score and of the map's highest value`],
      ...rows.map((row): [string, string] => [row.engine, rowWords(row)]),
      ...missing.map(({ engine, reason }): [string, string] => [engine, `not tried: ${reason}`]),
    ],
    remarks: rows.length === 0 ? ["The model has no samples: give --pictures."] : [],
  };
}

function rowWords({ against, pictures, score, map, flips, passed }: VerifyRow): string {
  const differences = `score ${score.toExponential(1)}, map ${map.toExponential(1)}, labels flipped ${flips}`;
  return `${passed ? "pass" : "FAIL"}  ${differences} (${pictures} pictures against ${against})`;
}

function comparisonSection({ first, second, pictures, change, disagreements }: ModelComparison): Section {
  const shares =
    change === null
      ? "no picture could be judged by both"
      : `median ${change.median.toExponential(1)}, largest ${change.largest.toExponential(1)} of the threshold`;
  const verdict = ({ verdict, score }: { readonly verdict: string; readonly score: number | null }) =>
    score === null ? verdict : `${verdict} ${score.toPrecision(4)}`;
  return {
    title: "Two models on the same pictures",
    rows: [
      ["First", first],
      ["Second", second],
      ["Pictures", `${pictures}`],
      ["Scores apart", shares],
      ["Disagreements", `${disagreements.length}`],
      ...disagreements.map((one): [string, string] => [
        one.path,
        `${verdict(one.first)} | ${verdict(one.second)}`,
      ]),
    ],
    remarks: [],
  };
}

const EXAMPLES = `
Examples:
  blemish verify part.blemish
  blemish verify part.blemish --pictures pictures/
  blemish verify part.blemish --against model.onnx --pictures pictures/

Exit codes: 0 the same, 1 a difference beyond the tolerance or a disagreement, 2 it could not be done, 64 wrong usage.`;
