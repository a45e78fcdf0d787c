/** What is wrong with the pictures of a data set, found by comparing the facts of all of them. Files are the shell's matter. */
import type { DatasetItem } from "./dataset.js";
import { nearDuplicates } from "./near-duplicates.js";
import type { PictureFacts } from "./picture-facts.js";
import { robustZ } from "./robust-z.js";

/** What a finding is about. */
export type HealthKind =
  | "unreadable"
  | "label-conflict"
  | "train-and-test"
  | "mask"
  | "duplicate"
  | "near-train-and-test"
  | "near-duplicate"
  | "sizes"
  | "pixels"
  | "blur"
  | "exposure";

/** "error" = the result would be wrong or cannot be had; "warning" = look at it; "note" = good to know. */
export type HealthSeverity = "error" | "warning" | "note";

/** A small PNG picture. */
export interface Thumbnail {
  readonly path: string;
  /** The PNG file in base64. */
  readonly png: string;
}

/** One thing that was found. */
export interface HealthFinding {
  readonly kind: HealthKind;
  readonly severity: HealthSeverity;
  /** A sentence for the user. */
  readonly message: string;
  /** The pictures meant, the most telling first. */
  readonly paths: readonly string[];
  /** Some of them, small. */
  readonly thumbnails: readonly Thumbnail[];
}

/** A readable file of the data set, for the training record. */
export interface CheckedFile {
  readonly path: string;
  /** SHA-256 of the file in hexadecimal. */
  readonly sha256: string;
  /** Pixels, as a model sees the picture: upright. */
  readonly width: number;
  readonly height: number;
}

/** Result of the health check: plain data. */
export interface HealthReport {
  /** Number of pictures looked at, unreadable ones included. */
  readonly pictures: number;
  /** Errors first, then warnings, then notes. */
  readonly findings: readonly HealthFinding[];
  /** The readable pictures in the order of the items. */
  readonly files: readonly CheckedFile[];
}

/** What the check knows of one readable picture. */
export interface CheckedPicture {
  readonly item: DatasetItem;
  readonly sha256: string;
  /** Hash of what it shows, the same for the same pixels in files of different formats. */
  readonly shown: string;
  readonly facts: PictureFacts;
  /** How samples are stored, such as "8-bit RGB". */
  readonly pixels: string;
  /** Whether its samples have more than 8 bits and nobody said which of them the camera uses. */
  readonly assumed?: boolean;
}

/** Standard deviations (robust) beyond which a picture is called odd; real sets of goods stay below 4. */
const ODD_SHARPNESS = 5;
const ODD_EXPOSURE = 6;

/** Least standard deviations assumed: 10 % of sharpness, 2 grey levels, 1 % of the pixels. */
const EVEN_SHARPNESS = 0.1;
const EVEN_BRIGHTNESS = 2;
const EVEN_SHARE = 0.01;

/** Fewer pictures than this have no usual value that one of them could miss. */
const FEWEST = 5;

/** All findings that come from comparing readable pictures, in no particular order, without thumbnails. */
export function comparePictures(pictures: readonly CheckedPicture[]): HealthFinding[] {
  const same = groupBy(pictures, ({ shown }) => shown);
  return [
    ...[...same.values()].flatMap((group) => sameFile(group, pictures.length)),
    ...alike(same, pictures.length),
    ...sizes(pictures),
    ...kinds(pictures),
    ...assumedRange(pictures),
    ...blurred(pictures),
    ...odd(pictures),
  ];
}

/** Errors first, then warnings, then notes; findings of one severity keep their order. */
export function sortFindings(findings: readonly HealthFinding[]): HealthFinding[] {
  const order: readonly HealthSeverity[] = ["error", "warning", "note"];
  return order.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}

/** A finding without thumbnails. */
export function finding(
  kind: HealthKind,
  severity: HealthSeverity,
  message: string,
  paths: readonly string[],
): HealthFinding {
  return { kind, severity, message, paths, thumbnails: [] };
}

function sameFile(group: readonly CheckedPicture[], total: number): HealthFinding[] {
  if (group.length < 2) return [];
  const paths = group.map(({ item }) => item.path);
  const findings: HealthFinding[] = [];
  const files = new Set(group.map(({ sha256 }) => sha256)).size;
  const what = files === 1 ? "file" : "picture, pixel for pixel, in different files,";
  if (new Set(group.map(({ item }) => item.label)).size > 1) {
    findings.push(
      finding("label-conflict", "error", `The same ${what} is labelled good and anomalous.`, paths),
    );
  }
  if (onBothSides(group)) {
    const message = `The same ${what} is used for training and for testing, so the test proves nothing about it.`;
    findings.push(finding("train-and-test", "error", message, paths));
  }
  if (findings.length > 0) return findings;
  if (group.length === total) {
    const all = files === 1 ? "file" : "picture, pixel for pixel";
    return [finding("duplicate", "error", `All ${total} pictures are the same ${all}.`, paths)];
  }
  const message = `${group.length} files are the same picture${files === 1 ? "" : ", pixel for pixel"}. It counts ${group.length} times, and the false-alarm rate is promised too low.`;
  return [finding("duplicate", "warning", message, paths)];
}

function alike(same: ReadonlyMap<string, readonly CheckedPicture[]>, total: number): HealthFinding[] {
  const files = [...same.values()];
  return nearDuplicates(files.map(([first]) => first!.facts.look)).map((group) => {
    const members = group.flatMap((index) => files[index]!);
    const paths = members.map(({ item }) => item.path);
    if (onBothSides(members)) {
      const message = `${members.length} pictures for training and testing show nearly the same: the test is easier than it looks.`;
      return finding("near-train-and-test", "warning", message, paths);
    }
    const all = members.length === total;
    const message = `${all ? `All ${total}` : members.length} pictures are nearly the same, as if taken twice or saved again.`;
    return finding("near-duplicate", "warning", message, paths);
  });
}

function sizes(pictures: readonly CheckedPicture[]): HealthFinding[] {
  const groups = largestFirst(groupBy(pictures, ({ facts }) => `${facts.width} × ${facts.height}`));
  if (groups.length < 2) return [];
  const shape = ({ facts }: CheckedPicture) => facts.width / facts.height;
  const usual = shape(groups[0]![1][0]!);
  const stretched = pictures.some((picture) => Math.abs(shape(picture) / usual - 1) > 0.01);
  const outcome = stretched
    ? "Their shapes differ, so they are stretched differently."
    : "All are resized to one size.";
  const message = `Pictures of ${groups.length} sizes: ${listed(groups)}. ${outcome}`;
  return [finding("sizes", stretched ? "warning" : "note", message, pathsOfRarest(groups))];
}

function kinds(pictures: readonly CheckedPicture[]): HealthFinding[] {
  const groups = largestFirst(groupBy(pictures, ({ pixels }) => pixels));
  if (groups.length < 2) return [];
  const message = `Pictures of ${groups.length} kinds: ${listed(groups)}. Colour and depth should be the same for all.`;
  return [finding("pixels", "warning", message, pathsOfRarest(groups))];
}

/** Most cameras fill 10 or 12 of 16 bits; such a picture is next to black when all 16 are taken for its range. */
function assumedRange(pictures: readonly CheckedPicture[]): HealthFinding[] {
  const paths = pictures.filter(({ assumed }) => assumed).map(({ item }) => item.path);
  const message = `${counted(paths, "picture has", "pictures have")} 16 bits a sample, of which the upper 8 are used (range 0..65535). State the camera's range where it is another: --bits 12, or --range 0..4095.`;
  return paths.length === 0 ? [] : [finding("pixels", "note", message, paths)];
}

/** Only goods: an anomalous picture may be as odd as it likes. */
function blurred(pictures: readonly CheckedPicture[]): HealthFinding[] {
  const goods = goodsOf(pictures);
  const z = robustZ(
    goods.map(({ facts }) => facts.sharpness),
    EVEN_SHARPNESS,
  );
  const paths = oddest(
    goods,
    z.map((value) => -value),
    ODD_SHARPNESS,
  );
  const message = `${counted(paths, "good picture is", "good pictures are")} much less sharp than the others.`;
  return paths.length === 0 ? [] : [finding("blur", "warning", message, paths)];
}

function odd(pictures: readonly CheckedPicture[]): HealthFinding[] {
  const goods = goodsOf(pictures);
  const measure = (value: (facts: PictureFacts) => number, even: number) =>
    robustZ(
      goods.map(({ facts }) => value(facts)),
      even,
    );
  const brightness = measure((facts) => facts.brightness, EVEN_BRIGHTNESS);
  const rows = [
    { z: brightness.map((value) => -value), words: "much darker than the others" },
    { z: brightness, words: "much brighter than the others" },
    { z: measure((facts) => facts.black, EVEN_SHARE), words: "black in places where the others are not" },
    {
      z: measure((facts) => facts.white, EVEN_SHARE),
      words: "overexposed in places where the others are not",
    },
  ];
  const told = new Set<string>();
  return rows.flatMap(({ z, words }) => {
    const paths = oddest(goods, z, ODD_EXPOSURE).filter((path) => !told.has(path));
    for (const path of paths) told.add(path);
    const message = `${counted(paths, "good picture is", "good pictures are")} ${words}.`;
    return paths.length === 0 ? [] : [finding("exposure", "warning", message, paths)];
  });
}

function goodsOf(pictures: readonly CheckedPicture[]): CheckedPicture[] {
  return pictures.filter(({ item }) => item.label === "good");
}

/** Paths of the pictures above the limit, the oddest first. */
function oddest(pictures: readonly CheckedPicture[], z: Float64Array, limit: number): string[] {
  if (pictures.length < FEWEST) return [];
  const indices = Array.from(z.keys()).filter((index) => z[index] > limit);
  return indices.sort((a, b) => z[b] - z[a]).map((index) => pictures[index]!.item.path);
}

function counted(paths: readonly string[], one: string, many: string): string {
  return `${paths.length} ${paths.length === 1 ? one : many}`;
}

function onBothSides(pictures: readonly CheckedPicture[]): boolean {
  const sides = new Set(pictures.map(({ item }) => item.split));
  return sides.has("train") && sides.has("test");
}

type Groups = readonly (readonly [string, readonly CheckedPicture[]])[];

function groupBy(
  pictures: readonly CheckedPicture[],
  key: (picture: CheckedPicture) => string,
): Map<string, CheckedPicture[]> {
  const groups = new Map<string, CheckedPicture[]>();
  for (const picture of pictures) {
    const name = key(picture);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [picture]);
    else group.push(picture);
  }
  return groups;
}

function largestFirst(groups: ReadonlyMap<string, readonly CheckedPicture[]>): Groups {
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}

/** "256 × 256 (206), 900 × 900 (2)", at most four. */
function listed(groups: Groups): string {
  const names = groups.slice(0, 4).map(([name, members]) => `${name} (${members.length})`);
  return names.join(", ") + (groups.length > 4 ? ", …" : "");
}

/** All but the largest group, the rarest first. */
function pathsOfRarest(groups: Groups): string[] {
  return groups
    .slice(1)
    .reverse()
    .flatMap(([, members]) => members.map(({ item }) => item.path));
}
