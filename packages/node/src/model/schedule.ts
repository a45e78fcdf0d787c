/**
 * How the cores are shared out: many workers with one thread each judge the most pictures a second, one worker with
 * all threads gives the quickest single answer. Which is better for many pictures can also be measured.
 */
import { BlemishError } from "@blemish/core";

/** What a model is opened for; `auto` measures what gives the most pictures a second here. */
export type Mode = "throughput" | "latency" | "auto";

/** The words of {@link Mode}. */
export const MODES = ["throughput", "latency", "auto"] as const satisfies readonly Mode[];

/** Workers, and threads of the network in each. */
export interface Schedule {
  readonly workers: number;
  readonly threads: number;
}

/** What was asked for; what is given as a number is kept. */
export interface ScheduleRequest {
  readonly mode?: Mode | undefined;
  readonly workers?: number | undefined;
  readonly threads?: number | undefined;
}

/**
 * The schedules that come into question: one, or for the mode `auto` several that are to be measured, from the one
 * with the fewest workers to the one with the most.
 *
 * @param cores that the process may use.
 * @throws BlemishError OPTION_VALUE when mode and numbers contradict each other.
 */
export function schedulesFor(request: ScheduleRequest, cores: number): readonly Schedule[] {
  const { mode = "latency", workers, threads } = request;
  if (mode === "auto") {
    const given = workers === undefined ? "threads" : "workers";
    if (request[given] !== undefined)
      throw conflict(given, "nothing beside mode auto, which chooses it", request);
    const counts = [1, Math.floor(cores / 2), cores].filter(
      (count, i, all) => count > 0 && !all.includes(count, i + 1),
    );
    return counts.map((count) => ({ workers: count, threads: shareOf(cores, count) }));
  }
  if (request.mode === "latency" && workers !== undefined && workers > 1)
    throw conflict("workers", "1 in mode latency", request);
  const most = mode === "throughput" ? shareOf(cores, threads ?? 1) : 1;
  const used = workers ?? most;
  return [{ workers: used, threads: threads ?? shareOf(cores, used) }];
}

/** Something that a schedule was opened as. */
interface Closable {
  close(): Promise<void>;
}

/** How much faster more workers must be to be worth their memory: less is noise of the measurement. */
const WORTH = 1.05;

/**
 * Opens the schedule that does the most: each is opened, measured and closed, and the best one opened again unless it
 * was the last. A single one is opened without being measured.
 *
 * @param measure its rate; higher is better.
 * @throws what `open` and `measure` throw; nothing is left open then.
 */
export async function openFastest<T extends Closable>(
  schedules: readonly Schedule[],
  open: (schedule: Schedule) => Promise<T>,
  measure: (opened: T) => Promise<number>,
): Promise<{ readonly schedule: Schedule; readonly opened: T }> {
  let best = { schedule: schedules[0]!, rate: 0 };
  for (const [index, schedule] of schedules.entries()) {
    const opened = await open(schedule);
    if (schedules.length === 1) return { schedule, opened };
    const rate = await measure(opened).catch(async (error: unknown) => {
      await opened.close();
      throw error;
    });
    if (rate > best.rate * WORTH) best = { schedule, rate };
    if (index === schedules.length - 1 && best.schedule === schedule) return { schedule, opened };
    await opened.close();
  }
  return { schedule: best.schedule, opened: await open(best.schedule) };
}

/** Rounds of as many jobs as can be under way: enough for the compiler and the caches to settle. */
const WARM_UP_ROUNDS = 2;

/**
 * Jobs a second of something that does `capacity` at a time, kept busy for a while.
 *
 * @param run does one job.
 * @param ms for how long it is measured, after warming up.
 */
export async function jobsPerSecond(
  run: () => Promise<unknown>,
  capacity: number,
  ms: number,
): Promise<number> {
  let done = 0;
  const keepBusy = (goOn: () => boolean) =>
    Promise.all(
      Array.from({ length: capacity }, async () => {
        for (; goOn(); done++) await run();
      }),
    );
  await keepBusy(() => done < WARM_UP_ROUNDS * capacity);
  done = 0;
  const start = performance.now();
  await keepBusy(() => performance.now() - start < ms);
  return (1000 * done) / (performance.now() - start);
}

function shareOf(cores: number, among: number): number {
  return Math.max(1, Math.floor(cores / among));
}

function conflict(option: "workers" | "threads", expected: string, request: ScheduleRequest): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject: option, expected, found: String(request[option]) });
}
