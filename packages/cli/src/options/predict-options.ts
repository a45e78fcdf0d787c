/** What `blemish predict` was asked for: command-line words checked and put together into one plain record. */
import type { Profile, Task } from "@blemish/core";
import type { EngineOptions, Mode } from "@blemish/node";
import { type EngineWords, engineOptions } from "./engine-words.js";
import { modeOf } from "./mode-words.js";
import { badValue, choice, finiteNumber, missing, wholeNumber } from "./values.js";

/** The words of the options as commander gives them: text, or true for a switch. */
export interface PredictWords extends EngineWords {
  readonly weights?: string;
  readonly metadata?: string;
  readonly input?: readonly string[];
  readonly output?: string;
  readonly task?: string;
  readonly visualizationMode?: string;
  readonly visualization_mode?: string;
  readonly explain?: boolean;
  readonly show?: boolean;
  readonly json?: boolean;
  readonly csv?: string;
  readonly maps?: string;
  readonly threshold?: string;
  readonly mode?: string;
  readonly threads?: string;
  readonly workers?: string;
  readonly profile?: string;
  readonly score?: string;
  readonly device?: string;
  readonly check?: boolean;
  /** false for `--no-validity`. */
  readonly validity?: boolean;
  readonly quiet?: boolean;
}

/** Checked options. Null means not given. */
export interface PredictOptions {
  readonly model: string;
  readonly metadata: string | null;
  readonly inputs: readonly string[];
  readonly output: string | null;
  /** Null = the model's own task. */
  readonly task: Task | null;
  readonly mode: "simple" | "full";
  /** Say why places are hot. */
  readonly explain: boolean;
  readonly show: boolean;
  readonly json: boolean;
  readonly csv: string | null;
  readonly maps: string | null;
  readonly threshold: number | null;
  /** What is to be fast: `--mode`. (`mode` is what is drawn.) */
  readonly speed: Mode | null;
  /** Network threads of each worker; null = shared out evenly. */
  readonly threads: number | null;
  readonly workers: number | "auto";
  readonly profile: Profile | null;
  readonly scoreSource: "output" | "map-max" | null;
  readonly engine: EngineOptions;
  /** false: pictures that break the model's rules are judged, too. */
  readonly validity: boolean;
  /** Run the model's samples first. */
  readonly check: boolean;
  readonly quiet: boolean;
}

/** The words allowed for each option that has a list; help and documentation show the same. */
export const WORDS = {
  task: ["classification", "segmentation", "detection"],
  mode: ["simple", "full"],
  profile: ["anomalib-0.7", "anomalib-1", "anomalib-2"],
  score: ["output", "map-max"],
  device: ["CPU"],
} as const;

/** Most threads and workers that can be asked for. */
const MOST = 256;

/**
 * Checks the words of the command line.
 * @param positional Words without an option: model and inputs, or inputs alone when `--weights` is given.
 * @throws BlemishError OPTION_VALUE for a value that is not allowed and for a missing model or input.
 */
export function predictOptions(positional: readonly string[], words: PredictWords): PredictOptions {
  const { model, rest } = modelAndRest(positional, words.weights);
  const inputs = [...(words.input ?? []), ...rest];
  if (inputs.length === 0) throw missing("the input", "a picture, a folder or a glob");
  if (words.device !== undefined) choice("--device", words.device, WORDS.device);
  const csv = words.csv ?? null;
  if (words.json && csv === "-")
    throw badValue("--csv", "a file, because --json already writes to standard output", "-");
  const mode = words.visualizationMode ?? words.visualization_mode;
  return {
    model,
    metadata: words.metadata ?? null,
    inputs,
    output: words.output ?? null,
    task: words.task === undefined ? null : choice("--task", words.task, WORDS.task),
    mode: mode === undefined ? "simple" : choice("--visualization-mode", mode, WORDS.mode),
    explain: words.explain ?? false,
    show: words.show ?? false,
    json: words.json ?? false,
    csv,
    maps: words.maps ?? null,
    threshold: words.threshold === undefined ? null : finiteNumber("--threshold", words.threshold),
    speed: modeOf(words.mode),
    threads: words.threads === undefined ? null : wholeNumber("--threads", words.threads, 1, MOST),
    workers: workersOf(words.workers),
    profile: profileOf(words.profile),
    engine: engineOptions(words),
    scoreSource: words.score === undefined ? null : choice("--score", words.score, WORDS.score),
    validity: words.validity ?? true,
    check: words.check ?? false,
    quiet: words.quiet ?? false,
  };
}

/**
 * The model from its option or from the first positional word.
 * @throws BlemishError OPTION_VALUE without either.
 */
export function modelAndRest(
  positional: readonly string[],
  weights: string | undefined,
): { readonly model: string; readonly rest: readonly string[] } {
  const model = weights ?? positional[0];
  if (model === undefined) throw missing("the model", "an ONNX file");
  return { model, rest: weights === undefined ? positional.slice(1) : positional };
}

/** A forced profile; null when not given. */
export function profileOf(word: string | undefined): Profile | null {
  return word === undefined ? null : choice("--profile", word, WORDS.profile);
}

/** The value of `--workers`: a number from 1 to 256, or auto, which is also the default. */
export function workersOf(word: string | undefined): number | "auto" {
  if (word === undefined || word === "auto") return "auto";
  return wholeNumber("--workers", word, 1, MOST);
}
