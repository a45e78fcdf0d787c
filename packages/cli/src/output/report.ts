/** Where the record of each picture goes: a line for people, JSON lines, CSV, the progress bar and the tally. */
import type { PredictOptions } from "../options/predict-options.js";
import { type Terminal, writeLine } from "../terminal.js";
import { openCsv } from "./csv.js";
import { humanLine } from "./human-line.js";
import { jsonLine } from "./json-lines.js";
import { startProgress } from "./progress.js";
import type { ResultLine } from "./result-line.js";
import { type BatchCounts, count, emptyTally } from "./summary.js";

/** Takes the records of a batch. Exactly one of `finish` and `discard` ends it. */
export interface Report {
  add(line: ResultLine): Promise<void>;
  counts(): BatchCounts;
  /** Makes the CSV file appear. */
  finish(): Promise<void>;
  /** Leaves no CSV file behind. */
  discard(): Promise<void>;
}

/**
 * Opens the outputs that the options ask for. Standard output carries either people's lines or data, never both.
 * @param batch `strict`: only scores above the threshold are anomalous; `total`: number of pictures.
 * @throws BlemishError OUTPUT_WRITE when the CSV file cannot be written.
 */
export async function openReport(
  { json, csv: csvPath, quiet }: Pick<PredictOptions, "json" | "csv" | "quiet">,
  batch: { readonly strict: boolean; readonly total: number },
  terminal: Terminal,
): Promise<Report> {
  const { stdout } = terminal;
  const csv = csvPath === null ? null : await openCsv(csvPath, stdout);
  const progress = startProgress(batch.total, terminal, quiet);
  let counts = emptyTally();
  return {
    async add(line) {
      counts = count(counts, line);
      await progress.around(async () => {
        if (json) await writeLine(stdout, jsonLine(line));
        else if (csvPath !== "-") await writeLine(stdout, humanLine(line, batch.strict, stdout));
        await csv?.write(line);
      });
      progress.advance();
    },
    counts: () => counts,
    async finish() {
      progress.stop();
      await csv?.finish();
    },
    async discard() {
      progress.stop();
      await csv?.discard();
    },
  };
}
