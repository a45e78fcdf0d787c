/** What the tables of a VisA object add to its folders: the split (`split_csv/1cls.csv`) and the kinds of defects. */
import type { Arrangement, DatasetItem } from "./dataset.js";
import { readManifest } from "./manifest.js";
import { parseCsv } from "./parse-csv.js";

/** Texts of the two tables, null where the file is missing, and the name of the object, such as `candle`. */
export interface VisaTables {
  readonly object: string;
  /** `split_csv/1cls.csv` beside the object's folder: object, split, label, image, mask. */
  readonly split: string | null;
  /** `image_anno.csv` in the object's folder: image, label, mask; the label names the defects. */
  readonly annotations: string | null;
}

/**
 * The arrangement with splits and defects from the tables; pictures are matched by the part of their path from
 * `Images` on. Pictures that a table does not name keep what they have, and are noted.
 *
 * @throws BlemishError DATASET when a table cannot be read
 */
export function applyVisaTables(arrangement: Arrangement, tables: VisaTables): Arrangement {
  const notes = [...arrangement.notes];
  let { items } = arrangement;
  if (tables.split !== null) {
    const rows = readManifest(tables.split, "split_csv/1cls.csv", tables.object).items;
    const sides = new Map(rows.map(({ path, split }) => [tailOf(path), split]));
    items = items.map((item) => ({ ...item, split: sides.get(tailOf(item.path)) ?? item.split }));
    const unnamed = items.filter(({ split }) => split === null).length;
    if (unnamed > 0) notes.push(`${unnamed} of ${items.length} pictures are not in split_csv/1cls.csv`);
  }
  if (tables.annotations !== null) {
    const names = defectNames(tables.annotations);
    items = items.map((item) => withDefect(item, names.get(tailOf(item.path))));
  }
  return { ...arrangement, items, notes };
}

function defectNames(text: string): Map<string, string> {
  const { rows } = parseCsv(text, "image_anno.csv");
  return new Map(rows.map(({ cells }) => [tailOf(cells.image ?? ""), cells.label ?? ""]));
}

function withDefect(item: DatasetItem, name = ""): DatasetItem {
  return item.label === "anomalous" && name !== "" ? { ...item, defect: name } : item;
}

/** `images/anomaly/000.jpg` of `candle/Data/Images/Anomaly/000.JPG`. */
function tailOf(path: string): string {
  return path.toLowerCase().split("/").slice(-3).join("/");
}
