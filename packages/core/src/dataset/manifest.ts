/** A data set as a table: columns path, label, split, mask, group, defect; also the split tables of VisA. */
import { BlemishError } from "../errors.js";
import type { Arrangement, DatasetItem, DatasetSplit } from "./dataset.js";
import { folderMeaning } from "./folder-words.js";
import { type CsvRow, parseCsv } from "./parse-csv.js";

/** Names that a column may have, the first one being the documented one. */
const COLUMNS = {
  path: ["path", "image", "image_path", "file", "filename"],
  label: ["label"],
  split: ["split"],
  mask: ["mask", "mask_path"],
  group: ["group"],
  defect: ["defect"],
  object: ["object"],
} as const;

type Column = keyof typeof COLUMNS;

/**
 * Reads a table of pictures; paths are given as they stand there, with "/". `label` is good or bad, in any of the
 * words that folders may have, or 0 or 1; `split` is train, test or empty; the others may be empty or missing.
 * `object` (VisA) must be the same in all rows, unless `only` names the one whose rows are wanted. The word "1" is no
 * defect's name, any other label of a bad picture is one unless there is a column `defect`.
 *
 * @throws BlemishError DATASET that names line and value: no column path or label, an unknown label or split, a
 *   picture listed twice, a group on both sides, several objects
 */
export function readManifest(text: string, subject: string, only: string | null = null): Arrangement {
  const table = parseCsv(text, subject);
  const keys = table.columns.map((name) => name.toLowerCase());
  const at = Object.fromEntries(
    Object.entries(COLUMNS).map(([column, names]) => [column, names.find((name) => keys.includes(name))]),
  ) as Record<Column, string | undefined>;
  for (const needed of ["path", "label"] as const) {
    if (at[needed] !== undefined) continue;
    const found = `the columns ${table.columns.join(", ")}`;
    throw new BlemishError("DATASET", { subject, expected: `a column ${needed}`, found });
  }
  const cell = (row: CsvRow, column: Column) => row.cells[at[column] ?? ""] ?? "";
  const rows = only === null ? table.rows : table.rows.filter((row) => cell(row, "object") === only);
  checkObjects(rows, cell, subject);
  const items = rows.map((row) => readRow(row, cell, subject));
  checkTwice(items, rows, subject);
  checkGroups(items, subject);
  const known = new Set(Object.values(at));
  const unknown = table.columns.filter((_, index) => !known.has(keys[index]));
  const notes = unknown.length > 0 ? [`${subject}: columns not used: ${unknown.join(", ")}`] : [];
  return { layout: "csv", items, notes };
}

/**
 * Refuses items of which one group stands on both sides of the split.
 *
 * @throws BlemishError DATASET that names the group
 */
export function checkGroups(items: readonly DatasetItem[], subject: string): void {
  const sides = new Map<string, DatasetSplit>();
  for (const { group, split } of items) {
    if (group === null || split === null) continue;
    const other = sides.get(group) ?? split;
    if (other !== split) {
      const [expected, found] = [
        "each group on one side of the split",
        `group ${group} in train and in test`,
      ];
      throw new BlemishError("DATASET", { subject, expected, found });
    }
    sides.set(group, split);
  }
}

function readRow(row: CsvRow, cell: (row: CsvRow, column: Column) => string, subject: string): DatasetItem {
  const place = `${subject}, line ${row.line},`;
  const path = slashed(cell(row, "path"));
  if (path === "")
    throw new BlemishError("DATASET", { subject: place, expected: "a path", found: "an empty cell" });
  const word = cell(row, "label");
  const anomalous = isAnomalous(word, place);
  const mask = slashed(cell(row, "mask"));
  const group = cell(row, "group");
  return {
    path,
    label: anomalous ? "anomalous" : "good",
    defect: anomalous ? cell(row, "defect") || (word === "1" ? "anomalous" : word) : "",
    split: splitOf(cell(row, "split"), place),
    mask: mask === "" || !anomalous ? null : mask,
    group: group === "" ? null : group,
  };
}

function isAnomalous(word: string, place: string): boolean {
  const meaning = folderMeaning(word);
  if (word === "1" || meaning === "bad") return true;
  if (word === "0" || meaning === "good") return false;
  const found = `the label "${word}"`;
  throw new BlemishError("DATASET", {
    subject: place,
    expected: "good, bad or a word like them, 0 or 1",
    found,
  });
}

function splitOf(word: string, place: string): DatasetSplit | null {
  if (word === "") return null;
  const meaning = folderMeaning(word);
  if (meaning === "train" || meaning === "test") return meaning;
  throw new BlemishError("DATASET", {
    subject: place,
    expected: "train, test or nothing",
    found: `the split "${word}"`,
  });
}

/** Tables made on Windows write `good\000.png`. */
function slashed(path: string): string {
  return path.includes("/") ? path : path.replaceAll("\\", "/");
}

function checkObjects(
  rows: readonly CsvRow[],
  cell: (row: CsvRow, column: Column) => string,
  subject: string,
): void {
  const objects = [...new Set(rows.map((row) => cell(row, "object")))];
  if (objects.length <= 1) return;
  const found = `${objects.length}: ${objects.slice(0, 4).join(", ")}${objects.length > 4 ? ", …" : ""}`;
  throw new BlemishError("DATASET", { subject, expected: "one object; give the folder of one", found });
}

function checkTwice(items: readonly DatasetItem[], rows: readonly CsvRow[], subject: string): void {
  const lines = new Map<string, number>();
  items.forEach(({ path }, index) => {
    const line = rows[index]!.line;
    const first = lines.get(path);
    if (first !== undefined) {
      const [expected, found] = ["each picture once", `${path} again, as in line ${first}`];
      throw new BlemishError("DATASET", { subject: `${subject}, line ${line},`, expected, found });
    }
    lines.set(path, line);
  });
}
