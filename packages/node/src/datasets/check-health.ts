/** The health check of a data set: every picture is opened once, and a few numbers of each are compared. */
import {
  applyCapture,
  BlemishError,
  type Capture,
  type CheckedFile,
  type CheckedPicture,
  comparePictures,
  type DatasetItem,
  type DecodedImage,
  finding,
  type HealthFinding,
  type HealthReport,
  type Profile,
  pictureFacts,
  pixelRuleOf,
  sortFindings,
  toRgb,
} from "@blemish/core";
import { decodeImage } from "../images/decode-image.js";
import { type ReadImageOptions, readingOf } from "../images/read-image.js";
import { readImageFile } from "../images/read-image-file.js";
import { pixelHash, sha256 } from "../sha256.js";
import { mapInOrder } from "../workers/map-in-order.js";
import { addThumbnails } from "./add-thumbnails.js";
import { readMask } from "./read-mask.js";

/** How the check runs. */
export interface CheckHealthOptions {
  /** Whose pixels are looked at, as in `readImage`; default `anomalib-0.7`. */
  readonly profile?: Profile;
  /** How the pictures were taken, as in `readImage`. Default: nothing is known. */
  readonly capture?: Capture;
  /** Ends the check with CANCELLED. */
  readonly signal?: AbortSignal;
  /** Told after each picture. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Pictures decoded at a time: sharp decodes beside the main thread. */
const AT_A_TIME = 4;

/** One picture: what is known of it, or why it cannot be read; and what is wrong with its mask. */
interface Look {
  readonly checked: CheckedPicture | null;
  readonly findings: readonly HealthFinding[];
}

/**
 * Looks for unreadable pictures and masks, masks of a wrong size or without a defect, the same picture twice, on both
 * sides of the split or under both labels (exactly, or nearly), mixed sizes and kinds of pixels, and goods that are
 * less sharp or otherwise exposed than the other goods. Memory: about 1 KB a picture besides the few in work.
 *
 * @returns plain data; a broken picture is a finding, never an exception
 * @throws BlemishError CANCELLED after `signal`
 */
export async function checkHealth(
  items: readonly DatasetItem[],
  options: CheckHealthOptions = {},
): Promise<HealthReport> {
  const { profile = "anomalib-0.7", capture, signal, onProgress } = options;
  const reading = readingOf({ profile, ...(capture && { capture }) });
  const pictures: CheckedPicture[] = [];
  const findings: HealthFinding[] = [];
  let done = 0;
  stopIfCancelled(signal);
  for await (const look of mapInOrder(items, (item) => lookAt(item, reading), { limit: AT_A_TIME })) {
    stopIfCancelled(signal);
    if (look.checked !== null) pictures.push(look.checked);
    findings.push(...look.findings);
    onProgress?.(++done, items.length);
  }
  const sorted = sortFindings([...findings, ...comparePictures(pictures)]);
  stopIfCancelled(signal);
  return {
    pictures: items.length,
    findings: await addThumbnails(sorted, reading),
    files: pictures.map(fileOf),
  };
}

function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new BlemishError("CANCELLED", { subject: "The check of the pictures", cause: signal.reason });
}

async function lookAt(
  item: DatasetItem,
  { profile = "anomalib-0.7", capture }: ReadImageOptions,
): Promise<Look> {
  try {
    const bytes = await readImageFile(item.path, {});
    const decoded = await decodeImage(bytes, item.path);
    const image = toRgb(applyCapture(decoded, capture, item.path), pixelRuleOf(profile));
    const facts = pictureFacts(image);
    const hashes = { sha256: sha256([bytes]), shown: pixelHash(image) };
    const assumed = capture?.range === undefined && decoded.data instanceof Uint16Array;
    const checked = { item, ...hashes, facts, pixels: pixelsOf(decoded), ...(assumed && { assumed }) };
    return { checked, findings: await checkMask(item, facts.width, facts.height) };
  } catch (error) {
    return { checked: null, findings: [failure(error, "unreadable", item.path)] };
  }
}

async function checkMask(
  { path, mask }: DatasetItem,
  width: number,
  height: number,
): Promise<HealthFinding[]> {
  if (mask === null) return [];
  try {
    const { data } = await readMask(mask, width, height);
    return data.includes(1) ? [] : [finding("mask", "warning", `${mask} marks no defect.`, [path])];
  } catch (error) {
    return [failure(error, "mask", path)];
  }
}

function failure(error: unknown, kind: "unreadable" | "mask", path: string): HealthFinding {
  if (!(error instanceof BlemishError)) throw error;
  return finding(kind, "error", error.message, [path]);
}

/** Such as "8-bit RGB" or "16-bit grey with alpha". */
function pixelsOf({ data, colour, alpha }: DecodedImage): string {
  const names = { grey: "grey", rgb: "RGB", cmyk: "CMYK" };
  if (data instanceof Float32Array) return `32-bit real ${names[colour]}`;
  return `${data instanceof Uint16Array ? 16 : 8}-bit ${names[colour]}${alpha ? " with alpha" : ""}`;
}

function fileOf({ item, sha256, facts }: CheckedPicture): CheckedFile {
  return { path: item.path, sha256, width: facts.width, height: facts.height };
}
