/**
 * How fast a model judges pictures on this machine: from file to decision stage by stage, pictures a second, start and
 * memory. Settings are measured in turns in one run, so that their ratios mean something on a machine that does other
 * things as well.
 */
import { BlemishError, type ModelDescription, type PixelArray } from "@blemish/core";
import { readImage, readingOf } from "../images/read-image.js";
import { COUNT, checkOptions, SWITCH } from "../model/check-options.js";
import type { OpenOptions } from "../model/open.js";
import { readModel } from "../model/read-model.js";
import { schedulesFor } from "../model/schedule.js";
import { FROM_SOURCES } from "../workers/start-worker.js";
import { type Arrangements, arrangementsOf } from "./arrangements.js";
import type { BenchStage, ModelBench, StartFigures } from "./bench-result.js";
import { type Contestant, closeContestant, openContestant, takeTurn } from "./contestant.js";
import { machineFacts } from "./machine-facts.js";
import { measureStart } from "./measure-start.js";
import { settingFigures } from "./setting-figures.js";
import { medianOf } from "./spread.js";

/** How a model is measured. */
export interface BenchOptions {
  /**
   * Ways to open the model, which take turns; the first is what the others are compared with. A way that names neither
   * mode nor workers is measured in mode `latency` for one picture and in mode `throughput` for many. Default:
   * one such way.
   */
  readonly settings?: readonly OpenOptions[];
  /** Processes that are started of each setting. Default: 3. */
  readonly starts?: number;
  /** Measured rounds. Default: as many as `seconds` allow. */
  readonly rounds?: number;
  /** How long the rounds last, for each setting; three rounds at least. Default: 10. */
  readonly seconds?: number;
  /** Also measure pictures that are in memory as pixels, as a camera gives them. Default: false. */
  readonly decoded?: boolean;
  readonly signal?: AbortSignal;
  /** Told how far a stage is: processes started, rounds or seconds measured. */
  readonly onProgress?: (stage: BenchStage, done: number, total: number) => void;
}

/** Starts of each setting, pictures of a turn, the fewest rounds. */
const STARTS = 3;
const ALONE = 12;
const TOGETHER = { least: 48, ofWorker: 16 };
const LEAST_ROUNDS = 3;
const SECONDS = 10;

/** Bytes of decoded pictures that are held for `decoded`. */
const DECODED_BYTES = 256e6;

const BENCH_RULES = {
  settings: {
    expected: "a list with at least one setting",
    test: (value: unknown) => Array.isArray(value) && value.length > 0,
  },
  starts: COUNT,
  rounds: COUNT,
  seconds: {
    expected: "a number above 0",
    test: (value: unknown) => Number.isFinite(value) && (value as number) > 0,
  },
  decoded: SWITCH,
  signal: { expected: "an AbortSignal", test: (value: unknown) => value instanceof AbortSignal },
  onProgress: { expected: "a function", test: (value: unknown) => typeof value === "function" },
} as const;

/** What all settings have in common. */
interface Plan extends BenchOptions {
  readonly path: string;
  readonly pictures: readonly string[];
  readonly settings: readonly OpenOptions[];
  readonly arranged: readonly Arrangements[];
  /** Pictures of a turn that are judged at once. */
  readonly together: number;
}

/**
 * Measures a model on pictures: starts of each setting in processes of their own, one round to warm up, then
 * rounds in which the settings take turns. Pictures are taken in order, from the beginning again when they run out.
 *
 * @param path the model, as `open` takes it.
 * @param pictures paths; at least one.
 * @throws BlemishError NO_IMAGES without pictures, what `open` and judging a picture throw, WORKER when a process
 *   dies, CANCELLED, OPTION, OPTION_VALUE.
 */
export async function benchModel(
  path: string,
  pictures: readonly string[],
  options: BenchOptions = {},
): Promise<ModelBench> {
  checkOptions(options, BENCH_RULES);
  if (pictures.length === 0) throw new BlemishError("NO_IMAGES", { subject: "The measurement" });
  const machine = machineFacts();
  const { settings = [{}], signal } = options;
  const arranged = settings.map((setting) => arrangementsOf(setting, machine.cores));
  const schedules = arranged.flatMap(({ together, alone }) =>
    [together, alone].flatMap((one) => schedulesFor(one, machine.cores)),
  );
  const workers = Math.max(...schedules.map((schedule) => schedule.workers));
  const together = Math.max(TOGETHER.least, TOGETHER.ofWorker * workers);
  const plan: Plan = { ...options, path, pictures, settings, arranged, together };

  const { metadata } = settings[0] ?? {};
  const { facts, description } = await readModel(path, metadata === undefined ? {} : { metadata });
  const reading = description === null ? {} : readingOf(description);
  const { width, height } = await readImage(pictures[0] ?? "", reading);
  const starts = await measureStarts(plan);
  const peaks = await measureMemory(plan);
  const contestants: Contestant[] = [];
  try {
    for (const [index, setting] of settings.entries())
      contestants.push(await openContestant(path, setting, arranged[index]!, signal));
    const rounds = await measureRounds(plan, contestants);
    const measured = contestants.map((one, i) => ({ ...one, start: starts[i]!, peakRss: peaks[i]! }));
    return {
      date: new Date().toISOString().slice(0, 10),
      machine,
      fromSources: FROM_SOURCES,
      model: { path, bytes: facts.bytes.total, profile: contestants[0]!.alone.description.profile },
      pictures: { count: pictures.length, width, height },
      rounds,
      perRound: { alone: ALONE, together },
      settings: measured.map((one, i) => settingFigures(one, i === 0 ? null : measured[0]!)),
    };
  } finally {
    await Promise.all(contestants.map(closeContestant));
  }
}

async function measureStarts({ starts: each = STARTS, ...plan }: Plan): Promise<StartFigures[]> {
  const { path, pictures, arranged, signal, onProgress } = plan;
  const total = each * arranged.length;
  const starts: StartFigures[][] = arranged.map(() => []);
  for (let turn = 0; turn < total; turn++) {
    onProgress?.("start", turn, total);
    const which = turn % arranged.length;
    const task = { model: path, options: arranged[which]!.alone, pictures: pictures.slice(0, 1) };
    starts[which]!.push(await measureStart(task, signal));
  }
  onProgress?.("start", total, total);
  return starts.map((runs) => {
    const middle = (name: keyof StartFigures) => medianOf(runs.map((run) => run[name]));
    return { startMs: middle("startMs"), openMs: middle("openMs"), firstMs: middle("firstMs") };
  });
}

async function measureMemory({
  path,
  together,
  arranged,
  signal,
  onProgress,
  ...plan
}: Plan): Promise<number[]> {
  const peaks: number[] = [];
  for (const { together: options } of arranged) {
    onProgress?.("memory", peaks.length, arranged.length);
    const task = { model: path, options, pictures: taken(plan.pictures, 0, together) };
    peaks.push((await measureStart(task, signal)).peakRss);
  }
  onProgress?.("memory", arranged.length, arranged.length);
  return peaks;
}

/** One round to warm up, then rounds until there are enough of them, or enough time went by. */
async function measureRounds(plan: Plan, contestants: readonly Contestant[]): Promise<number> {
  const { pictures, together, rounds, decoded = false, signal, onProgress } = plan;
  const seconds = (plan.seconds ?? SECONDS) * contestants.length;
  const pixels = decoded ? await decodedPictures(pictures, together, contestants[0]?.alone.description) : [];
  let started = 0;
  for (let round = 0; ; round++) {
    if (round === 1) started = performance.now();
    const elapsed = round === 0 ? 0 : (performance.now() - started) / 1000;
    const total = rounds ?? Math.ceil(seconds);
    const enough = rounds === undefined ? round > LEAST_ROUNDS && elapsed >= seconds : round > rounds;
    const done = rounds === undefined ? Math.floor(elapsed) : round - 1;
    onProgress?.("rounds", enough ? total : Math.max(0, Math.min(done, total - 1)), total);
    if (enough) return round - 1;
    const turn = {
      alone: taken(pictures, round * ALONE, ALONE),
      files: taken(pictures, round * together, together),
      pixels,
    };
    // Another one begins each round, so that nobody always follows the same one.
    for (let i = 0; i < contestants.length; i++)
      await takeTurn(contestants[(i + round) % contestants.length]!, turn, round > 0, signal);
  }
}

/** As many decoded pictures as are held, again and again until there are `count`. */
async function decodedPictures(
  paths: readonly string[],
  count: number,
  description: ModelDescription | undefined,
): Promise<PixelArray[]> {
  const reading = description === undefined ? {} : readingOf(description);
  const held: PixelArray[] = [];
  let bytes = 0;
  for (const path of paths.slice(0, count)) {
    const image = await readImage(path, reading);
    bytes += image.data.length;
    if (held.length > 0 && bytes > DECODED_BYTES) break;
    held.push(image);
  }
  return taken(held, 0, count);
}

/** `count` items from `start` on, from the beginning again when they run out. */
function taken<T>(items: readonly T[], start: number, count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[(start + i) % items.length]!);
}
