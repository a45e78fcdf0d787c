/** The pictures of a test as CSV (RFC 4180, header first). */
import type { ScoredPicture } from "@blemish/core";
import type { FailedItem } from "@blemish/node";
import { stringify } from "csv-stringify/sync";

/** Column names in order; docs/cli.md explains them. */
export const EVALUATION_COLUMNS = [
  "path",
  "label",
  "defect",
  "score",
  "predLabel",
  "verdict",
  "error",
] as const;

/** The table: judged pictures in order, then those that could not be judged. */
export function picturesCsv(pictures: readonly ScoredPicture[], failed: readonly FailedItem[]): string {
  const rows = [
    ...pictures.map(({ path, label, defect, score, predLabel, uncertain }) => [
      path,
      label,
      defect,
      score,
      String(predLabel),
      predLabel ? "anomalous" : uncertain ? "uncertain" : "good",
      "",
    ]),
    ...failed.map(({ item, error }) => [item.path, item.label, item.defect, "", "", "invalid", error.code]),
  ];
  return stringify([EVALUATION_COLUMNS, ...rows]);
}
