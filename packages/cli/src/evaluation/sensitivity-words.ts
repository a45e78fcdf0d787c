/** What a model sees of drawn defects in words: from which size on, of which kind and contrast, and in which zone. */
import { binomialInterval, FOUND_SHARE, type SensitivityCell, type SensitivityGroup } from "@blemish/core";
import type { Sensitivity } from "@blemish/node";
import { counted, percent, percentRange } from "../report-page/rate-words.js";

/** Plural of each kind of defect. */
const KINDS: Readonly<Record<string, string>> = {
  scratch: "Scratches",
  dent: "Dents",
  stain: "Stains",
  missing: "Missing pieces",
  foreign: "Foreign bodies",
};

/** The fewest places that can show the promised share. */
const PLACES_NEEDED = Array.from({ length: 100 }, (_, i) => i + 1).find(
  (count) => binomialInterval(count, count)[0] >= FOUND_SHARE,
);

/** What a group is called at the head of a line. */
export function groupName({ by, name }: Pick<SensitivityGroup, "by" | "name">): string {
  if (by === "all") return "All kinds";
  return by === "zone" ? `Zone ${name}` : (KINDS[name] ?? name);
}

/** "14 px", or "14 px (0.7 mm)" where the size of a pixel is known. */
export function sizeWords(size: number, millimetresPerPixel: number | null): string {
  const pixels = `${Number(size.toFixed(1))} px`;
  if (millimetresPerPixel === null) return pixels;
  return `${pixels} (${Number((size * millimetresPerPixel).toPrecision(2))} mm)`;
}

/** "25 %" of the full range of grey. */
export function contrastWords(contrast: number): string {
  return percent(contrast);
}

/** From which size on a group of defects is found, the strongest contrast first. */
export function limitWords(
  { limits }: Pick<SensitivityGroup, "limits">,
  millimetresPerPixel: number | null,
): string {
  const contrastsOf = new Map<number, string[]>();
  for (const { contrast, size } of limits.toReversed())
    if (size !== null) contrastsOf.set(size, [...(contrastsOf.get(size) ?? []), contrastWords(contrast)]);
  if (contrastsOf.size === 0)
    return `${percent(FOUND_SHARE)} are found of none of the tried sizes and contrasts`;
  const words = [...contrastsOf].map(
    ([size, contrasts]) =>
      `from ${sizeWords(size, millimetresPerPixel)} on at contrast ${contrasts.join(" and ")}`,
  );
  return `${percent(FOUND_SHARE)} are found, with 95 % confidence, ${words.join(", ")}; smaller or fainter ones it may not see`;
}

/** A sentence for each group. */
export function sensitivityVerdict({
  groups,
  millimetresPerPixel,
}: Pick<Sensitivity, "groups" | "millimetresPerPixel">): string[] {
  return groups.map((group) => `${groupName(group)}: ${limitWords(group, millimetresPerPixel)}.`);
}

/** What was measured on, and what the untouched pictures say; one sentence each. */
export function sensitivityBasis(sensitivity: Sensitivity): string[] {
  const { settings, pictures, width, height, untouched, known, failed, invalid, groups } = sensitivity;
  const { judged, alarms, interval } = untouched;
  const zones = groups.some(({ by }) => by === "zone") ? ", as many in each zone," : "";
  return [
    `Defects were drawn into ${counted(pictures, "good picture")} of ${width} × ${height} pixels that the model was not trained on: each kind, size and contrast at ${counted(settings.places, "place")}${zones} where it judges (seed ${settings.seed}).`,
    `Found means: called anomalous, and a marked region touches the defect. Each statement holds by itself, for defects like these: real ones may be harder to see.`,
    `Untouched, ${alarms} of ${counted(judged, "picture")} ${alarms === 1 ? "is" : "are"} called anomalous (${percentRange(interval)} with 95 % confidence).`,
    ...(binomialInterval(settings.places, settings.places)[0] < FOUND_SHARE
      ? [
          `${counted(settings.places, "place")} cannot show ${percent(FOUND_SHARE)} of one kind with 95 % confidence, even where all are found: that takes ${PLACES_NEEDED}.`,
        ]
      : []),
    ...(known > 0
      ? [`${counted(known, "picture")} left out: the model has learnt from ${known === 1 ? "it" : "them"}.`]
      : []),
    ...(failed.length > 0 ? [`${counted(failed.length, "picture")} could not be judged.`] : []),
    ...(invalid > 0
      ? [
          `${counted(invalid, "picture")} with a defect could not be judged and ${invalid === 1 ? "counts" : "count"} as not found.`,
        ]
      : []),
  ];
}

/** Verdict, tables and basis for a terminal. */
export function sensitivityText(sensitivity: Sensitivity): string {
  const { groups, millimetresPerPixel } = sensitivity;
  const tables = groups.map((group) => groupTable(group, millimetresPerPixel));
  return [
    sensitivityVerdict(sensitivity).join("\n"),
    ...tables,
    sensitivityBasis(sensitivity).join("\n"),
  ].join("\n\n");
}

/** Sizes down, contrasts across. */
function groupTable(group: SensitivityGroup, millimetresPerPixel: number | null): string {
  const contrasts = group.limits.map(({ contrast }) => contrast);
  const head = [groupName(group), ...contrasts.map((contrast) => `contrast ${contrastWords(contrast)}`)];
  const rows = sizesOf(group).map((size) => [
    `  ${sizeWords(size, millimetresPerPixel)}`,
    ...contrasts.map((contrast) => cellWords(cellAt(group, size, contrast))),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** "59 of 60 (91 to 100 %)", or nothing where nothing was tried. */
export function cellWords(cell: SensitivityCell | undefined): string {
  if (cell === undefined || cell.tried === 0) return "–";
  return `${cell.found} of ${cell.tried} (${percentRange(cell.interval)})`;
}

/** The tried sizes of a group, ascending. */
export function sizesOf({ cells }: Pick<SensitivityGroup, "cells">): number[] {
  return [...new Set(cells.map(({ size }) => size))];
}

/** One size and contrast of a group. */
export function cellAt(
  { cells }: Pick<SensitivityGroup, "cells">,
  size: number,
  contrast: number,
): SensitivityCell | undefined {
  return cells.find((cell) => cell.size === size && cell.contrast === contrast);
}
