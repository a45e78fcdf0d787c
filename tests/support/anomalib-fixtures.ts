/** Reads fixtures/anomalib: what the real Anomalib gave for our own models and pictures (its README says how). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { FloatMap, Mask, RgbImage } from "@blemish/core";
import { readImage } from "@blemish/node";
import { readFloatNpy } from "./npy.js";

const ROOT = resolve(import.meta.dirname, "../../fixtures/anomalib");

interface StoredFile {
  readonly file: string;
}

/** What every version records about a picture. */
interface FixturePicture {
  readonly id: string;
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly rgb_sha256: string;
  readonly tensor_sha256: string;
  readonly pred_score: number;
  readonly pred_label: boolean;
  readonly mask_pixels: number;
}

/** A picture of 0.7.0 or 1.2.0: the graph gives raw distances. 1.2.0 has no pictures but the heat map. */
export interface RawPicture extends FixturePicture {
  readonly raw_map: StoredFile;
  readonly raw_score: number;
  readonly boxes: readonly (readonly number[])[];
  readonly box_labels: readonly number[];
  readonly norm_map: StoredFile;
  readonly final_map: StoredFile;
  readonly mask: StoredFile;
  readonly heat_map: StoredFile;
  readonly segmentations?: StoredFile;
  readonly simple_segmentation?: StoredFile;
  readonly simple_detection?: StoredFile;
  readonly second_output?: { readonly score: number; readonly norm_score: number; readonly label: boolean };
}

/** A picture of 2.7.0: the graph gives normalised values and its own decisions. */
export interface InGraphPicture extends FixturePicture {
  readonly anomaly_map: StoredFile;
  readonly pred_mask: StoredFile;
}

interface Fixture<Picture> {
  readonly model: string;
  /** Copies of the picture that one run takes: 2.7.0 only. */
  readonly batch?: number;
  readonly images: readonly Picture[];
}

/** Absolute path of a file or folder of the fixtures. */
export function fixturePath(...parts: string[]): string {
  return resolve(ROOT, ...parts);
}

/** A model's index: 0.7.0 and 1.2.0. */
export function readRawFixture(model: string): Fixture<RawPicture> {
  return JSON.parse(readFileSync(fixturePath(model, "index.json"), "utf8"));
}

/** A model's index: 2.7.0. */
export function readInGraphFixture(model: string): Fixture<InGraphPicture> {
  return JSON.parse(readFileSync(fixturePath(model, "index.json"), "utf8"));
}

/** A stored float32 map `[h, w]`. */
export function storedMap(model: string, picture: FixturePicture, { file }: StoredFile): FloatMap {
  const { shape, data } = readFloatNpy(fixturePath(model, picture.id, file));
  return { height: shape[0]!, width: shape[1]!, data };
}

/** A stored picture. */
export function storedPicture(
  model: string,
  picture: FixturePicture,
  { file }: StoredFile,
): Promise<RgbImage> {
  return readImage(fixturePath(model, picture.id, file));
}

/** A stored 0/255 mask as 0/1. */
export async function storedMask(model: string, picture: FixturePicture, stored: StoredFile): Promise<Mask> {
  const { width, height, data } = await storedPicture(model, picture, stored);
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) mask[i] = data[3 * i] === 255 ? 1 : 0;
  return { width, height, channels: 1, data: mask };
}

/** sha256 of an array's bytes (little-endian, as on every machine that Node runs on). */
export function sha256({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
}

/** Largest absolute difference of two arrays of the same length; NaN anywhere gives Infinity. */
export function maxDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new Error(`lengths differ: ${actual.length}, ${expected.length}`);
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}

/** How many elements of two arrays differ. */
export function countDifferences(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new Error(`lengths differ: ${actual.length}, ${expected.length}`);
  let count = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i] !== expected[i]) count++;
  return count;
}

/** How many values of a map lie within `tolerance` of a threshold. */
export function countNear({ data }: FloatMap, threshold: number, tolerance: number): number {
  return data.reduce((count, value) => count + (Math.abs(value - threshold) <= tolerance ? 1 : 0), 0);
}
