/** What `blemish bench` was asked for: command-line words checked, and the settings that follow from `--compare`. */
import type { Profile } from "@blemish/core";
import type { OpenOptions } from "@blemish/node";
import { type EngineWords, engineOptions } from "./engine-words.js";
import { modeOf } from "./mode-words.js";
import { modelAndRest, profileOf, workersOf } from "./predict-options.js";
import { badValue, finiteNumber, missing, wholeNumber } from "./values.js";

/** The words of the options as commander gives them: text, or true for a switch. */
export interface BenchWords extends EngineWords {
  readonly metadata?: string;
  readonly profile?: string;
  readonly workers?: string;
  readonly threads?: string;
  readonly mode?: string;
  readonly compare?: readonly string[];
  readonly rounds?: string;
  readonly seconds?: string;
  readonly decoded?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** One way to open the model, and what its column is called. */
export interface BenchSetting {
  /** What `--compare` varies, such as "workers 2, threads 1"; "" when nothing is compared. */
  readonly name: string;
  readonly options: OpenOptions;
}

/** Checked options. Null means not given. */
export interface BenchRequest {
  readonly model: string;
  readonly inputs: readonly string[];
  readonly settings: readonly BenchSetting[];
  readonly rounds: number | null;
  readonly seconds: number | null;
  readonly decoded: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Most settings that can be compared, rounds, seconds, threads. */
const MOST = { settings: 12, rounds: 10_000, seconds: 86_400, threads: 256 };

type Setters = Readonly<Record<string, (word: string, option: string) => OpenOptions>>;

/** What can be set, and compared: the same words and values for the option and in `--compare`. */
const SETTERS = {
  workers: (word) => {
    const workers = workersOf(word);
    return workers === "auto" ? {} : { workers };
  },
  threads: (word, option) => ({ threads: wholeNumber(option, word, 1, MOST.threads) }),
  mode: (word) => ({ mode: modeOf(word) ?? "latency" }),
  engine: (engine) => engineOptions({ engine }),
  factors: (factors) => engineOptions({ factors }),
  bankPrecision: (bankPrecision) => engineOptions({ bankPrecision }),
} as const satisfies Setters;

const NAMES = Object.keys(SETTERS) as readonly (keyof typeof SETTERS)[];

/** A name as the command line spells it. */
function spelled(name: keyof typeof SETTERS): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The words that `--compare` knows. */
export const COMPARABLE: readonly string[] = NAMES.map(spelled);

/**
 * Checks the words of the command line.
 * @param positional the model, then pictures.
 * @throws BlemishError OPTION_VALUE for a value that is not allowed and for a missing model or input.
 */
export function benchRequest(positional: readonly string[], words: BenchWords): BenchRequest {
  const { model, rest } = modelAndRest(positional, undefined);
  if (rest.length === 0) throw missing("the input", "a picture, a folder or a glob");
  const { rounds, seconds } = words;
  if (rounds !== undefined && seconds !== undefined)
    throw badValue("--seconds", "nothing beside --rounds, which says when to stop", seconds);
  return {
    model,
    inputs: rest,
    settings: settingsOf(words),
    rounds: rounds === undefined ? null : wholeNumber("--rounds", rounds, 1, MOST.rounds),
    seconds: seconds === undefined ? null : secondsOf(seconds),
    decoded: words.decoded ?? false,
    json: words.json ?? false,
    quiet: words.quiet ?? false,
  };
}

function secondsOf(text: string): number {
  const value = finiteNumber("--seconds", text);
  if (value > 0 && value <= MOST.seconds) return value;
  throw badValue("--seconds", `a number above 0 and up to ${MOST.seconds}`, text);
}

/** Every combination of what is compared, each with what is the same for all. */
function settingsOf(words: BenchWords): BenchSetting[] {
  const profile: Profile | null = profileOf(words.profile);
  let common: OpenOptions = {
    ...(words.metadata !== undefined && { metadata: words.metadata }),
    ...(profile !== null && { profile }),
  };
  const compared = new Set<string>();
  for (const name of NAMES) {
    const word = words[name];
    if (word !== undefined) common = { ...common, ...SETTERS[name](word, `--${spelled(name)}`) };
  }
  let settings: BenchSetting[] = [{ name: "", options: common }];
  for (const text of words.compare ?? []) {
    const { name, values } = comparison(text);
    if (compared.has(name) || words[name] !== undefined)
      throw badValue("--compare", `${spelled(name)} in one place only`, text);
    compared.add(name);
    settings = settings.flatMap((setting) =>
      values.map((value) => ({
        name: [setting.name, `${spelled(name)} ${value}`].filter((part) => part !== "").join(", "),
        options: { ...setting.options, ...SETTERS[name](value, `--compare ${spelled(name)}`) },
      })),
    );
  }
  if (settings.length <= MOST.settings) return settings;
  throw badValue("--compare", `at most ${MOST.settings} combinations`, (words.compare ?? []).join(" "));
}

function comparison(text: string): { name: keyof typeof SETTERS; values: readonly string[] } {
  const [, word, list = ""] = /^([\w-]+)=(.+)$/.exec(text) ?? [];
  const name = NAMES.find((one) => spelled(one) === word);
  const values = list.split(",").map((value) => value.trim());
  const different = new Set(values).size === values.length && values.length > 1;
  if (name !== undefined && different && !values.includes("")) return { name, values };
  throw badValue(
    "--compare",
    `two different values or more of ${COMPARABLE.join(" or ")}, such as workers=1,2`,
    text,
  );
}
