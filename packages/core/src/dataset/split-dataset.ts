/** Seeded splits in which no group stands on both sides. */
import { BlemishError } from "../errors.js";
import { seededRandom } from "../random.js";
import type { DatasetItem, DatasetSplit } from "./dataset.js";
import { checkGroups } from "./manifest.js";

/** How to split. */
export interface SplitOptions {
  /** Share of the pictures to take, 0 to 1, of each label. */
  readonly share: number;
  /** An integer, 0 to 2⁵³−1. */
  readonly seed: number;
}

/** The two parts of a split, each in the order of the items. */
export interface SplitParts {
  readonly taken: readonly DatasetItem[];
  readonly kept: readonly DatasetItem[];
}

/**
 * Takes a share of the items at random, stratified by label, groups whole: a group that holds an anomalous picture
 * counts as anomalous. Of each label as many are taken as do not exceed the share (rounded to whole pictures), so
 * large groups may leave it short. The result depends on seed and paths, not on the order of the items.
 *
 * @throws BlemishError OPTION_VALUE for a share or seed out of range
 */
export function splitByGroup(items: readonly DatasetItem[], { share, seed }: SplitOptions): SplitParts {
  if (!(share >= 0 && share <= 1)) {
    throw new BlemishError("OPTION_VALUE", {
      subject: "share",
      expected: "a number from 0 to 1",
      found: String(share),
    });
  }
  const strata = { good: [] as DatasetItem[][], anomalous: [] as DatasetItem[][] };
  for (const members of groupsOf(items)) {
    strata[members.some(({ label }) => label === "anomalous") ? "anomalous" : "good"].push(members);
  }
  const taken = new Set<DatasetItem>();
  Object.values(strata).forEach((groups, stream) => {
    const pictures = groups.reduce((sum, members) => sum + members.length, 0);
    let room = Math.round(share * pictures);
    for (const members of seededRandom(seed, stream).shuffle(groups)) {
      if (members.length > room) continue;
      room -= members.length;
      for (const member of members) taken.add(member);
    }
  });
  return { taken: items.filter((item) => taken.has(item)), kept: items.filter((item) => !taken.has(item)) };
}

/** How {@link splitDataset} splits. */
export interface SplitDatasetOptions {
  /** Share of the good pictures without a side that are held back for testing, 0 to 1. */
  readonly testShare: number;
  readonly seed: number;
}

/**
 * Gives a side to every item that has none: anomalous pictures go to test, with their groups, for they can teach
 * nothing about good parts; so do `testShare` of the good ones. Whoever shares a group with a picture that has a side
 * goes there too. Sides that are given stay.
 *
 * @returns the items in their order
 * @throws BlemishError DATASET when a group stands on both sides already or an anomalous picture would have to be
 *   learnt, OPTION_VALUE for a share or seed out of range
 */
export function splitDataset(
  items: readonly DatasetItem[],
  { testShare, seed }: SplitDatasetOptions,
): DatasetItem[] {
  checkGroups(items, "The data set");
  const sides = new Map<DatasetItem, DatasetSplit>();
  const open: DatasetItem[] = [];
  for (const members of groupsOf(items)) {
    const given = members.find(({ split }) => split !== null)?.split ?? null;
    const bad = members.find(({ label, split }) => label === "anomalous" && split === null);
    if (given === "train" && bad !== undefined) {
      const found = `${bad.path} in group ${bad.group}, which has pictures in train`;
      throw new BlemishError("DATASET", {
        subject: "The data set",
        expected: "anomalous pictures in test",
        found,
      });
    }
    const side = given ?? (bad === undefined ? null : "test");
    if (side === null) open.push(...members);
    else for (const member of members) sides.set(member, side);
  }
  const { taken, kept } = splitByGroup(open, { share: testShare, seed });
  for (const item of taken) sides.set(item, "test");
  for (const item of kept) sides.set(item, "train");
  return items.map((item) => ({ ...item, split: item.split ?? sides.get(item) ?? "train" }));
}

/**
 * The items with groups read from their file names: `group` becomes what the first parentheses of `pattern` match, or
 * the whole match; items whose name does not match, or that have a group, stay as they are.
 */
export function groupByName(items: readonly DatasetItem[], pattern: RegExp): DatasetItem[] {
  const plain = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  return items.map((item) => {
    const match = plain.exec(item.path.slice(item.path.lastIndexOf("/") + 1));
    return item.group !== null || match === null ? item : { ...item, group: match[1] ?? match[0] };
  });
}

/** Pictures that belong together, groups and members sorted by path so that the order of listing does not matter. */
function groupsOf(items: readonly DatasetItem[]): DatasetItem[][] {
  const groups = new Map<string | DatasetItem, DatasetItem[]>();
  const sorted = [...items].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const item of sorted) {
    const key = item.group ?? item;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item]);
    else members.push(item);
  }
  return [...groups.values()];
}
