/** What `blemish train` was asked for: command-line words checked and put together into one plain record. */
import { join, parse } from "node:path";
import {
  type BackbonePrecision,
  type BankPrecision,
  type HeadChoice,
  QUALITIES,
  type Quality,
  type RecipeOptions,
  type ScoreRule,
  type StatisticsRule,
  type ThresholdRule,
  type TrainingProfile,
} from "@blemish/core";
import { THUMBNAIL_BYTES } from "@blemish/node";
import { CAPTURE_WORDS, type CaptureWords, captureOptions } from "./capture-options.js";
import { DECISION_WORDS, type DecisionWords, decisionOptions } from "./decision-options.js";
import { BANK_PRECISIONS, FACTORS } from "./engine-words.js";
import { workersOf } from "./predict-options.js";
import { rateValue } from "./rate.js";
import { inputOptions, REGION_WORDS, type RegionWords } from "./region-options.js";
import { TILE_WORDS, type TileWords, tileOptions } from "./tile-options.js";
import { VALIDITY_WORDS, type ValidityWords, validityOptions } from "./validity-options.js";
import { badValue, choice, finiteNumber, missing, wholeNumber } from "./values.js";

const STATISTICS = ["per-position", "shared"] as const satisfies readonly StatisticsRule[];

/** The words of the options as commander gives them: text, or true for a switch. */
export interface TrainWords extends ValidityWords, CaptureWords, DecisionWords, RegionWords, TileWords {
  readonly output?: string;
  readonly add?: readonly string[];
  /** false for `--no-test`. */
  readonly test?: string | boolean;
  /** false for `--no-report`. */
  readonly report?: string | boolean;
  readonly backbone?: string;
  readonly precision?: string;
  readonly quality?: string;
  readonly head?: string;
  readonly bank?: string;
  readonly coreset?: string;
  readonly bankPrecision?: string;
  readonly fusion?: string;
  readonly maxMs?: string;
  readonly bad?: readonly string[];
  readonly threshold?: string;
  /** true for `--turned`, false for `--no-turned`. */
  readonly turned?: boolean;
  readonly profile?: string;
  readonly channels?: string;
  readonly score?: string;
  readonly falseAlarmRate?: string;
  readonly seed?: string;
  readonly ignoreBorder?: string;
  readonly factors?: string;
  readonly statistics?: string;
  readonly keepStatistics?: boolean;
  /** false for `--no-thumbnails`. */
  readonly thumbnails?: string | boolean;
  readonly learningCurve?: boolean;
  readonly sensitivity?: boolean;
  readonly workers?: string;
  readonly maxMemory?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Checked options. Null means not given. */
export interface TrainRequest {
  /** What to learn from; with `addTo`, what to add: pictures and models. */
  readonly inputs: readonly string[];
  /** The model that pictures are added to. */
  readonly addTo: string | null;
  readonly output: string;
  /** Data set to test on; false = no test at all; null = what the inputs hold. */
  readonly test: string | false | null;
  /** Path of the report; null = none. */
  readonly report: string | null;
  readonly backbone: string | null;
  readonly precision: BackbonePrecision;
  readonly recipe: RecipeOptions;
  readonly choice: ChoiceRequest;
  /** Measure what more pictures would bring. */
  readonly learningCurve: boolean;
  readonly sensitivity: boolean;
  readonly keepStatistics: boolean;
  /** Bytes of small pictures in the model; null = as the model that is added to has them. */
  readonly thumbnails: number | null;
  readonly workers: number | "auto";
  /** Bytes. */
  readonly maxMemory: number | null;
  readonly strict: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** What is to be chosen by what is measured on this machine and these pictures. */
export interface ChoiceRequest {
  /** Milliseconds that a picture may take; null = the quality is given. */
  readonly maxMs: number | null;
  /** PaDiM's weight follows from pasted defects. */
  readonly fusion: boolean;
  /** Pictures of real defects to choose by. */
  readonly bad: readonly string[];
}

/** The words allowed for each option that has a list. */
export const TRAIN_WORDS = {
  profile: ["blemish", "anomalib-0.7"],
  quality: QUALITIES,
  head: ["padim", "patchcore", "fusion"],
  bankPrecision: BANK_PRECISIONS,
  threshold: ["leave-one-out", "precise"],
  score: ["max", "top1%", "region"],
  precision: ["float32", "int8"],
} as const satisfies {
  profile: readonly TrainingProfile[];
  quality: readonly Quality[];
  head: readonly HeadChoice[];
  bankPrecision: readonly BankPrecision[];
  threshold: readonly ThresholdRule[];
  score: readonly ScoreRule[];
  precision: readonly BackbonePrecision[];
};

/** Options that shape a model; a model that is added to has its own. */
const RECIPE_WORDS = {
  backbone: "--backbone",
  precision: "--precision",
  quality: "--quality",
  head: "--head",
  bank: "--bank",
  coreset: "--coreset",
  bankPrecision: "--bank-precision",
  fusion: "--fusion",
  maxMs: "--max-ms",
  bad: "--bad",
  threshold: "--threshold",
  turned: "--turned",
  profile: "--profile",
  channels: "--channels",
  score: "--score",
  falseAlarmRate: "--false-alarm-rate",
  seed: "--seed",
  ignoreBorder: "--ignore-border",
  factors: "--factors",
  statistics: "--statistics",
  learningCurve: "--learning-curve",
  sensitivity: "--sensitivity",
  ...CAPTURE_WORDS,
  ...TILE_WORDS,
  ...VALIDITY_WORDS,
  ...DECISION_WORDS,
  ...REGION_WORDS,
} as const;

/** Largest values: pixels, channels, patches of a bank, megabytes, megabytes of thumbnails, milliseconds of a picture. */
const MOST = {
  pixels: 4096,
  channels: 100_000,
  patches: 65_536,
  megabytes: 10_000_000,
  thumbnails: 2000,
  milliseconds: 600_000,
};

/**
 * Checks the words of the command line.
 * @param positional what to learn from, or with `--add` the model.
 * @throws BlemishError OPTION_VALUE
 */
export function trainRequest(positional: readonly string[], words: TrainWords): TrainRequest {
  const { inputs, addTo } = words.add === undefined ? goods(positional) : addition(positional, words);
  const output = words.output ?? addTo;
  if (output === null) throw missing("--output", "the model file to write, such as part.blemish");
  const { workers, maxMemory } = words;
  return {
    inputs,
    addTo,
    output,
    test: words.test === false ? false : typeof words.test === "string" ? words.test : null,
    report: words.report === false ? null : reportPath(words.report, output),
    backbone: words.backbone ?? null,
    precision: choice("--precision", words.precision ?? "float32", TRAIN_WORDS.precision),
    recipe: recipeOptions(words),
    choice: choiceRequest(words),
    learningCurve: words.learningCurve ?? false,
    sensitivity: words.sensitivity ?? false,
    keepStatistics: words.keepStatistics ?? false,
    thumbnails: thumbnailBytes(words, addTo),
    workers: workersOf(workers),
    maxMemory:
      maxMemory === undefined ? null : 1e6 * wholeNumber("--max-memory", maxMemory, 1, MOST.megabytes),
    strict: words.strict ?? false,
    json: words.json ?? false,
    quiet: words.quiet ?? false,
  };
}

/** Megabytes may be broken numbers; a model that is added to decides for itself. */
function thumbnailBytes({ thumbnails }: TrainWords, addTo: string | null): number | null {
  if (thumbnails === false) return 0;
  if (typeof thumbnails !== "string") return addTo === null ? THUMBNAIL_BYTES : null;
  const megabytes = finiteNumber("--thumbnails", thumbnails);
  if (megabytes < 0 || megabytes > MOST.thumbnails)
    throw badValue("--thumbnails", `megabytes from 0 to ${MOST.thumbnails}`, thumbnails);
  return Math.floor(megabytes * 1e6);
}

function goods(positional: readonly string[]): Pick<TrainRequest, "inputs" | "addTo"> {
  if (positional.length === 0) throw missing("the input", "a folder with pictures of good parts");
  return { inputs: positional, addTo: null };
}

function addition(positional: readonly string[], words: TrainWords): Pick<TrainRequest, "inputs" | "addTo"> {
  const [model, second] = positional;
  if (model === undefined) throw missing("the model", "the model that is added to");
  if (second !== undefined)
    throw badValue("the model", "one file, and pictures or models to add after --add each", second);
  for (const [name, option] of Object.entries(RECIPE_WORDS)) {
    const value = words[name as keyof typeof RECIPE_WORDS];
    if (value !== undefined)
      throw badValue(option, "nothing beside --add, because the model has its own", String(value));
  }
  return { inputs: words.add ?? [], addTo: model };
}

function recipeOptions(words: TrainWords): RecipeOptions {
  const { profile, channels, score, falseAlarmRate, seed, ignoreBorder, factors, statistics } = words;
  return {
    ...headOptions(words),
    ...captureOptions(words),
    ...tileOptions(words),
    ...validityOptions(words),
    ...decisionOptions(words),
    ...inputOptions(words),
    ...(profile !== undefined && { profile: choice("--profile", profile, TRAIN_WORDS.profile) }),
    ...(channels !== undefined && { channels: wholeNumber("--channels", channels, 1, MOST.channels) }),
    ...(score !== undefined && { score: choice("--score", score, TRAIN_WORDS.score) }),
    ...(falseAlarmRate !== undefined && {
      falseAlarmRate: rateValue("--false-alarm-rate", falseAlarmRate),
    }),
    ...(seed !== undefined && { seed: wholeNumber("--seed", seed, 0, Number.MAX_SAFE_INTEGER) }),
    ...(ignoreBorder !== undefined && {
      ignoreBorder: wholeNumber("--ignore-border", ignoreBorder, 0, MOST.pixels),
    }),
    ...(factors !== undefined && { factors: choice("--factors", factors, FACTORS) }),
    ...(statistics !== undefined && { statistics: choice("--statistics", statistics, STATISTICS) }),
  };
}

function headOptions(words: TrainWords): RecipeOptions {
  const { quality, head, bank, coreset, bankPrecision, fusion, threshold, turned } = words;
  return {
    ...(quality !== undefined &&
      quality !== "auto" && { quality: choice("--quality", quality, TRAIN_WORDS.quality) }),
    ...(head !== undefined && { head: choice("--head", head, TRAIN_WORDS.head) }),
    ...(bank !== undefined && { bank: wholeNumber("--bank", bank, 1, MOST.patches) }),
    ...(coreset !== undefined && { coreset: finiteNumber("--coreset", coreset) }),
    ...(bankPrecision !== undefined && {
      bankPrecision: choice("--bank-precision", bankPrecision, TRAIN_WORDS.bankPrecision),
    }),
    ...(fusion !== undefined && fusion !== "auto" && { padimWeight: finiteNumber("--fusion", fusion) }),
    ...(threshold !== undefined && { threshold: choice("--threshold", threshold, TRAIN_WORDS.threshold) }),
    ...(turned !== undefined && { turned }),
  };
}

function choiceRequest({ quality, fusion, maxMs, bad = [] }: TrainWords): ChoiceRequest {
  const auto = quality === "auto";
  if (auto && maxMs === undefined) throw missing("--max-ms", "the milliseconds that a picture may take");
  if (!auto && maxMs !== undefined) throw badValue("--max-ms", "nothing but beside --quality auto", maxMs);
  if (!auto && bad.length > 0) throw badValue("--bad", "nothing but beside --quality auto", bad.join(" "));
  return {
    maxMs: maxMs === undefined ? null : wholeNumber("--max-ms", maxMs, 1, MOST.milliseconds),
    fusion: fusion === "auto",
    bad,
  };
}

/** `part.report.html` beside `part.blemish`. */
function reportPath(word: string | boolean | undefined, output: string): string {
  if (typeof word === "string") return word;
  const { dir, name } = parse(output);
  return join(dir, `${name}.report.html`);
}
