/** `blemish verify`: proves that a model computes here what it computed elsewhere, or shows where two models differ. */
import { BlemishError, type ModelIdentity } from "@blemish/core";
import {
  compareModels,
  type ModelComparison,
  type PreprocessingProof,
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
    .argument("[model...]", "a .blemish model, one of its exports, an Anomalib export, or a checkpoint")
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

function verificationSection(verification: Verification): Section {
  const { model, form, identity, tolerance, preprocessing, rows, missing, remarks, passed } = verification;
  return {
    title: passed ? "The same model" : "NOT the same model",
    rows: [
      ["Model", form === null ? model : `${model} (an export in the form ${form})`],
      ...identityRows(identity),
      ["Tolerance", `${tolerance} of score and of the map's highest value`],
      ...preprocessingRows(preprocessing),
      ...rows.map((row): [string, string] => [row.engine, rowWords(row)]),
      ...missing.map(({ engine, reason }): [string, string] => [engine, `not tried: ${reason}`]),
    ],
    remarks: rows.length === 0 ? [...remarks, "There is nothing to compare: give --pictures."] : remarks,
  };
}

function identityRows(identity: ModelIdentity | null): [string, string][] {
  return Object.entries(identity ?? {}).map(([part, hash]) => [`Hash of ${part}`, hash.slice(0, 16)]);
}

function preprocessingRows(preprocessing: PreprocessingProof | null): [string, string][] {
  if (preprocessing === null) return [];
  const { pictures, differing } = preprocessing;
  const words =
    differing.length === 0
      ? `pass  the same tensors to the bit (${pictures} samples)`
      : `FAIL  preprocessing differs: other tensors for ${differing.length} of ${pictures} samples, before any engine`;
  return [["Preprocessing", words]];
}

function rowWords(row: VerifyRow): string {
  const { against, pictures, input, score, map, flips, tolerance, decides, passed } = row;
  const given = input === null ? "" : `input ${input.toExponential(1)}, `;
  const differences = `${given}score ${score.toExponential(1)}, map ${map.toExponential(1)}, labels flipped ${flips}`;
  const within = decides ? "" : `, ${passed ? "within" : "beyond"} ${tolerance}`;
  return `${verdictWord(row)}  ${differences}${within} (${pictures} pictures against ${against})`;
}

function verdictWord({ decides, passed }: VerifyRow): string {
  if (!decides) return "info";
  return passed ? "pass" : "FAIL";
}

function comparisonSection(comparison: ModelComparison): Section {
  const { first, second, pictures, units, identity, change, disagreements } = comparison;
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
      ...identity.map(({ part, same }): [string, string] => [`Hash of ${part}`, SAME_WORDS[`${same}`]]),
      ["Pictures", `${pictures}`],
      [`Scores apart (${units})`, shares],
      ["Disagreements", `${disagreements.length}`],
      ...disagreements.map((one): [string, string] => [
        one.path,
        `${verdict(one.first)} | ${verdict(one.second)}`,
      ]),
    ],
    remarks: [],
  };
}

const SAME_WORDS = { true: "the same", false: "DIFFERENT", null: "not known of both" } as const;

const EXAMPLES = `
Examples:
  blemish verify part.blemish
  blemish verify part.onnx
  blemish verify part.blemish --pictures pictures/
  blemish verify part.blemish --against model.onnx --pictures pictures/

Exit codes: 0 the same, 1 a difference beyond the tolerance or a disagreement, 2 it could not be done, 64 wrong usage.`;
