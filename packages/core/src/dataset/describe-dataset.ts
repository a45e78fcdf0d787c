/** What was recognised, in words. */
import type { Dataset, DatasetItem, DatasetLayout } from "./dataset.js";

const LAYOUTS: Readonly<Record<DatasetLayout, string>> = {
  plain: "plain folder",
  "good-bad": "good and bad folders",
  folder: "Anomalib Folder layout",
  mvtec: "MVTec layout",
  btad: "BTAD layout",
  visa: "VisA layout",
  csv: "table",
  several: "several inputs",
};

/**
 * Lines for the user: the layout, a line per side of the split with its counts by label and defect, the masks, and
 * the notes. No line end at the end.
 */
export function describeDataset(dataset: Dataset): string {
  const { items, notes } = dataset;
  const sides = ([null, "train", "test"] as const).flatMap((split) => {
    const own = items.filter((item) => item.split === split);
    return own.length === 0 ? [] : [`  ${(split ?? "all").padEnd(6)} ${describeSide(own)}`];
  });
  return [
    `${dataset.root}: ${LAYOUTS[dataset.layout]}`,
    ...sides,
    ...describeMasks(items),
    ...notes.map((note) => `  note: ${note}`),
  ].join("\n");
}

function describeSide(items: readonly DatasetItem[]): string {
  const bads = items.filter(({ label }) => label === "anomalous");
  const goods = items.length - bads.length;
  const parts = goods > 0 || bads.length === 0 ? [`${goods} good`] : [];
  if (bads.length > 0) parts.push(`${bads.length} anomalous${describeDefects(bads)}`);
  const groups = new Set(items.flatMap(({ group }) => (group === null ? [] : [group])));
  if (groups.size > 0) parts.push(`in ${groups.size} group${groups.size === 1 ? "" : "s"}`);
  return parts.join(", ");
}

/** More kinds than this are counted, not listed. */
const LISTED = 12;

function describeDefects(bads: readonly DatasetItem[]): string {
  const counts = new Map<string, number>();
  for (const { defect } of bads) counts.set(defect, (counts.get(defect) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length > LISTED) return ` of ${sorted.length} kinds`;
  return ` (${sorted.map(([defect, count]) => `${defect} ${count}`).join(", ")})`;
}

function describeMasks(items: readonly DatasetItem[]): string[] {
  const bads = items.filter(({ label }) => label === "anomalous");
  if (bads.length === 0) return [];
  const masked = bads.filter(({ mask }) => mask !== null).length;
  const text = masked === 0 ? "none" : `${masked} of ${bads.length} anomalous pictures`;
  return [`  masks  ${text}`];
}
