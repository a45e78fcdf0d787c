/** Result records as CSV (RFC 4180, header first). A file appears whole at the end or not at all. */
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { BlemishError } from "@blemish/core";
import { isStreamTarget } from "@blemish/node";
import { stringify } from "csv-stringify/sync";
import { type OutputStream, writeLine } from "../terminal.js";
import type { ResultLine } from "./result-line.js";

/** Column names in order; docs/cli.md explains them. */
export const CSV_COLUMNS = [
  "path",
  "verdict",
  "predScore",
  "rawScore",
  "imageThreshold",
  "thresholdFrom",
  "predLabel",
  "regions",
  "predBoxes",
  "width",
  "height",
  "model",
  "ms",
  "output",
  "map",
  "error",
  "broken",
] as const;

/** The header line, without line end. */
export function csvHeader(): string {
  return CSV_COLUMNS.join(",");
}

/** A record as one CSV line, without line end: `regions` is their number, `predBoxes` is JSON, `error` the code, `broken` the rules that it breaks. */
export function csvLine(line: ResultLine): string {
  const cells: Record<(typeof CSV_COLUMNS)[number], unknown> = {
    ...line,
    predLabel: line.predLabel === null ? "" : String(line.predLabel),
    regions: line.regions?.length ?? "",
    predBoxes: line.predBoxes === null ? "" : JSON.stringify(line.predBoxes),
    error: line.error?.code ?? "",
    broken: (line.validity ?? []).flatMap(({ rule, ok }) => (ok ? [] : [rule])).join(" "),
  };
  return stringify([CSV_COLUMNS.map((column) => cells[column])], { eof: false });
}

/** Takes records one by one; `finish` makes the file appear, `discard` leaves nothing behind. */
export interface CsvWriter {
  write(line: ResultLine): Promise<void>;
  finish(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * A CSV writer for a file, or for standard output when `path` is "-".
 * @throws BlemishError OUTPUT_WRITE when the file's folder cannot be written (also from `write` and `finish`).
 */
export async function openCsv(path: string, stdout: OutputStream): Promise<CsvWriter> {
  if (path === "-") {
    await writeLine(stdout, csvHeader());
    const nothing = () => Promise.resolve();
    return { write: (line) => writeLine(stdout, csvLine(line)), finish: nothing, discard: nothing };
  }
  return openCsvFile(path);
}

async function openCsvFile(path: string): Promise<CsvWriter> {
  // A device or a pipe is written into: nothing may take its place.
  const straight = await isStreamTarget(path);
  const temporary = straight ? path : `${path}.${process.pid}.part`;
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => {
      throw new BlemishError("OUTPUT_WRITE", { subject: path, found: reason(cause), cause });
    });
  await guarded(mkdir(dirname(path), { recursive: true }));
  const file = createWriteStream(temporary);
  file.on("error", () => undefined);
  const put = (text: string) =>
    guarded(new Promise<void>((done, fail) => file.write(text, (error) => (error ? fail(error) : done()))));
  const close = () => new Promise<void>((done) => (file.closed ? done() : file.once("close", done).end()));
  await put(`${csvHeader()}\n`);
  return {
    write: (line) => put(`${csvLine(line)}\n`),
    async finish() {
      await close();
      if (!straight) await guarded(rename(temporary, path));
    },
    async discard() {
      await close();
      if (!straight) await rm(temporary, { force: true });
    },
  };
}

function reason(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
}
