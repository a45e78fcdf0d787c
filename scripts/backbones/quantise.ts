/**
 * Makes backbones/efficientnet-lite0/model-int8.onnx: the shipped network in 8-bit integers, with ranges measured on
 * generated parts of all kinds, good and with every defect. Nothing but the repository is needed.
 *
 *     node --conditions=blemish-source --import tsx scripts/backbones/quantise.ts
 *
 * On another processor sums of floating point may differ in their last digits, and with them scales and biases; the
 * integer weights do not (but for outputs whose weights are next to nothing beside their bias).
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PART_KINDS, type RgbImage, renderPart, synthPlaces } from "@blemish/core";
import { INT8_MODEL, loadBackbone, quantiseBackbone } from "@blemish/node";

const FOLDER = resolve(import.meta.dirname, "../../backbones/efficientnet-lite0");

/** Of each kind of part: four good ones, and two with each of the five defects. */
export const CALIBRATION_SET = { seed: 7, train: 4, testGood: 0, testBad: 10, width: 320, height: 320 };

/** Generated parts, one after another. */
export function* calibrationPictures(set = CALIBRATION_SET): Generator<RgbImage> {
  for (const kind of PART_KINDS) for (const { part } of synthPlaces(set)) yield renderPart(kind, part).image;
}

/** The text of the manifest with the entry of the int8 network. */
function withEntry(manifest: string, sha256: string): string {
  const entry = `  "int8": {\n    "model": "${INT8_MODEL}",\n    "sha256": "${sha256}"\n  },\n`;
  return manifest.replace(
    /^( {2}"sha256": .*\n)( {2}"int8": [^}]*},\n)?/m,
    (_, hash: string) => hash + entry,
  );
}

if (process.argv[1] === import.meta.filename) {
  const int8 = await quantiseBackbone(await loadBackbone(FOLDER), calibrationPictures());
  const manifest = join(FOLDER, "manifest.json");
  writeFileSync(join(FOLDER, INT8_MODEL), int8);
  const sha256 = createHash("sha256").update(int8).digest("hex");
  writeFileSync(manifest, withEntry(readFileSync(manifest, "utf8"), sha256));
  console.log(`wrote ${INT8_MODEL}, ${int8.length} bytes, sha256 ${sha256}`);
}
