/**
 * Whether the promises hold: many trainings on generated good parts, each with its thresholds tried on thousands of
 * parts that it has not seen. Prints a Markdown table; docs/promises.md says what it means.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { binomialInterval, PART_KINDS, type PartKind, type RecipeOptions, recipeFor } from "@blemish/core";
import { loadBackbone } from "@blemish/node";
import { circumstances } from "./machine.js";
import { embeddingLength, type PartsSetup } from "./promises/good-parts.js";
import type { Outcome, Repetition } from "./promises/repetition.js";
import { startThreads } from "./promises/threads.js";

const USAGE =
  "promises.ts [--repetitions 200] [--kind washer] [--counts 20,50,200] [--rates 0.1,0.05,0.01] [--fresh 2000] " +
  "[--pool 4400] [--head fusion] [--threshold leave-one-out] [--bank N] [--turned|--no-turned] [--size 64] [--pixels 96] " +
  "[--filters] [--zones] [--seed 1] [--workers N] [--output FILE.json]";

/** Parts that a thread embeds at a time. */
const BATCH = 100;

const { values } = parseArgs({
  options: {
    repetitions: { type: "string", default: "200" },
    kind: { type: "string", default: "washer" },
    counts: { type: "string", default: "20,50,200" },
    rates: { type: "string", default: "0.1,0.05,0.01" },
    fresh: { type: "string", default: "2000" },
    pool: { type: "string", default: "4400" },
    head: { type: "string", default: "fusion" },
    threshold: { type: "string", default: "leave-one-out" },
    bank: { type: "string" },
    turned: { type: "boolean" },
    "no-turned": { type: "boolean" },
    size: { type: "string", default: "64" },
    pixels: { type: "string", default: "96" },
    filters: { type: "boolean", default: false },
    zones: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: String(availableParallelism()) },
    output: { type: "string" },
  },
});
const numbers = (text: string) => text.split(",").map(Number);
const [counts, rates] = [numbers(values.counts), numbers(values.rates)];
const [repetitions, fresh, poolSize] = [values.repetitions, values.fresh, values.pool].map(Number) as [
  number,
  number,
  number,
];
const { head, threshold } = values;
if (!["padim", "patchcore", "fusion"].includes(head) || !["leave-one-out", "precise"].includes(threshold))
  throw new Error(USAGE);
if (!PART_KINDS.includes(values.kind as PartKind) || poolSize < fresh + Math.max(...counts))
  throw new Error(`${USAGE}\nKinds: ${PART_KINDS.join(", ")}. The pool must hold training and fresh parts.`);

/** What decides besides the threshold, in shares of the pictures. */
function decisionOf(pixels: number): RecipeOptions {
  const { filters, zones } = values;
  const part = (x: number, y: number, radius: number) =>
    [{ type: "circle", x: x * pixels, y: y * pixels, radius: radius * pixels }] as const;
  return {
    ...((filters || zones) && { picture: { width: pixels, height: pixels } }),
    ...(filters && {
      filters: { minArea: (pixels * pixels) / 100, minPeak: 0.55, ignoreTouchingBorder: true },
    }),
    ...(zones && {
      zones: [
        { name: "middle", shapes: part(0.5, 0.5, 0.2), weight: 2 },
        { name: "left", shapes: [{ type: "rectangle", x: 0, y: 0, width: pixels / 3, height: pixels }] },
      ],
    }),
  };
}

const where = circumstances();
const started = performance.now();
const parts: PartsSetup = {
  kind: values.kind as PartKind,
  // Parts of different seeds must not overlap.
  seed: Number(values.seed) * 1_000_000,
  pixels: Number(values.pixels),
  options: {
    size: Number(values.size),
    head: head as NonNullable<RecipeOptions["head"]>,
    threshold: threshold as NonNullable<RecipeOptions["threshold"]>,
    ...(values.bank !== undefined && { bank: Number(values.bank) }),
    ...(values.turned && { turned: true }),
    ...(values["no-turned"] && { turned: false }),
    ...decisionOf(Number(values.pixels)),
  },
};
const results = await measure();
const seconds = Math.round((performance.now() - started) / 1000);
const rows = counts.flatMap((count, c) =>
  rates.map((rate, r) => ({
    count,
    rate,
    image: summary(
      count,
      results[c]!.map(({ image }) => image[r]!),
    ),
    pixel: summary(
      count,
      results[c]!.map(({ pixel }) => pixel[r]!),
    ),
  })),
);
const medianRatio = counts.map((_, c) => mean(results[c]!.map((one) => one.medianRatio)));
console.log(table());
if (values.output !== undefined) {
  mkdirSync(dirname(values.output), { recursive: true });
  const setup = { ...parts, repetitions, fresh, pool: poolSize };
  writeFileSync(
    values.output,
    `${JSON.stringify({ ...where, setup, seconds, rows, medianRatio }, null, 1)}\n`,
  );
}

/** Repetitions by number of training pictures. */
async function measure(): Promise<Repetition[][]> {
  const recipe = recipeFor((await loadBackbone()).manifest, parts.options);
  const pool = new SharedArrayBuffer(4 * poolSize * embeddingLength(recipe));
  const threads = startThreads(Number(values.workers), { parts, pool });
  try {
    const batches = Array.from({ length: Math.ceil(poolSize / BATCH) }, (_, batch) => ({
      type: "embed" as const,
      from: batch * BATCH,
      to: Math.min(poolSize, (batch + 1) * BATCH),
    }));
    await threads.run(batches, told("batches of parts", batches.length));
    const all: Repetition[][] = [];
    for (const count of counts) {
      const tasks = Array.from({ length: repetitions }, (_, number) => ({
        type: "repeat" as const,
        plan: { number, count, fresh, rates },
      }));
      all.push((await threads.run(tasks, told(`trainings of ${count}`, repetitions))) as Repetition[]);
    }
    return all;
  } finally {
    await threads.close();
  }
}

function told(what: string, total: number) {
  return (done: number) => {
    if (done === total || done % 20 === 0) console.error(`${done} of ${total} ${what}`);
  };
}

/** What the repetitions say of one promise. */
function summary(count: number, outcomes: readonly Outcome[]) {
  const realised = outcomes.map((one) => one.realised);
  const centre = mean(realised);
  const variance = realised.reduce((sum, rate) => sum + (rate - centre) ** 2, 0) / (realised.length - 1);
  const exceeded = outcomes.filter((one) => one.realised > one.guaranteed).length;
  const { expected, guaranteed, reached } = outcomes[0]!;
  return {
    reached,
    expected,
    guaranteed,
    realised: centre,
    standardError: Math.sqrt(variance / realised.length),
    exceeded,
    exceededShare: exceeded / outcomes.length,
    exceededInterval: binomialInterval(exceeded, outcomes.length),
    exceededByLaw: exceededByLaw(count, Math.round(expected * (count + 1)), guaranteed),
  };
}

/**
 * How often the guarantee is exceeded when training and fresh scores are exchangeable: of `fresh` scores, the number
 * above the one that `above − 1` of `count` exceed is beta-binomial. It is a little over 5 % because a rate counted on
 * `fresh` parts spreads more than the true one.
 */
function exceededByLaw(count: number, above: number, guaranteed: number): number {
  const below = count + 1 - above;
  let chance = 1;
  for (let i = 0; i < above; i++) chance *= (below + i) / (fresh + below + i);
  let within = 0;
  for (let alarms = 0; alarms <= guaranteed * fresh; alarms++) {
    within += chance;
    chance *= ((fresh - alarms) / (alarms + 1)) * ((alarms + above) / (fresh - alarms - 1 + below));
  }
  return 1 - within;
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}

function table(): string {
  const percent = (share: number, digits = 2) => `${(100 * share).toFixed(digits)} %`;
  const lines = rows.flatMap(({ count, rate, image, pixel }) =>
    Object.entries({ picture: image, pixel }).map(([which, one]) => {
      const asked = one.reached ? percent(rate, 0) : `${percent(rate, 0)} (too few)`;
      const realised = `${percent(one.realised)} ± ${percent(one.standardError)}`;
      const [low, high] = one.exceededInterval;
      const exceeded = `${percent(one.exceededShare, 1)} (${percent(low, 1)}–${percent(high, 1)}); ${percent(one.exceededByLaw, 1)}`;
      return `| ${count} | ${which} | ${asked} | ${percent(one.expected)} | ${realised} | ${percent(one.guaranteed)} | ${exceeded} |`;
    }),
  );
  return [
    `${where.machine.cpu}, ${where.machine.cores} cores; ${where.date}; ${repetitions} repetitions, ` +
      `kind ${parts.kind}, pictures ${parts.pixels}², network ${parts.options.size}², head ${head}, threshold ${threshold}${values.filters ? ", filters" : ""}${values.zones ? ", zones" : ""}, ${fresh} fresh of ${poolSize} parts; ${seconds} s`,
    "",
    "| N | threshold | asked | expected | realised (mean ± s.e.) | guaranteed | exceeded in (95 % interval); by the law |",
    "|---|---|---|---|---|---|---|",
    ...lines,
    "",
    `Median score of training parts, each left out, over fresh parts: ${counts.map((count, c) => `N ${count}: ${medianRatio[c]!.toFixed(4)}`).join(", ")}`,
  ].join("\n");
}
