/** What the name of a folder, or a word in a table, says about the pictures. */

/** Meaning of a folder name; "good-test" = goods that are for testing (Anomalib's `normal_test_dir`). */
export type FolderMeaning = "good" | "good-test" | "bad" | "mask" | "train" | "test";

const WORDS: Readonly<Record<FolderMeaning, string>> = {
  good: "good goods ok okay normal normals pass passed io gut gutteile accept accepted defectfree nodefect",
  "good-test": "goodtest testgood normaltest testnormal oktest testok",
  bad:
    "bad bads ng nok ko notok notgood defect defects defective anomalous anomaly anomalies abnormal fail failed " +
    "failure faulty nio schlecht reject rejected rejects",
  mask: "mask masks groundtruth groundtruths gt annotation annotations segmentation segmentations",
  // Validation goods are further goods: thresholds come from leave-one-out scores, so nothing need be held back.
  train: "train training val valid validation",
  test: "test testing",
};

const MEANINGS = new Map(
  Object.entries(WORDS).flatMap(([meaning, words]) =>
    words.split(" ").map((word) => [word, meaning as FolderMeaning]),
  ),
);

/** The meaning of a name, or null. Case and the marks " . _ -" do not count: `n.i.O.`, `NIO` and `not-ok` are bad. */
export function folderMeaning(name: string): FolderMeaning | null {
  return MEANINGS.get(name.toLowerCase().replace(/[\s._-]/g, "")) ?? null;
}

/**
 * What the last two names of a folder's path say about the pictures in it: `bad/scratch` holds bad ones, as `bad`
 * does. The last name is that of the defect.
 */
export function placeMeaning(folder: string): {
  readonly meaning: FolderMeaning | null;
  readonly name: string;
} {
  const names = folder.split(/[\\/]/).filter((name) => name !== "");
  const [name = "", above = ""] = names.reverse();
  const inherited = folderMeaning(above);
  const meaning = folderMeaning(name) ?? (inherited === "bad" || inherited === "mask" ? inherited : null);
  return { meaning, name };
}
