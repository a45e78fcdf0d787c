/**
 * From a list of picture files to a data set, by the names of folders: plain folders, good/bad folders, Anomalib's
 * `Folder`, MVTec AD, BTAD and VisA. Nothing is opened; whoever lists the files may be a disk or a browser.
 */
import { BlemishError } from "../errors.js";
import type { Arrangement, DatasetItem, DatasetLayout } from "./dataset.js";
import { type FolderMeaning, folderMeaning, placeMeaning } from "./folder-words.js";
import { pairMasks } from "./pair-masks.js";
import { type SortedFiles, sortByLabel } from "./sort-by-label.js";

/**
 * Recognises the layout of the files below a folder.
 *
 * @param files paths of pictures below the folder, with "/", sorted
 * @param root the folder as the user gave it, for errors
 * @param place its full path: where there are no sub-folders its last names count, so `bad` is bad
 * @returns items and masks with the paths of `files`
 * @throws BlemishError DATASET when the folder holds several data sets, masks only, or pictures whose label is unclear
 */
export function arrangeFolders(files: readonly string[], root: string, place = root): Arrangement {
  return arrangeBelow(files, "", root, place);
}

function arrangeBelow(files: readonly string[], prefix: string, root: string, place: string): Arrangement {
  const tops = topFolders(files, prefix);
  const meanings = new Set([...tops.keys()].map(folderMeaning));
  if (meanings.has("train") || meanings.has("test")) return arrangeSplit(files, prefix, tops, root);
  if (meanings.has("good") || meanings.has("good-test") || meanings.has("bad")) {
    return arrangeLabels(files, prefix, root);
  }
  if (isVisa(tops, prefix)) return arrangeVisa(files, prefix, root);
  const loose = files.some((path) => !path.slice(prefix.length).includes("/"));
  const [only] = tops.keys();
  if (!loose && meanings.size === 1 && meanings.has("mask")) throw masksOnly(root);
  // An unpacked archive often holds one folder. Its name counts as the root's would.
  if (!loose && tops.size === 1) return arrangeBelow(files, `${prefix}${only}/`, root, place);
  checkOneDataset(tops, prefix, root);
  return arrangePlain(files, prefix, root, place);
}

/** First folder after the prefix → its files. */
function topFolders(files: readonly string[], prefix: string): Map<string, string[]> {
  const tops = new Map<string, string[]>();
  for (const path of files) {
    const slash = path.indexOf("/", prefix.length);
    if (slash < 0) continue;
    const top = path.slice(prefix.length, slash);
    const list = tops.get(top);
    if (list === undefined) tops.set(top, [path]);
    else list.push(path);
  }
  return tops;
}

/** `train/good`, `test/<defect>`, `ground_truth/<defect>`: MVTec AD; with `ok` and `ko` BTAD. */
function arrangeSplit(
  files: readonly string[],
  prefix: string,
  tops: ReadonlyMap<string, readonly string[]>,
  root: string,
): Arrangement {
  const parts: SortedFiles[] = [];
  const notes: string[] = [];
  for (const [top, below] of tops) {
    const meaning = folderMeaning(top);
    if (meaning === "train" || meaning === "test")
      parts.push(sortSide(below, `${prefix}${top}/`, meaning, root));
    else if (meaning === "mask") parts.push(sortByLabel(below, prefix, null, root));
    else notes.push(`${plural(below.length, "picture")} in ${prefix}${top} left out: neither train nor test`);
    if (meaning === "train" && /^val/i.test(top))
      notes.push(`${prefix}${top} is used for training, as train is`);
  }
  const loose = files.filter((path) => !path.slice(prefix.length).includes("/"));
  const names = [...tops.values()]
    .flat()
    .map((path) => path.slice(prefix.length).split("/")[1]?.toLowerCase());
  const btad = names.includes("ok") && !names.includes("good");
  return finish(btad ? "btad" : "mvtec", merge(parts, loose), notes, root);
}

function sortSide(
  below: readonly string[],
  prefix: string,
  split: "train" | "test",
  root: string,
): SortedFiles {
  const sorted = sortByLabel(below, prefix, split, root);
  const { loose } = sorted;
  if (loose.length === 0) return sorted;
  if (split === "test" || sorted.pictures.length > 0) {
    const found = `${plural(loose.length, "picture")} directly in ${prefix.slice(0, -1)}, such as ${loose[0]}`;
    throw new BlemishError("DATASET", {
      subject: root,
      expected: "pictures in folders named good or after a defect",
      found,
    });
  }
  const pictures = loose.map((path) => ({ folder: "", item: goodItem(path, split) }));
  return { ...sorted, pictures, loose: [] };
}

/** Folders of goods and of bads side by side, perhaps with masks: Anomalib's `Folder`. */
function arrangeLabels(files: readonly string[], prefix: string, root: string): Arrangement {
  const sorted = sortByLabel(files, prefix, null, root);
  const goods = sorted.pictures.some(({ item }) => item.label === "good");
  if (!goods && sorted.assumed.length > 0) {
    const found = `the folder ${sorted.assumed[0]}, which is neither good nor bad`;
    throw new BlemishError("DATASET", { subject: root, expected: "a folder named good", found });
  }
  const notes = sorted.assumed.map(
    (folder) => `${folder} is taken as a kind of defect, because it lies beside the good pictures`,
  );
  const anomalib =
    sorted.masks.length > 0 || files.some((path) => /^(ab)?normal\//i.test(path.slice(prefix.length)));
  const pictures = sorted.pictures.some(({ item }) => item.split === "test") ? separateTest(sorted) : sorted;
  return finish(anomalib ? "folder" : "good-bad", pictures, notes, root);
}

/** Where some goods are marked for testing, the other goods are for training and the bads for testing. */
function separateTest(sorted: SortedFiles): SortedFiles {
  const pictures = sorted.pictures.map(({ item, folder }) => {
    const split = item.split ?? (item.label === "good" ? ("train" as const) : ("test" as const));
    return { folder, item: { ...item, split } };
  });
  return { ...sorted, pictures };
}

/** `Data/Images/{Normal,Anomaly}` and `Data/Masks/Anomaly`; its tables are `visa-tables.ts`'s matter. */
function isVisa(tops: ReadonlyMap<string, readonly string[]>, prefix: string): boolean {
  return [...tops.values()].flat().some((path) => VISA.test(path.slice(prefix.length)));
}

const VISA = /^(data\/)?images\/(normal|anomaly)\/[^/]+$/i;

function arrangeVisa(files: readonly string[], prefix: string, root: string): Arrangement {
  const sample = files.find((path) => VISA.test(path.slice(prefix.length))) ?? "";
  const start = prefix.length + (/^data\//i.test(sample.slice(prefix.length)) ? "data/".length : 0);
  const below = (name: string) =>
    files.filter((path) => path.slice(start).toLowerCase().startsWith(`${name}/`));
  const [images, masks] = [below("images"), below("masks")];
  const parts = [
    sortByLabel(images, sample.slice(0, start + "images/".length), null, root),
    sortByLabel(masks, sample.slice(0, start), null, root),
  ];
  const rest = files.length - images.length - masks.length;
  const notes = rest > 0 ? [`${plural(rest, "picture")} outside Images and Masks left out`] : [];
  return finish("visa", merge(parts, []), notes, root);
}

/** Every picture has the label that the last folder's name says; without one it is good. */
function arrangePlain(files: readonly string[], prefix: string, root: string, place: string): Arrangement {
  const { meaning, name } = placeMeaning(`${place}/${prefix}`);
  if (meaning === "mask") throw masksOnly(root);
  const labelled = files.find((path) => saysLabel(path.slice(prefix.length).split("/").slice(0, -1)));
  if (labelled !== undefined) {
    const [expected, found] = ["folders named good and bad at the top", `pictures such as ${labelled}`];
    throw new BlemishError("DATASET", { subject: root, expected, found });
  }
  const bad = meaning === "bad";
  const items = files.map((path): DatasetItem => {
    const good = goodItem(path, null);
    return bad ? { ...good, label: "anomalous", defect: name } : good;
  });
  return { layout: "plain", items, notes: [] };
}

/** A plain folder may have any sub-folders but these: a bad picture deep down must not be learnt as good. */
function saysLabel(folders: readonly string[]): boolean {
  const telling: readonly (FolderMeaning | null)[] = ["bad", "mask", "test"];
  return folders.some((folder) => telling.includes(folderMeaning(folder)));
}

function checkOneDataset(tops: ReadonlyMap<string, readonly string[]>, prefix: string, root: string): void {
  const sets = [...tops].filter(([top, files]) => {
    const inner = topFolders(files, `${prefix}${top}/`);
    return (
      [...inner.keys()].some((name) => folderMeaning(name) !== null) || isVisa(inner, `${prefix}${top}/`)
    );
  });
  if (sets.length === 0) return;
  const names = sets.map(([top]) => top);
  const found = `${names.slice(0, 4).join(", ")}${names.length > 4 ? ` and ${names.length - 4} more` : ""}`;
  throw new BlemishError("DATASET", {
    subject: root,
    expected: "one data set",
    found: `folders that are data sets themselves: ${found}`,
  });
}

function merge(parts: readonly SortedFiles[], loose: readonly string[]): SortedFiles {
  return {
    pictures: parts.flatMap((part) => part.pictures),
    masks: parts.flatMap((part) => part.masks),
    loose,
    assumed: [],
  };
}

/** Pairs masks and writes the notes. */
function finish(
  layout: DatasetLayout,
  sorted: SortedFiles,
  notes: readonly string[],
  root: string,
): Arrangement {
  const bads = sorted.pictures.filter(({ item }) => item.label === "anomalous");
  // Some sets also hold black masks of good pictures; they say nothing.
  const masks = sorted.masks.filter(({ folder }) => folderMeaning(folder) !== "good");
  const pairs = pairMasks(
    bads.map(({ item, folder }) => ({ path: item.path, folder })),
    masks,
  );
  if (sorted.pictures.length === 0) throw masksOnly(root);
  const items = sorted.pictures.map(({ item }) => {
    const mask = pairs.maskOf.get(item.path);
    return mask === undefined ? item : { ...item, mask };
  });
  const { loose } = sorted;
  const left =
    loose.length > 0
      ? [
          `${plural(loose.length, "picture")} beside the folders left out: ${loose[0]}${loose.length > 1 ? ", …" : ""}`,
        ]
      : [];
  return { layout, items: items.sort(byPath), notes: [...notes, ...left, ...pairs.notes] };
}

function masksOnly(subject: string): BlemishError {
  return new BlemishError("DATASET", { subject, expected: "pictures", found: "masks only" });
}

function goodItem(path: string, split: DatasetItem["split"]): DatasetItem {
  return { path, label: "good", defect: "", split, mask: null, group: null };
}

function byPath(a: DatasetItem, b: DatasetItem): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
