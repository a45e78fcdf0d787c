/** The facts of a model's manifest in words, for the last part of the report. */

import { detectorsOf, kindOf, qualityOf, type TrainedManifest } from "@blemish/core";
import { decisionWords } from "../report/decision-words.js";
import { detectorRows, scoreWords } from "../report/detector-words.js";
import { pictureRows } from "../report/region-words.js";
import type { Section } from "../report/section.js";
import { validityRows } from "../report/validity-words.js";
import { grouped, ofHundred, scoreText } from "./rate-words.js";

/** What a manifest does not say about its own file. */
export interface ModelFileFacts {
  readonly bytes: number;
  /** SHA-256 of the file, lower-case hexadecimal. */
  readonly sha256: string;
  /** Version of Blemish that made the report. */
  readonly version: string;
}

type Row = readonly [name: string, value: string];

/** Sections in reading order: method, decision, backbone, file. */
export function manifestSections(manifest: TrainedManifest, file: ModelFileFacts): Section[] {
  return [
    { title: "Method", rows: methodRows(manifest), remarks: [] },
    { title: "Decision", rows: decisionRows(manifest), remarks: [] },
    ...validitySections(manifest),
    { title: "Backbone", rows: backboneRows(manifest), remarks: [] },
    { title: "File", rows: fileRows(manifest, file), remarks: [] },
  ];
}

function methodRows(manifest: TrainedManifest): Row[] {
  const { profile, size, map, training } = manifest;
  const ridges = detectorsOf(manifest).flatMap(({ head }) =>
    head.kind === "padim" && head.fit !== null ? [scoreText(head.fit.ridge)] : [],
  );
  return [
    ["Profile", profile],
    ["Kind", KINDS[kindOf(manifest)]],
    ["Quality", qualityOf(training.options) ?? "none: its input sizes were chosen"],
    ...detectorRows(manifest),
    ["Good pictures", grouped(training.count)],
    ...(training.turned
      ? [["Turned copies", "mirrored and slightly rotated pictures are in the bank"] as const]
      : []),
    ...(ridges.length > 0 ? [["Ridge", ridges.join(", ")] as const] : []),
    ...pictureRows(manifest),
    ["Map", `${size.width} × ${size.height} pixels`],
    ["Blur of the map", `${scoreText(map.sigma)} pixels (standard deviation)`],
    ["Image score", scoreWords(manifest)],
    ...(map.ignoreBorder > 0 ? [["Border ignored", `${map.ignoreBorder} pixels of the map`] as const] : []),
  ];
}

const KINDS = {
  padim: "PaDiM: Gaussians of features",
  patchcore: "PatchCore: a memory bank of patches",
  fusion: "PatchCore and PaDiM, added up on the map",
} as const;

function decisionRows(manifest: TrainedManifest): Row[] {
  const { calibration } = manifest;
  const { method, askedRate, imageRange, pixelRange } = calibration;
  const methods = {
    "leave-one-out": "leave-one-out scores of good pictures",
    "five-fold": "scores of good pictures by banks refitted without them (five-fold)",
    "adaptive-f1": "adaptive F1 on labelled test pictures, as Anomalib",
    "good-pictures": "scores of good pictures that it was not trained on",
  };
  return [
    ["Image threshold", `${calibration.imageThreshold} (raw)`],
    ["Pixel threshold", `${calibration.pixelThreshold} (raw)`],
    ["Found by", methods[method]],
    ["Asked false-alarm rate", ofHundred(askedRate)],
    ...decisionWords(manifest),
    ["Scores shown as 0 to 1", `${scoreText(imageRange.min)} to ${scoreText(imageRange.max)} (raw)`],
    ["Map shown as 0 to 1", `${scoreText(pixelRange.min)} to ${scoreText(pixelRange.max)} (raw)`],
  ];
}

function validitySections(manifest: TrainedManifest): Section[] {
  const rows = validityRows(manifest);
  return rows.length === 0 ? [] : [{ title: "What is judged", rows, remarks: [] }];
}

function backboneRows({ backbone }: TrainedManifest): Row[] {
  return [
    ["Id", backbone.id],
    ["Computes with", backbone.precision ?? "float32"],
    [
      "Taps",
      backbone.taps
        .map(({ name, channels, stride }) => `${name} (${channels} channels, stride ${stride})`)
        .join(", "),
    ],
    ["Licence", backbone.licence],
    ["Source", backbone.source],
    ["SHA-256", backbone.sha256],
  ];
}

function fileRows({ version, training }: TrainedManifest, file: ModelFileFacts): Row[] {
  return [
    ["Size", `${(file.bytes / 1e6).toFixed(1)} MB`],
    ["SHA-256", file.sha256],
    ["Format version", String(version)],
    ["Training files", `${grouped(training.files.length)}, each with its SHA-256 in the model`],
    ["Seed", String(training.seed)],
    ["Report by", `Blemish ${file.version}`],
  ];
}
