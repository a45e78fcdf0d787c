/**
 * The arithmetic of a fit, features given: statistics and factorisation, in turns with numpy doing the same, on the
 * same number of threads.
 * Prints a Markdown table of the fastest rounds and their ratios.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import {
  type DetectorRecipe,
  detectorsOf,
  type PadimRecipe,
  padimTraining,
  padimTrainingBytes,
  recipeFor,
  seededRandom,
} from "@blemish/core";
import { loadBackbone } from "@blemish/node";
import { openTileThreads } from "../packages/node/src/training/tile-threads.js";
import { circumstances } from "./machine.js";

const USAGE = "fit.ts --python PYTHON [--rounds 5] [--pictures 200] [--threads 1,2] [--output FILE.json]";
const PEER = join(import.meta.dirname, "peers/numpy_fit.py");

/** Anomalib's PaDiM of ResNet-18 at 256 pixels, and Blemish's default. */
const SHAPES = [
  { channels: 100, side: 64 },
  { channels: 152, side: 16 },
] as const;

/** Seconds on the clock and of the processor; the latter mean more on a machine that does other things as well. */
type Time = readonly [wall: number, cpu: number];

/** What numpy took. */
interface NumpyTimes {
  readonly layout: Time;
  readonly covariance: Time;
  readonly inverse: Time;
  readonly cholesky: Time;
  readonly factorInverse: Time;
  readonly numpy: string;
  readonly blas: readonly string[] | null;
}

/** What Blemish took. */
interface OwnTimes {
  readonly moments: Time;
  readonly factors: Time;
}

/** A shape and every round of both sides. */
interface Comparison {
  readonly channels: number;
  readonly cells: number;
  readonly settings: readonly {
    readonly threads: number;
    readonly blemish: readonly OwnTimes[];
    readonly numpy: readonly NumpyTimes[];
  }[];
}

/** What numpy may do to get to the same place; Blemish keeps the inverse of the Cholesky factor. */
const VARIANTS: Readonly<Record<string, readonly (keyof NumpyTimes)[]>> = {
  "covariance, inverse": ["layout", "covariance", "inverse"],
  "covariance, Cholesky": ["layout", "covariance", "cholesky"],
  "covariance, Cholesky, its inverse": ["layout", "covariance", "cholesky", "factorInverse"],
};

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    rounds: { type: "string", default: "5" },
    pictures: { type: "string", default: "200" },
    threads: { type: "string", default: "1,2" },
    output: { type: "string" },
  },
});
const { python } = values;
const [rounds, pictures] = [Number(values.rounds), Number(values.pictures)];
if (python === undefined || !(rounds >= 1) || !(pictures >= 50)) throw new Error(USAGE);

const where = circumstances();
const { manifest } = await loadBackbone();
const results: Comparison[] = [];
for (const shape of SHAPES) results.push(await compare(shape));
console.log(table());
if (values.output !== undefined) {
  mkdirSync(dirname(values.output), { recursive: true });
  writeFileSync(values.output, `${JSON.stringify({ ...where, pictures, results }, null, 1)}\n`);
}

/** Takes turns: Blemish, then numpy, with each number of threads. */
async function compare({ channels, side }: (typeof SHAPES)[number]): Promise<Comparison> {
  const [ours] = detectorsOf(recipeFor(manifest, { head: "padim" }));
  const detector: DetectorRecipe<PadimRecipe> = {
    ...ours!,
    channels,
    grid: { width: side, height: side },
    head: { kind: "padim", ridge: { absolute: 0.01 }, poolBelow: 0, factors: "int16" },
  };
  const features = madeUp(detector);
  const settings = values.threads
    .split(",")
    .map((threads) => ({ threads: Number(threads), blemish: [] as OwnTimes[], numpy: [] as NumpyTimes[] }));
  for (let round = -1; round < rounds; round++) {
    for (const { threads, blemish, numpy } of settings) {
      const own = await ownTimes(detector, features, threads);
      const theirs = numpyTimes(channels, side * side, threads);
      // The first round also compiles and reads from the disk.
      if (round < 0) continue;
      blemish.push(own);
      numpy.push(theirs);
    }
  }
  return { channels, cells: side * side, settings };
}

async function ownTimes(
  detector: DetectorRecipe<PadimRecipe>,
  features: readonly Float32Array[],
  threads: number,
): Promise<OwnTimes> {
  const team = openTileThreads(padimTrainingBytes(detector) + 4096, detector.channels, threads);
  // In a training the threads start while the first pictures are read.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const head = padimTraining(detector, team.kernels);
  const round = head.finishRound()[Symbol.iterator]();
  const times = {
    moments: timed(() => {
      for (const [picture, embedding] of features.entries()) head.take(embedding, picture, false);
      // The first step adds the last pictures up; the fit is the second.
      round.next();
    }),
    factors: timed(() => round.next()),
  };
  await team.close();
  return times;
}

function timed(work: () => unknown): Time {
  const [started, before] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(before);
  return [(performance.now() - started) / 1000, (user + system) / 1e6];
}

function numpyTimes(channels: number, cells: number, threads: number): NumpyTimes {
  const args = [
    PEER,
    "--pictures",
    String(pictures),
    "--cells",
    String(cells),
    "--channels",
    String(channels),
  ];
  // Empty, not absent: some systems fill in an older kernel, with which numpy would be slower than it is.
  const env = { ...process.env, OPENBLAS_CORETYPE: "", OPENBLAS_L2_SIZE: "" };
  const limits = Object.fromEntries(
    ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"].map((name) => [name, String(threads)]),
  );
  return JSON.parse(execFileSync(python!, args, { env: { ...env, ...limits }, encoding: "utf8" }));
}

/** Embeddings of evenly spread numbers: the time does not depend on them. */
function madeUp({ channels, grid }: DetectorRecipe): Float32Array[] {
  const random = seededRandom(1);
  return Array.from({ length: pictures }, () => {
    const data = new Float32Array(channels * grid.width * grid.height);
    for (let i = 0; i < data.length; i++) data[i] = random.uint32() / 2 ** 32;
    return data;
  });
}

function table(): string {
  const least = <T>(rounds: readonly T[], of: (round: T) => readonly Time[]): Time => {
    const sum = (which: 0 | 1) =>
      Math.min(...rounds.map((round) => of(round).reduce((all, time) => all + time[which], 0)));
    return [sum(0), sum(1)];
  };
  const show = ([wall, cpu]: Time) => `${(1000 * wall).toFixed(0)} / ${(1000 * cpu).toFixed(0)}`;
  const lines = results.flatMap(({ channels, cells, settings }) =>
    settings.flatMap(({ threads, blemish, numpy }) => {
      const own = least(blemish, ({ moments, factors }) => [moments, factors]);
      const parts = `${show(least(blemish, (t) => [t.moments]))}; ${show(least(blemish, (t) => [t.factors]))}`;
      return Object.entries(VARIANTS).map(([name, steps]) => {
        const theirs = least(numpy, (t) => steps.map((step) => t[step] as Time));
        const ratio = `${(own[0] / theirs[0]).toFixed(2)} / ${(own[1] / theirs[1]).toFixed(2)}`;
        return `| ${cells} × ${channels} | ${threads} | ${show(own)} (${parts}) | ${name} | ${show(theirs)} | ${ratio} |`;
      });
    }),
  );
  const { numpy, blas } = results[0]!.settings[0]!.numpy[0]!;
  return [
    `${where.machine.cpu}, load ${where.machine.loadBefore}; ${where.date}; ${pictures} pictures, ${rounds} rounds in turns, ` +
      `the fastest of each; milliseconds on the clock / of the processor; numpy ${numpy}, ${blas?.join("; ") ?? ""}`,
    "",
    "| cells × channels | threads | Blemish (moments; factors) | numpy | time | Blemish / numpy |",
    "|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}
