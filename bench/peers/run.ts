/**
 * Blemish and the real Anomalib on the same pictures with the same weights, in turns in one run: training, latency,
 * throughput, start, memory, sizes, scores. Writes every number as JSON and the tables as Markdown. See README.md.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { circumstances } from "../machine.js";
import { ensureEnvironment } from "./environment.js";
import { openPeerHouse } from "./peer-house.js";
import { type PeerPlan, peerPlans } from "./peer-plans.js";
import { type Places, ROOT, sharedPlaces } from "./places.js";
import { reportText } from "./report.js";
import type { PeerReport } from "./report-parts.js";
import {
  type Amount,
  measureLatency,
  measureScores,
  measureSize,
  measureStart,
  measureThroughput,
  measureTraining,
  SECTIONS,
  type Sections,
  type Stamp,
  stamp,
} from "./sections.js";
import { makings } from "./trainings.js";

const USAGE = `run.ts [--environment DIR] [--models DIR] [--results FILE.json] [--quick] [--rounds N] [--trainings N] [--source]
  [--only ${SECTIONS.join(",")}] [--peers ID,ID] [--table]`;

const FULL: Amount = { rounds: 5, latency: 24, throughput: 48, starts: 3, trainings: 2 };
const QUICK: Amount = { rounds: 3, latency: 8, throughput: 48, starts: 1, trainings: 0 };

const { values } = parseArgs({
  options: {
    environment: { type: "string", default: join(ROOT, "out/peers") },
    models: { type: "string" },
    results: { type: "string", default: join(ROOT, "out/peers/results.json") },
    only: { type: "string", default: SECTIONS.join(",") },
    peers: { type: "string" },
    rounds: { type: "string" },
    trainings: { type: "string" },
    quick: { type: "boolean", default: false },
    source: { type: "boolean", default: false },
    table: { type: "boolean", default: false },
  },
});
const file = resolve(values.results);
const wanted = values.only.split(",");
if (wanted.some((name) => !SECTIONS.some((section) => section === name))) throw new Error(USAGE);
const basis = values.quick ? QUICK : FULL;
const amount: Amount = {
  ...basis,
  rounds: wholeNumber(values.rounds, basis.rounds, 1),
  trainings: wholeNumber(values.trainings, basis.trainings, 0),
};

if (values.table) console.log(reportText(earlier() ?? fail(`${file} is missing`)));
else await measure();

async function measure(): Promise<void> {
  if (!values.source) build();
  const places = findPlaces();
  const chosen = values.peers?.split(",");
  const plans = peerPlans(places).filter(({ id }) => chosen === undefined || chosen.includes(id));
  const first = places.pictures["900"][0]!;
  const house = openPeerHouse(plans, first);
  const failed: Record<string, string> = {};
  const list = makings(places);
  let report = startReport();
  const keep = (measured: Sections) => {
    report = {
      ...report,
      names: { ...report.names, ...Object.fromEntries(plans.map((plan) => [plan.id, nameOf(plan)])) },
      peerVersions: { ...report.peerVersions, ...house.versions },
      skipped: withoutPaths({ ...house.skipped, ...failed }),
      sections: { ...report.sections, ...measured },
    };
    save(report);
  };
  try {
    const before = stamp();
    const times = wanted.includes("training") ? amount.trainings : 0;
    const trained = await measureTraining(list, times, (id, why) => {
      console.error(`${id} could not be made: ${why}`);
      failed[id] = why;
    });
    if (times > 0) keep({ training: { ...before, results: trained } });
    const measures: Record<string, (now: Stamp) => Promise<Sections>> = {
      size: async (now) => ({ size: { ...now, ...measureSize(list, places) } }),
      scores: async (now) => ({ scores: { ...now, results: await measureScores(house, places) } }),
      latency: async (now) => ({ latency: { ...now, results: await measureLatency(house, places, amount) } }),
      throughput: async (now) => ({
        throughput: { ...now, results: await measureThroughput(house, places, amount) },
      }),
      start: async (now) => {
        await house.close();
        return { start: { ...now, results: await measureStart(plans, first, amount, house) } };
      },
    };
    for (const section of SECTIONS)
      if (wanted.includes(section) && measures[section] !== undefined) keep(await measures[section](stamp()));
  } finally {
    await house.close();
  }
  console.log(reportText(report));
}

function findPlaces(): Places {
  const environment = resolve(values.environment);
  const models = resolve(values.models ?? join(environment, "models"));
  mkdirSync(models, { recursive: true });
  const python = {
    a070: ensureEnvironment(environment, "a070"),
    a270: ensureEnvironment(environment, "a270"),
  };
  return { ...sharedPlaces(), models, python, fromSources: values.source };
}

/** What the tables need to know of a peer; its command and files are the machine's business. */
function nameOf({ name, side, exact, reference, processes }: PeerPlan): PeerReport["names"][string] {
  return { name, side, exact, reference, processes };
}

/** Results are kept in the repository: of a path, only the file's name stays. */
function withoutPaths(reasons: Readonly<Record<string, string>>): Record<string, string> {
  const named = (text: string) => text.replace(/(?:\/[^\s/:'"]+)+\/([^\s/:'"]+)/g, "$1");
  return Object.fromEntries(Object.entries(reasons).map(([id, why]) => [id, named(why)]));
}

/** What users install is measured, so it is built first; `--source` runs the TypeScript sources instead. */
function build(): void {
  console.error("building …");
  execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-b"], {
    cwd: ROOT,
    stdio: "inherit",
  });
}

/** What an earlier run measured stays where this one does not measure it again. */
function startReport(): PeerReport {
  const before = earlier();
  const where = circumstances();
  const same = before !== null && before.machine.cpu === where.machine.cpu;
  if (before !== null && !same) console.error("The results are of another machine and are replaced.");
  const kept = same ? before : { names: {}, peerVersions: {}, sections: {} };
  return {
    ...where,
    fromSources: values.source,
    amount,
    names: kept.names,
    peerVersions: kept.peerVersions,
    skipped: {},
    sections: kept.sections,
  };
}

function earlier(): PeerReport | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as PeerReport) : null;
}

function save(report: PeerReport): void {
  mkdirSync(resolve(file, ".."), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(file.replace(/\.json$/, ".md"), `${reportText(report)}\n`);
}

function wholeNumber(text: string | undefined, fallback: number, least: number): number {
  const value = Number(text ?? fallback);
  return Number.isInteger(value) && value >= least ? value : fail(USAGE);
}

function fail(message: string): never {
  throw new Error(message);
}
