/** What a data set is, as plain data. How folders and tables become one is in `arrange-folders.ts` and `manifest.ts`. */

/** The two labels. */
export type DatasetLabel = "good" | "anomalous";

/** The two sides of a split. Nothing is ever tuned on "test". */
export type DatasetSplit = "train" | "test";

/** How the pictures were arranged: see `docs/datasets.md`. "several" = more than one of these together. */
export type DatasetLayout = "plain" | "good-bad" | "folder" | "mvtec" | "btad" | "visa" | "csv" | "several";

/** One picture of a data set. */
export interface DatasetItem {
  /** Path to open. */
  readonly path: string;
  readonly label: DatasetLabel;
  /** Kind of defect: the name of its folder, or what a table says; "" for good pictures. */
  readonly defect: string;
  /** Null where the data set does not say. */
  readonly split: DatasetSplit | null;
  /** Path of the mask of the defect, or null. */
  readonly mask: string | null;
  /** Pictures of one part (or one coil, one shift …) share a group, and no split parts them. Null = a part by itself. */
  readonly group: string | null;
}

/** A recognised data set. */
export interface Dataset {
  readonly layout: DatasetLayout;
  /** What the user gave, or the folder common to all that was given. */
  readonly root: string;
  /** In the order of the inputs, each input's pictures sorted by path. */
  readonly items: readonly DatasetItem[];
  /** What was left out, assumed or could not be paired: sentences for the user. */
  readonly notes: readonly string[];
}

/** A data set without its root: what a list of files or a table says. */
export type Arrangement = Omit<Dataset, "root">;
