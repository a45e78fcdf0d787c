/** Tables as text: comma, semicolon or tab separated, quoted as RFC 4180 says, with any line ends. */
import { BlemishError } from "../errors.js";

/** A table with a line of column names. */
export interface CsvTable {
  /** Names as written, without spaces around them. */
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

/** One line of a table. */
export interface CsvRow {
  /** Number of the line in the file on which the row begins, from 1. */
  readonly line: number;
  /** Column name in lower case → text without spaces around it; a cell that is missing is "". */
  readonly cells: Readonly<Record<string, string>>;
}

interface RawRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads a table. The separator is the one of `,` `;` and tab that the first line holds most of; a leading byte order
 * mark and empty lines are skipped. `subject` names the table in errors.
 *
 * @throws BlemishError DATASET when there is no line of names, a name occurs twice, a row has more cells than there
 *   are columns, or a quote is never closed; the line is named
 */
export function parseCsv(text: string, subject: string): CsvTable {
  const [header, ...rows] = splitRows(text.replace(/^\uFEFF/, ""), subject);
  if (header === undefined) throw new BlemishError("DATASET", { subject, found: "an empty table" });
  const columns = header.cells.map((cell) => cell.trim());
  const keys = columns.map((name) => name.toLowerCase());
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new BlemishError("DATASET", { subject, found: `the column ${twice} twice` });
  return { columns, rows: rows.map((row) => named(row, keys, subject)) };
}

function named({ line, cells }: RawRow, keys: readonly string[], subject: string): CsvRow {
  const surplus = cells.slice(keys.length).some((cell) => cell.trim() !== "");
  if (surplus) {
    const expected = `${keys.length} cells`;
    throw new BlemishError("DATASET", {
      subject: `${subject}, line ${line},`,
      expected,
      found: `${cells.length}`,
    });
  }
  return { line, cells: Object.fromEntries(keys.map((key, index) => [key, (cells[index] ?? "").trim()])) };
}

function splitRows(text: string, subject: string): RawRow[] {
  const separator = separatorOf(text);
  const rows: RawRow[] = [];
  let [line, at] = [1, 0];
  while (at < text.length) {
    const start = line;
    const cells: string[] = [];
    for (let more = true; more; ) {
      const cell = readCell(text, at, separator);
      if (cell === null) {
        throw new BlemishError("DATASET", {
          subject: `${subject}, line ${start},`,
          found: "a quote that is never closed",
        });
      }
      cells.push(cell.text);
      line += cell.lineEnds;
      more = text[cell.end] === separator;
      at = cell.end + 1;
    }
    if (text[at - 1] === "\r" && text[at] === "\n") at++;
    line++;
    if (cells.some((cell) => cell.trim() !== "")) rows.push({ line: start, cells });
  }
  return rows;
}

function separatorOf(text: string): string {
  const first = text
    .trimStart()
    .split(/\r|\n/, 1)[0]!
    .replace(/"[^"]*"/g, "");
  const counts = [",", ";", "\t"].map((mark) => ({ mark, count: first.split(mark).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).mark;
}

/** The cell that begins at `at`: its text, where it ends, and how many line ends it holds. Null = quote not closed. */
function readCell(text: string, at: number, separator: string) {
  let start = at;
  while (text[start] === " " && separator !== " ") start++;
  let end = start;
  let quoted = "";
  if (text[start] === '"') {
    for (end = start + 1; ; end += 2) {
      const close = text.indexOf('"', end);
      if (close < 0) return null;
      quoted += text.slice(end, close);
      end = close;
      if (text[close + 1] !== '"') break;
      quoted += '"';
    }
    end++;
  }
  const rest = end;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
  const content = quoted + text.slice(rest, end);
  return { text: content, end, lineEnds: quoted.split(/\r\n|\r|\n/).length - 1 };
}
