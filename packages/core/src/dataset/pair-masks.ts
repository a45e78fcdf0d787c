/**
 * Which mask belongs to which picture: by folder and stem, never by position. (Anomalib pairs the k-th mask with the
 * k-th picture, so that one missing file moves all others.)
 */

/** A picture that may have a mask. */
export interface MaskedPicture {
  readonly path: string;
  /** Folder of its defect, such as `crack`. */
  readonly folder: string;
}

/** A mask file. */
export interface MaskFile {
  readonly path: string;
  /** Folder below the folder of masks; "" = the masks of all defects lie together. */
  readonly folder: string;
}

/** The pairs, and sentences about what could not be paired. */
export interface MaskPairs {
  /** Path of a picture → path of its mask. */
  readonly maskOf: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

const SUFFIX = /[-_ .](mask|gt|label|ground[-_ ]?truth)$/i;

/** File name without folder and extension: `000` of `a/000.png`. */
export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}

/** The stem that a mask's picture has, when the mask is named after it: `000` of `000_mask`; null for other names. */
export function maskedStem(path: string): string | null {
  const stem = stemOf(path);
  return SUFFIX.test(stem) ? stem.replace(SUFFIX, "") : null;
}

/**
 * Pairs masks with pictures. A mask fits a picture when their folders agree (or masks have none) and it has the
 * picture's stem, or, where no mask has, the stem followed by `_mask`, `_gt`, `_label` or `_ground_truth`. What fits
 * more than once is not used: a wrong mask is worse than none.
 */
export function pairMasks(pictures: readonly MaskedPicture[], masks: readonly MaskFile[]): MaskPairs {
  if (masks.length === 0) return { maskOf: new Map(), notes: [] };
  const index = indexMasks(masks);
  const claims = new Map<string, string[]>();
  const unclear: string[] = [];
  const without: string[] = [];
  for (const { path, folder } of pictures) {
    const fits = index(folder, stemOf(path));
    if (fits.length === 0) without.push(path);
    if (fits.length > 1) unclear.push(path);
    for (const mask of fits) claims.set(mask, [...(claims.get(mask) ?? []), path]);
  }
  const claimedTwice = [...claims].filter(([, claimants]) => claimants.length > 1).map(([mask]) => mask);
  const maskOf = new Map<string, string>();
  for (const [mask, [picture]] of claims) {
    if (!claimedTwice.includes(mask) && !unclear.includes(picture!)) maskOf.set(picture!, mask);
  }
  const unused = masks.map(({ path }) => path).filter((path) => !claims.has(path));
  return {
    maskOf,
    notes: [
      count(unused, "mask fits no picture by name", "masks fit no picture by name"),
      count(without, "anomalous picture has no mask", "anomalous pictures have no mask"),
      count(
        claimedTwice,
        "mask fits several pictures and is not used",
        "masks fit several pictures and are not used",
      ),
      count(unclear, "picture fits several masks and gets none", "pictures fit several masks and get none"),
    ].filter((note) => note !== ""),
  };
}

/** A sentence such as "2 masks fit no picture by name: a.png, b.png"; at most three names; "" for none. */
function count(paths: readonly string[], one: string, many: string): string {
  if (paths.length === 0) return "";
  const names = paths.slice(0, 3).join(", ") + (paths.length > 3 ? ", …" : "");
  return `${paths.length} ${paths.length === 1 ? one : many}: ${names}`;
}

/** Looks up the masks that fit a folder and stem: those with the very stem, else those named after it. */
function indexMasks(masks: readonly MaskFile[]): (folder: string, stem: string) => string[] {
  const exact = new Map<string, string[]>();
  const named = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, folder: string, stem: string, path: string) => {
    const key = keyOf(folder, stem);
    map.set(key, [...(map.get(key) ?? []), path]);
  };
  for (const { path, folder } of masks) {
    add(exact, folder, stemOf(path), path);
    const stem = maskedStem(path);
    if (stem !== null) add(named, folder, stem, path);
  }
  return (folder, stem) => {
    for (const map of [exact, named]) {
      const own = map.get(keyOf(folder, stem)) ?? [];
      const shared = folder === "" ? [] : (map.get(keyOf("", stem)) ?? []);
      if (own.length + shared.length > 0) return [...own, ...shared];
    }
    return [];
  };
}

function keyOf(folder: string, stem: string): string {
  return `${folder.toLowerCase()}/${stem}`;
}
