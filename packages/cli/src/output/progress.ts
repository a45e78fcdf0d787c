/** The progress bar on standard error: only on a terminal, only for several pictures, and never across a line. */
import { Presets, SingleBar } from "cli-progress";
import type { Terminal } from "../terminal.js";

/** Shows how far a batch is. */
export interface Progress {
  /** One more picture is done. */
  advance(): void;
  /** Takes the bar off the terminal while something else is printed. */
  around(print: () => Promise<void>): Promise<void>;
  stop(): void;
}

const CLEAR_LINE = "\r\u001b[2K";

/** A progress bar, or a stand-in that shows nothing. */
export function startProgress(total: number, { stdout, stderr }: Terminal, quiet: boolean): Progress {
  if (quiet || !stderr.isTTY || total < 2) {
    return { advance: () => undefined, around: (print) => print(), stop: () => undefined };
  }
  const format = "{bar} {value}/{total} pictures, {eta_formatted} left";
  const bar = new SingleBar(
    { stream: stderr, format, barsize: 24, clearOnComplete: true, hideCursor: true },
    Presets.rect,
  );
  bar.start(total, 0);
  return {
    advance: () => bar.increment(),
    async around(print) {
      if (stdout.isTTY) stderr.write(CLEAR_LINE);
      await print();
      if (stdout.isTTY) bar.render();
    },
    stop: () => bar.stop(),
  };
}
