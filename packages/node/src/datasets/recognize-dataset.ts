/** From what the user names (folders, tables, pictures, globs) to a data set. Layouts are core's matter. */
import { existsSync, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  type Arrangement,
  applyVisaTables,
  arrangeFolders,
  BlemishError,
  type Dataset,
  type DatasetItem,
  folderMeaning,
  placeMeaning,
  readManifest,
} from "@blemish/core";
import { findImages } from "../images/find-images.js";
import { readTable } from "./read-table.js";

/** How a data set is recognised. */
export interface RecognizeOptions {
  /** Refuse a data set without a single good picture (default true: nothing could be learnt from it). */
  readonly needGoods?: boolean;
}

/**
 * Recognises each path and puts them together; a picture met twice counts once. A folder may be a data set in any
 * layout of `docs/datasets.md`; its folder `test`, or one in it, stands for that part of the whole; a `.csv` file is a
 * table; single pictures and globs are good unless they lie directly in a folder named bad, or the like. No picture
 * is opened.
 *
 * @throws BlemishError DATASET, NO_IMAGES for a path without pictures, IMAGE_NOT_FOUND for a missing one
 */
export async function recognizeDataset(
  paths: readonly string[],
  options: RecognizeOptions = {},
): Promise<Dataset> {
  const { needGoods = true } = options;
  if (paths.length === 0) throw new BlemishError("NO_IMAGES", { subject: "the empty list of data sets" });
  const parts: Dataset[] = [];
  for (const path of paths) parts.push(await recognizeOne(path));
  const dataset = parts.length === 1 ? parts[0]! : together(parts);
  if (needGoods && !dataset.items.some(({ label }) => label === "good")) {
    const found = `${dataset.items.length} anomalous and no good ones`;
    throw new BlemishError("DATASET", { subject: dataset.root, expected: "pictures of good parts", found });
  }
  return dataset;
}

async function recognizeOne(path: string): Promise<Dataset> {
  const facts = await stat(path).catch(() => null);
  if (facts?.isFile() && /\.csv$/i.test(path)) return recognizeTable(path);
  if (!facts?.isDirectory()) return recognizePictures(path, facts);
  const whole = wholeOf(path);
  return whole === null ? recognizeFolder(path) : recognizePart(path, whole);
}

/** The data set of which a folder is the test part (`test`) or a piece of it (`test/crack`); null for any other folder. */
function wholeOf(path: string): string | null {
  for (const above of ["", ".."]) {
    const folder = resolve(path, above);
    const isTest = folderMeaning(basename(folder)) === "test";
    const hasMore = ["train", "ground_truth"].some((name) => existsSync(join(folder, "..", name)));
    if (isTest && hasMore) return join(path, above, "..");
  }
  return null;
}

/** A piece of the test part by itself would show neither its label nor its masks. */
async function recognizePart(path: string, whole: string): Promise<Dataset> {
  const { items, layout } = await recognizeFolder(whole);
  const start = join(resolve(path), "/");
  const inside = items.filter((item) => resolve(item.path).startsWith(start));
  if (inside.length === 0) throw new BlemishError("NO_IMAGES", { subject: path });
  return { layout, root: path, items: inside, notes: [`a part of ${whole}`] };
}

async function recognizeFolder(root: string): Promise<Dataset> {
  const files = (await findImages([root])).map(({ relative }) => relative);
  let arrangement = arrangeFolders(files, root, resolve(root));
  if (arrangement.layout === "visa") arrangement = await withVisaTables(arrangement, root);
  return joined(arrangement, root, root);
}

async function withVisaTables(arrangement: Arrangement, root: string): Promise<Arrangement> {
  const object = resolve(root);
  const [split, annotations] = await Promise.all(
    [join(dirname(object), "split_csv", "1cls.csv"), join(object, "image_anno.csv")].map((path) =>
      existsSync(path) ? readTable(path) : null,
    ),
  );
  return applyVisaTables(arrangement, {
    object: basename(object),
    split: split ?? null,
    annotations: annotations ?? null,
  });
}

/** Single pictures: what the name of their folder says is true of them too. */
async function recognizePictures(path: string, facts: Stats | null): Promise<Dataset> {
  const items = (await findImages([path])).map(({ path: file }): DatasetItem => {
    const folder = dirname(resolve(file));
    const { meaning, name } = placeMeaning(folder);
    if (meaning === "mask")
      throw new BlemishError("DATASET", { subject: file, expected: "a picture", found: "a mask" });
    const defect = meaning === "bad" || (meaning === null && wholeOf(folder) !== null);
    const label = defect ? "anomalous" : "good";
    return {
      path: file,
      label,
      defect: defect ? name : "",
      split: null,
      mask: null,
      group: null,
    };
  });
  return { layout: "plain", root: facts === null ? path : dirname(path), items, notes: [] };
}

async function recognizeTable(path: string): Promise<Dataset> {
  const arrangement = readManifest(await readTable(path), path);
  if (arrangement.items.length === 0) throw new BlemishError("NO_IMAGES", { subject: path });
  const folder = dirname(path);
  // VisA keeps its tables in a folder beside the objects.
  const base = basename(resolve(folder)) === "split_csv" ? join(folder, "..") : folder;
  const dataset = joined(arrangement, base, path);
  const missing = dataset.items.flatMap(({ path: picture, mask }) =>
    [picture, mask ?? picture].filter((file) => !existsSync(file)),
  );
  if (missing.length === 0) return dataset;
  const found = `${new Set(missing).size} that do not exist, such as ${missing[0]}`;
  throw new BlemishError("DATASET", {
    subject: path,
    expected: "pictures and masks beside the table",
    found,
  });
}

/** Paths become paths to open. */
function joined(arrangement: Arrangement, base: string, root: string): Dataset {
  const items = arrangement.items.map((item) => ({
    ...item,
    path: resolvePath(base, item.path),
    mask: item.mask === null ? null : resolvePath(base, item.mask),
  }));
  return { ...arrangement, root, items };
}

function resolvePath(base: string, path: string): string {
  return /^([\\/]|[A-Za-z]:)/.test(path) ? path : join(base, path);
}

function together(parts: readonly Dataset[]): Dataset {
  const items = new Map<string, DatasetItem>();
  for (const item of parts.flatMap((part) => part.items))
    if (!items.has(item.path)) items.set(item.path, item);
  const layouts = new Set(parts.map(({ layout }) => layout));
  const layout = layouts.size === 1 ? parts[0]!.layout : "several";
  const roots = [...new Set(parts.map(({ root }) => root))];
  return {
    layout,
    root: commonFolder(roots),
    items: [...items.values()],
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** The folder that holds all of them; "." where the user's spellings share nothing. */
function commonFolder(roots: readonly string[]): string {
  const [first = ".", ...rest] = roots;
  if (rest.length === 0) return first;
  const names = rest.reduce((common, root) => {
    const others = root.split("/");
    const end = common.findIndex((name, index) => name !== others[index]);
    return end < 0 ? common : common.slice(0, end);
  }, first.split("/"));
  return names.join("/") || (first.startsWith("/") ? "/" : ".");
}
