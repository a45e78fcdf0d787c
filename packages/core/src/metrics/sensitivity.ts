/**
 * What a model finds of defects of known kind, size and contrast: shares with their intervals, and the smallest size from
 * which on it finds nearly all. Every figure is about the tried sizes and contrasts; nothing is read between them.
 */
import { binomialInterval, type Interval } from "./intervals.js";

/** A defect that was put somewhere, and whether the model found it there. */
export interface SensitivityTry {
  /** Kind of defect. */
  readonly type: string;
  /** Largest extent, pixels. */
  readonly size: number;
  /** Share of the full range of grey. */
  readonly contrast: number;
  /** The zone it lies in; null where there are none. */
  readonly zone: string | null;
  readonly found: boolean;
}

/** How many defects of one size and contrast were tried, and how many of them found. */
export interface SensitivityCount {
  readonly size: number;
  readonly contrast: number;
  readonly tried: number;
  readonly found: number;
}

/** One size and contrast. */
export interface SensitivityCell extends SensitivityCount {
  /** 95 % (Clopper–Pearson) of the share of places where such a defect is found. */
  readonly interval: Interval;
}

/** The smallest size from which on the promised share is found, at one contrast. */
export interface SensitivityLimit {
  readonly contrast: number;
  /** Pixels: of this and of all larger tried sizes the interval lies at or above the share. null = of no size. */
  readonly size: number | null;
}

/** Counts of all defects, of those of one kind, or of those in one zone. */
export interface CountedGroup {
  readonly by: "all" | "type" | "zone";
  /** Kind or zone; "" for all. */
  readonly name: string;
  /** Every size with every contrast, sizes ascending, then contrasts ascending. */
  readonly cells: readonly SensitivityCount[];
}

/** What follows from the counts. */
export interface SensitivityGroup extends CountedGroup {
  readonly cells: readonly SensitivityCell[];
  /** Contrasts ascending. */
  readonly limits: readonly SensitivityLimit[];
}

/** The share of places that a limit promises, with the confidence of the interval's lower end. */
export const FOUND_SHARE = 0.9;

/** @returns all defects first, then each kind in the order of its first try, then each zone. */
export function sensitivityGroups(tries: readonly SensitivityTry[]): SensitivityGroup[] {
  const types = [...new Set(tries.map(({ type }) => type))];
  const zones = [...new Set(tries.flatMap(({ zone }) => (zone === null ? [] : [zone])))];
  return [
    groupOf("all", "", tries),
    ...types.map((name) =>
      groupOf(
        "type",
        name,
        tries.filter(({ type }) => type === name),
      ),
    ),
    ...zones.map((name) =>
      groupOf(
        "zone",
        name,
        tries.filter(({ zone }) => zone === name),
      ),
    ),
  ];
}

function groupOf(
  by: SensitivityGroup["by"],
  name: string,
  tries: readonly SensitivityTry[],
): SensitivityGroup {
  const sizes = ascending(tries.map(({ size }) => size));
  const contrasts = ascending(tries.map(({ contrast }) => contrast));
  const cells = sizes.flatMap((size) => contrasts.map((contrast) => countOf(tries, size, contrast)));
  return sensitivityOf({ by, name, cells });
}

/** What follows from counts: intervals, and from which size on nearly all are found. */
export function sensitivityOf({ by, name, cells: counts }: CountedGroup): SensitivityGroup {
  const cells = counts.map(({ size, contrast, tried, found }) => ({
    ...{ size, contrast, tried, found },
    interval: binomialInterval(found, tried),
  }));
  const limits = ascending(cells.map(({ contrast }) => contrast)).map((contrast) => ({
    contrast,
    size: smallest(cells.filter((cell) => cell.contrast === contrast)),
  }));
  return { by, name, cells, limits };
}

function countOf(tries: readonly SensitivityTry[], size: number, contrast: number): SensitivityCount {
  const own = tries.filter((one) => one.size === size && one.contrast === contrast);
  return { size, contrast, tried: own.length, found: own.filter((one) => one.found).length };
}

/** @param cells of one contrast, sizes ascending. */
function smallest(cells: readonly SensitivityCell[]): number | null {
  let size: number | null = null;
  for (const cell of cells.toReversed()) {
    if (cell.interval[0] < FOUND_SHARE) break;
    size = cell.size;
  }
  return size;
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
