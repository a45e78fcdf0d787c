/** What is measured, section by section. Times in milliseconds, sizes in bytes, all rounds kept. */

import { statSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { auroc } from "@blemish/core";
import { medianOf, type Spread, spreadOf } from "@blemish/node";
import { inTurns } from "./in-turns.js";
import { folderBytes, packageBytes } from "./installed-size.js";
import type { PeerHouse } from "./peer-house.js";
import { missingFile, type PeerPlan } from "./peer-plans.js";
import { type LatencyAnswer, type ScoresAnswer, startPeer, type ThroughputAnswer } from "./peer-process.js";
import { isGood, type PictureSet, type Places, ROOT, spreadOver } from "./places.js";
import { isMade, type Made, type Making, make } from "./trainings.js";

/** How much is measured. */
export interface Amount {
  readonly rounds: number;
  /** Pictures of a round. */
  readonly latency: number;
  readonly throughput: number;
  /** Processes started of each peer. */
  readonly starts: number;
  /** Times that each training runs; 0 = only what is missing. */
  readonly trainings: number;
}

/** One picture at a time. */
export interface LatencyResult {
  readonly ms: Spread;
  /** Medians of the rounds' medians. */
  readonly stages: Readonly<Record<string, number>>;
  readonly cpuMs: number;
  /** Median of each round. */
  readonly rounds: readonly number[];
}

/** A folder of pictures. */
export interface ThroughputResult {
  /** Pictures a second in each round. */
  readonly rounds: readonly number[];
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly peakRss: number;
}

/** Scores against the reference. */
export interface ScoreResult {
  /** Largest difference from the reference's score, relative to it; null for a peer with a model of its own. */
  readonly maxRelative: number | null;
  readonly flippedLabels: number | null;
  /** Of the 256 × 256 test pictures. */
  readonly auroc: number;
}

/** A new process. */
export interface StartResult {
  readonly startMs: number;
  readonly openMs: number;
  readonly firstMs: number;
  /** `startMs` of each process. */
  readonly rounds: readonly number[];
}

/** A training. */
export interface TrainingResult {
  readonly name: string;
  readonly seconds: number;
  readonly peakBytes: number | null;
  readonly rounds: readonly Made[];
}

/** When a section was measured, and how busy the machine was before. */
export interface Stamp {
  readonly at: string;
  readonly load: number;
}

type Each<T> = Readonly<Record<string, T>>;

/** Everything that was measured so far; a section that was not measured is missing. */
export interface Sections {
  readonly training?: Stamp & { readonly results: Each<TrainingResult> };
  readonly latency?: Stamp & { readonly results: Readonly<Record<PictureSet, Each<LatencyResult>>> };
  readonly throughput?: Stamp & { readonly results: Readonly<Record<PictureSet, Each<ThroughputResult>>> };
  readonly scores?: Stamp & { readonly results: Each<ScoreResult> };
  readonly start?: Stamp & { readonly results: Each<StartResult> };
  readonly size?: Stamp & {
    readonly models: Each<number>;
    readonly installed: Each<{ bytes: number; packages: number | null }>;
  };
}

/** Names of the sections in the order in which they are measured. */
export const SECTIONS = [
  "training",
  "size",
  "scores",
  "latency",
  "throughput",
  "start",
] as const satisfies readonly (keyof Sections)[];

const SETS = ["900", "256"] as const satisfies readonly PictureSet[];

/** The moment and the load before a section. */
export function stamp(): Stamp {
  return { at: new Date().toISOString(), load: Math.round((loadavg()[0] ?? 0) * 10) / 10 };
}

/** Makes what is missing, and times the trainings as often as asked, in turns. */
export async function measureTraining(
  list: readonly Making[],
  times: number,
  note: (id: string, why: string) => void,
) {
  const rounds = new Map<string, { making: Making; made: Made[] }>();
  for (let round = 0; round < Math.max(1, times); round++)
    for (const making of list) {
      const wanted = making.training && round < times;
      if (!wanted && isMade(making)) continue;
      try {
        console.error(`${making.training ? "training" : "making"} ${making.name} …`);
        const made = await make(making);
        const entry = rounds.get(making.id) ?? { making, made: [] };
        rounds.set(making.id, { making, made: [...entry.made, made] });
      } catch (error) {
        note(making.id, error instanceof Error ? error.message : String(error));
      }
    }
  const trained = [...rounds.values()].filter(({ making }) => making.training);
  return Object.fromEntries(
    trained.map(({ making: { id, name }, made }) => {
      const peaks = made.flatMap(({ peakBytes }) => peakBytes ?? []);
      const seconds = medianOf(made.map((one) => one.seconds));
      return [id, { name, seconds, peakBytes: peaks.length === 0 ? null : Math.max(...peaks), rounds: made }];
    }),
  );
}

/** One picture at a time, both sets. */
export async function measureLatency(house: PeerHouse, places: Places, { rounds, latency }: Amount) {
  const measure = async (set: PictureSet) => {
    const pictures = spreadOver(places.pictures[set], latency);
    console.error(`latency, ${set} × ${set} …`);
    const answers = await inTurns(house, await house.entrants("latency"), rounds, (peer) =>
      peer.latency(pictures),
    );
    return Object.fromEntries([...answers].map(([id, list]) => [id, latencyOf(list)]));
  };
  return { "900": await measure("900"), "256": await measure("256") };
}

function latencyOf(answers: readonly LatencyAnswer[]): LatencyResult {
  const stages = Object.keys(answers[0]?.stages ?? {});
  return {
    ms: spreadOf(answers.flatMap(({ ms }) => ms)),
    stages: Object.fromEntries(
      stages.map((name) => [name, medianOf(answers.map((one) => one.stages[name]!))]),
    ),
    cpuMs: medianOf(answers.map(({ cpuMs }) => cpuMs)),
    rounds: answers.map(({ ms }) => medianOf(ms)),
  };
}

/** Folders, both sets. */
export async function measureThroughput(house: PeerHouse, places: Places, { rounds, throughput }: Amount) {
  const measure = async (set: PictureSet) => {
    const pictures = spreadOver(places.pictures[set], throughput);
    console.error(`throughput, ${set} × ${set} …`);
    const entrants = await house.entrants("throughput");
    const answers = await inTurns(house, entrants, rounds, (peer) => peer.throughput(pictures));
    return Object.fromEntries([...answers].map(([id, list]) => [id, throughputOf(list, pictures.length)]));
  };
  return { "900": await measure("900"), "256": await measure("256") };
}

function throughputOf(answers: readonly ThroughputAnswer[], pictures: number): ThroughputResult {
  const rounds = answers.map(({ seconds }) => Math.round((100 * pictures) / seconds) / 100);
  return {
    rounds,
    perSecond: medianOf(rounds),
    cpuMs: medianOf(answers.map(({ cpuMs }) => cpuMs)),
    peakRss: Math.max(...answers.map(({ peakRss }) => peakRss)),
  };
}

/** Every test picture of both sets once; differences from the references. */
export async function measureScores(house: PeerHouse, places: Places) {
  console.error("scores …");
  const pictures = SETS.flatMap((set) => places.pictures[set]);
  const entrants = await house.entrants("latency");
  const judged = new Map<string, Decisions>();
  for (const { plan, peer } of entrants)
    await peer.scores(pictures).then(
      (answer) => judged.set(plan.id, answer),
      (error) => house.fail(plan, error),
    );
  const small = new Set(places.pictures["256"]);
  const results = entrants.flatMap(({ plan }) => {
    const own = judged.get(plan.id);
    if (own === undefined) return [];
    const reference = judged.get(plan.reference ?? "");
    const scored = (good: boolean) =>
      own.scores.filter((_, i) => small.has(pictures[i]!) && isGood(pictures[i]!) === good);
    const area = auroc({ good: scored(true), anomalous: scored(false) });
    return [[plan.id, { ...differences(plan, own, reference), auroc: area }] as const];
  });
  return Object.fromEntries(results);
}

/** What a peer answered for all pictures. */
type Decisions = Pick<ScoresAnswer, "scores" | "labels">;

function differences({ ownThreshold }: PeerPlan, own: Decisions, reference: Decisions | undefined) {
  if (reference === undefined) return { maxRelative: null, flippedLabels: null };
  const relative = own.scores.map((score, i) => Math.abs(score / reference.scores[i]! - 1));
  const flipped = own.labels.filter((label, i) => label !== reference.labels[i]).length;
  return { maxRelative: Math.max(...relative), flippedLabels: ownThreshold ? null : flipped };
}

/** New processes in turns, from their start to the first result. */
export async function measureStart(
  plans: readonly PeerPlan[],
  first: string,
  { starts }: Amount,
  house: PeerHouse,
) {
  const all = new Map<string, { startMs: number; openMs: number; firstMs: number }[]>();
  const able = plans.filter((plan) => plan.processes === 1 && missingFile(plan) === null);
  for (let round = 0; round < starts; round++)
    for (const plan of able.filter(({ id }) => !(id in house.skipped)))
      try {
        console.error(`start of ${plan.name} …`);
        const { head, startMs, close } = await startPeer(plan.command("latency", first));
        await close();
        const { openMs, firstMs } = head;
        all.set(plan.id, [...(all.get(plan.id) ?? []), { startMs, openMs, firstMs }]);
      } catch (error) {
        house.fail(plan, error);
      }
  return Object.fromEntries(
    [...all].map(([id, list]): [string, StartResult] => {
      const middle = (name: "startMs" | "openMs" | "firstMs") => medianOf(list.map((one) => one[name]));
      const rounds = list.map(({ startMs }) => Math.round(startMs));
      return [
        id,
        { startMs: middle("startMs"), openMs: middle("openMs"), firstMs: middle("firstMs"), rounds },
      ];
    }),
  );
}

/** Model files as they are deployed, and what an installation takes. */
export function measureSize(list: readonly Making[], places: Places) {
  const models = list.filter(isMade).filter(({ id }) => !id.startsWith("backbone"));
  const environment = (name: "a070" | "a270") => ({
    bytes: folderBytes(dirname(dirname(places.python[name]))),
    packages: null,
  });
  return {
    models: Object.fromEntries(models.map(({ id, outputs }) => [id, deployedBytes(outputs[0]!)])),
    installed: {
      a070: environment("a070"),
      a270: environment("a270"),
      blemish: packageBytes(join(ROOT, "packages/cli"), "@blemish/cli"),
    },
  };
}

/** With the weights that a newer exporter puts beside the graph. */
function deployedBytes(path: string): number {
  const { size } = statSync(path);
  return size + (statSync(`${path}.data`, { throwIfNoEntry: false })?.size ?? 0);
}
