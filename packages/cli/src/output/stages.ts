/** Progress of work in several stages: one bar on a terminal, nothing elsewhere. */
import { Presets, SingleBar } from "cli-progress";
import type { Terminal } from "../terminal.js";

/** Shows how far each stage is. */
export interface Stages {
  /** The stage of this name has done so many of its steps; another name ends the stage before it. */
  at(stage: string, done: number, total: number): void;
  /** Takes the bar away: before anything is printed, and at the end. */
  clear(): void;
}

/** A bar with the stage's name and the time that is left, or a stand-in that shows nothing. */
export function startStages({ stderr }: Pick<Terminal, "stderr">, quiet: boolean): Stages {
  if (quiet || !stderr.isTTY) return { at: () => undefined, clear: () => undefined };
  const format = "{stage} {bar} {value}/{total}, {eta_formatted} left";
  let bar: SingleBar | null = null;
  let current = "";
  const clear = () => {
    bar?.stop();
    bar = null;
    current = "";
  };
  return {
    at(stage, done, total) {
      if (stage !== current) {
        clear();
        const options = { stream: stderr, format, barsize: 24, clearOnComplete: true, hideCursor: true };
        bar = new SingleBar(options, Presets.rect);
        bar.start(total, 0, { stage: stage.padEnd(11) });
        current = stage;
      }
      bar?.update(done);
      if (done >= total) clear();
    },
    clear,
  };
}
