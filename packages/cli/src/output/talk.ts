/** How the commands that take a while talk: words, warnings and progress, kept apart from data on standard output. */
import { reportText } from "../report/report-text.js";
import type { Section } from "../report/section.js";
import { paint, printable, type Terminal, writeLine } from "../terminal.js";
import { type Stages, startStages } from "./stages.js";

/** Where the words of a command go. */
export interface Talk {
  /** Text for people; several lines in one string are fine. */
  say(text: string): Promise<void>;
  /** Facts for people, as `reportText` lays them out. */
  sections(sections: readonly Section[]): Promise<void>;
  /** A warning on standard error; said even when quiet. */
  warn(text: string): Promise<void>;
  /** The one JSON object that `--json` asks for. */
  data(value: object): Promise<void>;
  readonly stages: Stages;
}

/** What is asked of the words. */
export interface TalkOptions {
  /** Data goes to standard output, words to standard error. */
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Opens the conversation; `stages.clear()` ends it. */
export function startTalk({ json, quiet }: TalkOptions, terminal: Terminal): Talk {
  const { stdout, stderr } = terminal;
  const stages = startStages(terminal, quiet);
  const words = json ? stderr : stdout;
  return {
    stages,
    async say(text) {
      stages.clear();
      if (!quiet) await writeLine(words, text);
    },
    async sections(sections) {
      stages.clear();
      if (!quiet && sections.length > 0) await writeLine(words, reportText(sections, words).trimEnd());
    },
    async warn(text) {
      stages.clear();
      await writeLine(stderr, `${paint(stderr, "yellow", "warning:")} ${printable(text)}`);
    },
    async data(value) {
      stages.clear();
      // NaN and the infinities become null.
      if (json) await writeLine(stdout, JSON.stringify(value, null, 2));
    },
  };
}
