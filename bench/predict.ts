/**
 * From an encoded picture to the decision: how long each stage takes, and how many pictures a second come out of
 * different numbers of workers and threads. All settings are measured in turns in one process, so that their ratios
 * mean something on a machine that does other things as well. See README.md for how to run it and for the traps.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import type { PixelArray, PredictTimings } from "@blemish/core";
import { type ImageSource, type Model, open, readImage, type StageTimings } from "@blemish/node";
import { type BenchInput, chooseInput, repeated } from "./choose-input.js";
import { circumstances } from "./machine.js";
import { median, round, type Spread, spreadOf } from "./spread.js";

const USAGE =
  "predict.ts [--model FOLDER] [--input FOLDER|FILE …] [--rounds 5] [--workers 1,2] [--threads 1,2] [--output FILE]";

/** Pictures of one round of a setting. */
const PICTURES = 24;

type Stage = keyof StageTimings;

/** One setting and what was measured of it so far. */
interface Setting {
  readonly workers: number;
  readonly threads: number;
  readonly model: Model;
  /** Milliseconds of each picture, alone on the way. */
  readonly laps: Record<Stage | "decision", number[]>;
  /** Each round's pictures a second and CPU milliseconds a picture, many on the way. */
  readonly throughput: Record<"encoded" | "decoded", { perSecond: number[]; cpuMs: number[] }>;
}

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    input: { type: "string", multiple: true },
    rounds: { type: "string", default: "5" },
    workers: { type: "string", default: "1,2" },
    threads: { type: "string", default: "1,2" },
    output: { type: "string" },
  },
});
const rounds = Number(values.rounds);
if (!(rounds >= 1)) throw new Error(USAGE);

const { load, ...where } = beforeAnything();
const input = await chooseInput(values.model, values.input);
const settings = await openSettings(input.model);
const decoded = await Promise.all(input.pictures.slice(0, PICTURES).map((path) => readImage(path)));
await measure();
const report = reportOf(input);
console.log(tables().join("\n"));
if (values.output !== undefined) {
  mkdirSync(dirname(values.output), { recursive: true });
  writeFileSync(values.output, `${JSON.stringify(report, null, 1)}\n`);
}
await Promise.all(settings.map(({ model }) => model.close()));

function beforeAnything() {
  const { machine, ...rest } = circumstances();
  return { ...rest, machine, load: machine.loadBefore };
}

/** Every pair of the asked numbers that the cores suffice for. */
async function openSettings(path: string): Promise<Setting[]> {
  const list = (text: string) => text.split(",").map(Number);
  const pairs = list(values.workers).flatMap((workers) =>
    list(values.threads).map((threads) => ({ workers, threads })),
  );
  const fitting = pairs.filter(({ workers, threads }) => workers * threads <= availableParallelism());
  if (fitting.length === 0) throw new Error(`More threads than cores.\n${USAGE}`);
  const opened: Setting[] = [];
  for (const pair of fitting) opened.push({ ...pair, model: await open(path, pair), ...nothingYet() });
  return opened;
}

function nothingYet(): Pick<Setting, "laps" | "throughput"> {
  const laps = {
    ...{ read: [], preProcess: [], network: [], postProcess: [], pictures: [], encode: [], decision: [] },
  };
  const none = () => ({ perSecond: [], cpuMs: [] });
  return { laps, throughput: { encoded: none(), decoded: none() } };
}

/** One round to warm up, then all settings in turns. */
async function measure(): Promise<void> {
  for (let turn = -1; turn < rounds; turn++) {
    for (const setting of settings) {
      const kept = turn < 0 ? { ...setting, ...nothingYet() } : setting;
      for (const path of repeated(input.pictures, PICTURES / 2)) await judgeAlone(kept, path);
      await judgeMany(kept, "encoded", repeated(input.pictures, PICTURES));
      await judgeMany(kept, "decoded", repeated<PixelArray>(decoded, PICTURES));
    }
  }
}

/** The decision by the clock, as a caller sees it; then once more with its heat map as a PNG file. */
async function judgeAlone({ model, laps }: Setting, path: string): Promise<void> {
  const start = performance.now();
  const { timings } = await model.predict(path);
  laps.decision.push(performance.now() - start);
  for (const stage of ["read", "preProcess", "network", "postProcess"] as const)
    laps[stage].push(timings[stage]);
  const drawn = await model.predict(path, { maps: false, encode: { heatMap: true } });
  for (const stage of ["pictures", "encode"] as const) laps[stage].push(drawn.timings[stage]);
}

async function judgeMany(
  { model, throughput }: Setting,
  kind: "encoded" | "decoded",
  sources: readonly ImageSource[],
): Promise<void> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  for await (const { error } of model.predictMany(sources, { maps: false })) if (error) throw error;
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  throughput[kind].perSecond.push(round((1000 * sources.length) / ms));
  throughput[kind].cpuMs.push(round((user + system) / 1000 / sources.length));
}

function reportOf({ names, pictures }: BenchInput) {
  const [first] = decoded;
  return {
    ...where,
    machine: { ...where.machine, loadBefore: load },
    model: names.model,
    pictures: { from: names.pictures, count: pictures.length, width: first!.width, height: first!.height },
    rounds,
    picturesPerRound: PICTURES,
    settings: settings.map(({ workers, threads, laps, throughput }) => {
      const stages = Object.fromEntries(
        Object.entries(laps).map(([stage, ms]) => [stage, spreadOf(ms)]),
      ) as Record<Stage | "decision", Spread>;
      return {
        ...{ workers, threads, stages },
        aroundNetwork: { min: around(stages, "min"), p50: around(stages, "p50") },
        throughput,
      };
    }),
    ratios: ratios(),
  };
}

/** What pre- and post-processing cost, as a share of the network. */
function around(stages: Record<keyof PredictTimings, Spread>, of: keyof Spread): number {
  return round((stages.preProcess[of] + stages.postProcess[of]) / stages.network[of]);
}

/** Pictures a second against those of the first setting in the same round: median, and best against best. */
function ratios() {
  const [base, ...others] = settings;
  return others.map(({ workers, threads, throughput }) => {
    const against = (kind: "encoded" | "decoded") => {
      const ours = throughput[kind].perSecond;
      const theirs = base!.throughput[kind].perSecond;
      return {
        median: median(ours.map((value, turn) => value / theirs[turn]!)),
        best: round(Math.max(...ours) / Math.max(...theirs)),
      };
    };
    return { workers, threads, encoded: against("encoded"), decoded: against("decoded") };
  });
}

function tables(): string[] {
  const name = ({ workers, threads }: { workers: number; threads: number }) => `${workers} × ${threads}`;
  const cell = ({ min, p50, p95 }: Spread) => `${min} / ${p50} / ${p95}`;
  const { machine, versions, pictures } = report;
  const columns = report.settings;
  const stages = Object.keys(columns[0]!.stages) as (Stage | "decision")[];
  return [
    `${report.model}, ${pictures.count} pictures of ${pictures.width} × ${pictures.height}, ${rounds} rounds in turns.`,
    `${report.date}, commit ${report.commit}; ${machine.cpu}, ${machine.cores} cores, load ${load}; ` +
      Object.entries(versions)
        .map(([what, version]) => `${what} ${version}`)
        .join(", "),
    "",
    `| ms: min / p50 / p95, workers × threads | ${columns.map(name).join(" | ")} |`,
    `|---|${columns.map(() => "---|").join("")}`,
    ...stages.map(
      (stage) => `| ${stage} | ${columns.map((column) => cell(column.stages[stage])).join(" | ")} |`,
    ),
    `| around the network, share at min / p50 | ${columns.map(({ aroundNetwork: a }) => `${a.min} / ${a.p50}`).join(" | ")} |`,
    ...(["encoded", "decoded"] as const).flatMap((kind) => [
      `| ${kind} pictures a second, median (best) | ${columns
        .map(({ throughput: { [kind]: t } }) => `${median(t.perSecond)} (${Math.max(...t.perSecond)})`)
        .join(" | ")} |`,
      `| CPU ms a picture, ${kind} | ${columns.map(({ throughput: { [kind]: t } }) => median(t.cpuMs)).join(" | ")} |`,
    ]),
    "",
    ...report.ratios.map(
      (ratio) =>
        `${name(ratio)} against ${name(columns[0]!)}, median of rounds (best against best): ` +
        `encoded ${ratio.encoded.median} (${ratio.encoded.best}), decoded ${ratio.decoded.median} (${ratio.decoded.best})`,
    ),
  ];
}
