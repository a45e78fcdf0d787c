/** One of our own exports in words: what `inspect` says of it, from the notes in its metadata. */
import { BlemishError, type ExportNotes, type ModelFacts, readExportNotes } from "@blemish/core";
import type { Section } from "./section.js";

const FOR: Readonly<Record<ExportNotes["form"], string>> = {
  blemish: "any runtime: raw and normalised outputs",
  "anomalib-0.7": "Anomalib 0.3 to 0.7: one raw map, metadata.json beside it",
  "anomalib-2": "Anomalib 2.x: four normalised outputs",
};

/** null for any other file, and for damaged notes: those are the report's problem already. */
export function exportSection({ metadataProps }: Pick<ModelFacts, "metadataProps">): Section | null {
  const notes = notesOr(metadataProps);
  if (notes === null) return null;
  const { form, model, preprocessing, map, parity, identity, leftBehind, warnings = [] } = notes;
  return {
    title: "Export of Blemish",
    rows: [
      ["Form", `${form}, for ${FOR[form]}`],
      ["Model", `${model.kind}, network in ${model.precision}`],
      ["Preprocessing", `${preprocessing.place} the graph`],
      ["Map", `${map.width} × ${map.height} pixels, blur ${map.sigma}, image score ${map.score}`],
      ...scaleRows(notes),
      ["Samples", samplesWords(parity)],
      ...Object.entries(identity ?? {}).map(([part, hash]): [string, string] => [
        `Hash of ${part}`,
        hash.slice(0, 16),
      ]),
    ],
    remarks: [
      ...warnings.map((text) => `WARNING: ${text}`),
      ...leftBehind.map((text) => `Stayed behind: ${text}`),
    ],
  };
}

function notesOr(metadataProps: ModelFacts["metadataProps"]): ExportNotes | null {
  try {
    return readExportNotes({ metadataProps }, "The export");
  } catch (error) {
    if (error instanceof BlemishError) return null;
    throw error;
  }
}

function scaleRows({ scale, calibration }: ExportNotes): [string, string][] {
  const words = (limit: ExportNotes["scale"]["image"]) =>
    limit === null
      ? "none"
      : `${limit.threshold.toPrecision(5)} raw, ${limit.range.min} to ${limit.range.max.toPrecision(5)} shown as 0 to 1`;
  const promise = calibration && [
    "Promise",
    `${100 * calibration.askedRate} % false alarms asked; expected ${(100 * calibration.expectedRate).toFixed(1)} %, at most ${(100 * calibration.guaranteedRate).toFixed(1)} %`,
  ];
  return [
    ["Image threshold", words(scale.image)],
    ["Pixel threshold", words(scale.pixel)],
    ...(promise === undefined ? [] : [promise as [string, string]]),
  ];
}

function samplesWords(parity: ExportNotes["parity"]): string {
  if (parity.length === 0) return "none";
  const hashed = parity.every(({ inputs }) => inputs !== undefined) ? ", with hashes of their tensors" : "";
  return `${parity.length} formula pictures${hashed}; blemish verify runs them`;
}
