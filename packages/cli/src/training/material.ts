/** Getting the pictures of a training together: recognised, checked, and without those that cannot be read. */
import { BlemishError, type DatasetItem, type HealthReport } from "@blemish/core";
import { checkHealth } from "@blemish/node";
import type { TrainRequest } from "../options/train-options.js";
import type { Talk } from "../output/talk.js";
import { counted } from "../report-page/rate-words.js";
import { type OutputStream, paint } from "../terminal.js";
import type { Additions } from "./additions.js";
import { healthWords, unreadablePaths } from "./health-words.js";
import { testSet, trainSet } from "./train-set.js";

/** Checked pictures. */
export interface Material {
  /** Paths to learn from, in order. */
  readonly goods: readonly string[];
  readonly tested: readonly DatasetItem[];
  readonly testName: string;
  readonly health: HealthReport;
  /** Pictures that cannot be read; nothing is done with them. */
  readonly leftOut: readonly string[];
  /** What the report must say besides the health check. */
  readonly warnings: readonly string[];
  readonly seconds: number;
}

/**
 * Recognises and checks the pictures, and says what was found.
 * @param added pictures that models know already are left out; where a merged model brings some no others are needed.
 * @throws BlemishError DATASET, NO_IMAGES, IMAGE_NOT_FOUND, CANCELLED; with `strict` also for a finding that is an error.
 */
export async function gatherMaterial(
  { inputs, test, strict, recipe }: Pick<TrainRequest, "inputs" | "test" | "strict" | "recipe">,
  { addTo, known: files, merged }: Pick<Additions, "addTo" | "known" | "merged">,
  talk: Talk,
  stderr: OutputStream,
  signal: AbortSignal,
): Promise<Material> {
  const started = performance.now();
  const set = inputs.length === 0 ? await testSet(test) : await trainSet(inputs, test);
  const { goods, tested, testName, words } = set;
  if (words !== "") await talk.say(words);
  const capture = addTo === null ? recipe.capture : addTo.manifest.capture;
  const health = await checkHealth([...goods, ...tested], {
    ...(capture && { capture }),
    signal,
    onProgress: (done, total) => talk.stages.at("Checking", done, total),
  });
  talk.stages.clear();
  const told = healthWords(health, stderr);
  if (told !== "") stderr.write(`${told}\n`);
  if (strict) refuseErrors(health);
  const broken = unreadablePaths(health);
  const leftOut = [...broken];
  const warnings: string[] = [];
  if (leftOut.length > 0) {
    const text = `${counted(leftOut.length, "picture")} cannot be read and ${leftOut.length === 1 ? "is" : "are"} left out.`;
    stderr.write(`${paint(stderr, "yellow", "warning:")} ${text}\n`);
    warnings.push(text);
  }
  const known = new Set(files.map(({ sha256 }) => sha256));
  const old = new Set(health.files.flatMap(({ path, sha256 }) => (known.has(sha256) ? [path] : [])));
  const fresh = goods.filter(({ path }) => !broken.has(path) && !old.has(path)).map(({ path }) => path);
  if (fresh.length < goods.length - leftOut.length)
    await talk.say(`${counted(old.size, "picture")} ${old.size === 1 ? "is" : "are"} in the model already.`);
  if (merged.length === 0) checkSome(fresh, inputs[0] ?? "The model", leftOut.length, old.size);
  return {
    goods: fresh,
    tested: tested.filter(({ path }) => !broken.has(path)),
    testName,
    health,
    leftOut,
    warnings,
    seconds: (performance.now() - started) / 1000,
  };
}

function refuseErrors({ findings }: HealthReport): void {
  const first = findings.find(({ severity }) => severity === "error");
  if (first === undefined) return;
  throw new BlemishError("DATASET", {
    subject: first.paths[0] ?? "The data set",
    expected: "a health check without errors (--strict)",
    found: first.message.replace(/[. ]*(\[[A-Z_]+\])?$/, ""),
  });
}

function checkSome(fresh: readonly string[], input: string, leftOut: number, old: number): void {
  if (fresh.length > 0) return;
  const reasons = [
    leftOut > 0 ? `${leftOut} that cannot be read` : "",
    old > 0 ? `${old} that it knows already` : "",
  ];
  throw new BlemishError("DATASET", {
    subject: input,
    expected: "good pictures to learn from",
    found: `only ${reasons.filter((reason) => reason !== "").join(" and ") || "pictures that are known already"}`,
  });
}
