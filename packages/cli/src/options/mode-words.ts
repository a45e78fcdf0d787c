/** The options that share out the cores; the same wherever a command opens a model to judge pictures. */
import { availableParallelism } from "node:os";
import { MODES, type Mode, type OpenOptions, type Schedule, schedulesFor } from "@blemish/node";
import { counted } from "../report-page/rate-words.js";
import { choice } from "./values.js";

/** Flags and help of `--mode`. */
export const MODE_OPTION = [
  "--mode <mode>",
  `what is to be fast: ${MODES.join(", ")} (default: latency for one picture, throughput for more)`,
] as const;

/** What was asked for. Null means not given. */
export interface Sharing {
  readonly mode?: Mode | null;
  readonly workers: number | "auto";
  readonly threads: number | null;
}

/** The value of `--mode`; null when not given. @throws BlemishError OPTION_VALUE for another word. */
export function modeOf(word: string | undefined): Mode | null {
  return word === undefined ? null : choice("--mode", word, MODES);
}

/**
 * The library's options: the cores shared out among no more workers than there are pictures, so that a single picture
 * gets them all; or the mode that measures, which has nothing to choose for a single one.
 *
 * @param pictures number of pictures to judge.
 * @throws BlemishError OPTION_VALUE when mode and numbers contradict each other.
 */
export function parallelism(
  { mode = null, workers: asked, threads: askedThreads }: Sharing,
  pictures: number,
  cores = availableParallelism(),
): Pick<OpenOptions, "mode" | "workers" | "threads"> {
  const workers = asked === "auto" ? undefined : asked;
  const threads = askedThreads ?? undefined;
  const [first] = schedulesFor({ mode: mode ?? "throughput", workers, threads }, cores);
  if (mode === "auto" && pictures > 1) return { mode };
  const used = Math.max(1, Math.min(first!.workers, pictures));
  return { workers: used, threads: threads ?? Math.max(1, Math.floor(cores / used)) };
}

/** What the mode that measures has chosen, such as "Mode auto: 2 workers, 1 thread each." */
export function choiceWords({ workers, threads }: Schedule): string {
  return `Mode auto: ${counted(workers, "worker")}, ${counted(threads, "thread")}${workers > 1 ? " each" : ""}.`;
}
