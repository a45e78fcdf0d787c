/** Sorts the files of one folder into good pictures, anomalous pictures and masks, by the names of its sub-folders. */
import { BlemishError } from "../errors.js";
import type { DatasetItem, DatasetSplit } from "./dataset.js";
import { folderMeaning } from "./folder-words.js";
import { type MaskFile, maskedStem, stemOf } from "./pair-masks.js";

/** A sorted picture: an item without mask, with the folder that its mask would lie in. */
export interface SortedPicture {
  readonly item: DatasetItem;
  readonly folder: string;
}

/** What was found below a folder. */
export interface SortedFiles {
  readonly pictures: readonly SortedPicture[];
  readonly masks: readonly MaskFile[];
  /** Files that lie in none of the sub-folders. */
  readonly loose: readonly string[];
  /** Folders of a name without meaning, taken as kinds of defects. */
  readonly assumed: readonly string[];
}

/**
 * Sorts `files` (paths that all begin with `prefix`, which is "" or ends in "/") by their first folder after it:
 * `good` and its like, `bad` and its like, masks; a name without meaning is a kind of defect, but not in training
 * pictures. A folder inside `bad` names the defect.
 *
 * @throws BlemishError DATASET for a folder without meaning among training pictures
 */
export function sortByLabel(
  files: readonly string[],
  prefix: string,
  split: DatasetSplit | null,
  root: string,
): SortedFiles {
  const pictures: SortedPicture[] = [];
  const masks: MaskFile[] = [];
  const loose: string[] = [];
  const assumed = new Set<string>();
  const companions = masksBeside(files);
  for (const path of files) {
    const folders = path.slice(prefix.length).split("/").slice(0, -1);
    const [folder] = folders;
    const meaning = folder === undefined ? null : folderMeaning(folder);
    if (folder === undefined) loose.push(path);
    else if (meaning === "mask") masks.push({ path, folder: defectFolder(folders.slice(1)) });
    else if (companions.has(path)) masks.push({ path, folder: defectFolder(folders) });
    else if (meaning === "good" || meaning === "good-test") {
      const side = meaning === "good-test" ? "test" : split;
      pictures.push({ folder, item: { ...picture(path, side), label: "good", defect: "" } });
    } else {
      if (meaning !== "bad") {
        if (split === "train") throw unclear(root, prefix + folder);
        assumed.add(folder);
      }
      const defect = meaning === "bad" ? (folders[1] ?? folder) : folder;
      pictures.push({
        folder: defectFolder(folders),
        item: { ...picture(path, split), label: "anomalous", defect },
      });
    }
  }
  return { pictures, masks, loose, assumed: [...assumed] };
}

/** Files such as `000_mask.png` that lie beside their picture `000.png`. */
function masksBeside(files: readonly string[]): ReadonlySet<string> {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
  const stems = new Set(files.map((path) => folderOf(path) + stemOf(path)));
  return new Set(
    files.filter((path) => {
      const stem = maskedStem(path);
      return stem !== null && stems.has(folderOf(path) + stem);
    }),
  );
}

/** What the folders of a picture and of its mask have in common: `scratch` of `bad/scratch`; `bad` of `bad`. */
function defectFolder(folders: readonly string[]): string {
  const named = folders.filter((folder) => folderMeaning(folder) !== "bad");
  return named.length > 0 ? named.join("/") : (folders[0] ?? "");
}

function picture(path: string, split: DatasetSplit | null) {
  return { path, split, mask: null, group: null };
}

function unclear(root: string, folder: string): BlemishError {
  return new BlemishError("DATASET", {
    subject: root,
    expected: "training pictures in a folder named good (or ok, normal, pass)",
    found: `the folder ${folder}`,
  });
}
