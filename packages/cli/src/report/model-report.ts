/** The facts about a model in words, in sections: the text of `blemish inspect` and the side panel of its page. */
import {
  type ImportedManifest,
  type ModelFacts,
  type ModelManifest,
  type PreprocessStep,
  qualityOf,
  type TrainedManifest,
  type ValueFacts,
} from "@blemish/core";
import { ofHundred } from "../report-page/rate-words.js";
import { captureRows } from "./capture-words.js";
import { decisionWords } from "./decision-words.js";
import { detectorRows, scoreWords } from "./detector-words.js";
import { exportSection } from "./export-words.js";
import { keptSensitivitySection } from "./kept-sensitivity-words.js";
import { pictureRows } from "./region-words.js";
import type { Section } from "./section.js";
import { validityRows } from "./validity-words.js";

type Row = readonly [string, string];

const KINDS: Readonly<Record<ModelFacts["details"]["kind"], string>> = {
  padim: "PaDiM: Gaussians of backbone features",
  patchcore: "PatchCore: nearest neighbours in a memory of backbone features",
  fusion: "PatchCore and PaDiM on the same features, added up on the map",
  stfpm: "STFPM: a student network compared with its teacher",
  "efficient-ad": "EfficientAd: student, teacher and autoencoder compared",
  fastflow: "FastFlow: a normalising flow over backbone features",
  "reverse-distillation": "Reverse Distillation: a decoder compared with its encoder",
  unknown: "not recognised; it runs whole in ONNX Runtime all the same",
};

/** What gave the algorithm away. */
const WHY: Readonly<Record<ModelFacts["details"]["kind"], readonly string[]>> = {
  padim: ["Told by a product with one square matrix per cell, of chosen channels less their mean."],
  patchcore: ["Told by distances to a constant table of features and a choice of the smallest."],
  fusion: [],
  stfpm: ["Told by the module names in the graph."],
  "efficient-ad": ["Told by the module names in the graph."],
  fastflow: ["Told by the module names in the graph."],
  "reverse-distillation": ["Told by the module names in the graph."],
  unknown: [],
};

const SCORES = {
  output: "the graph's own score output",
  "map-max": "the maximum of the anomaly map",
} as const;

const CALIBRATIONS = {
  "leave-one-out": "leave-one-out, good pictures only",
  "five-fold": "banks refitted without each fifth, good pictures only",
  "adaptive-f1": "F1 on labelled pictures",
  "good-pictures": "good pictures that it was not trained on",
} as const;

/**
 * The sections in reading order: what it is and why, how it decides, what goes in and out, the file.
 * @param manifest of a model file, which adds what it was trained on or made from.
 */
export function modelReport(facts: ModelFacts, manifest: ModelManifest | null = null): Section[] {
  const exported = manifest === null ? exportSection(facts) : null;
  const sections = [
    recognised(facts),
    ...(exported === null ? [] : [exported]),
    ...(exported === null
      ? [manifest === null ? algorithm(facts) : { ...algorithm(facts), remarks: [] }]
      : []),
    ...(manifest === null ? [] : [origin(manifest)]),
    ...[manifest && keptSensitivitySection(manifest)].filter((section) => section !== null),
    decision(manifest?.origin === "blemish" ? { ...facts, scoreSource: null } : facts),
    picture(facts, manifest),
    graph(facts),
    file(facts),
  ];
  const notes = { title: "Good to know", rows: [], remarks: facts.notes };
  return [...sections, notes].filter(({ rows, remarks }) => rows.length + remarks.length > 0);
}

function recognised({ profile, evidence, task }: ModelFacts): Section {
  const title = "Recognised as";
  if (profile === null) {
    return {
      title,
      rows: [["Profile", "none: this is no anomaly model that Blemish can run"]],
      remarks: evidence,
    };
  }
  return {
    title,
    rows: [
      ["Profile", profileText(profile)],
      ["Task", task ?? "not named"],
    ],
    remarks: evidence,
  };
}

function profileText(profile: NonNullable<ModelFacts["profile"]>): string {
  if (profile === "blemish") return "blemish (our own conventions)";
  const versions = { "anomalib-0.7": "0.3 to 0.7", "anomalib-1": "1.x", "anomalib-2": "2.x" } as const;
  return `${profile} (follows the conventions of Anomalib ${versions[profile]})`;
}

function algorithm({ details, engine, profile }: ModelFacts): Section {
  const rows: Row[] = [["Kind", KINDS[details.kind]]];
  for (const { layer, channels, stride } of details.layers) {
    const count = channels === 1 ? "1 channel" : `${channels ?? "?"} channels`;
    rows.push([`Layer ${layer}`, `${count}, one cell per ${stride} × ${stride} pixels`]);
  }
  if (details.channels !== null) {
    const total = details.totalChannels === null ? "" : ` of ${details.totalChannels}`;
    rows.push(["Channels kept", `${details.channels}${total}`]);
  }
  if (details.channelIndices !== null) rows.push(["Their indices", listed(details.channelIndices, 30)]);
  if (details.grid !== null) rows.push(["Grid", `${details.grid.width} × ${details.grid.height} cells`]);
  else if (details.cells !== null) rows.push(["Cells", number(details.cells)]);
  if (details.memoryBank !== null) {
    const { rows: patches, columns } = details.memoryBank;
    rows.push(["Memory bank", `${number(patches)} patches of ${columns} values`]);
  }
  if (details.neighbours !== null) rows.push(["Neighbours", String(details.neighbours)]);
  rows.push(...bankRows(engine, details.grid === null));
  if (details.blur !== null) {
    const { kernelSize, sigma } = details.blur;
    const width = sigma === null ? "" : `, standard deviation ${short(sigma)} pixels`;
    rows.push(["Blur", `${kernelSize} × ${kernelSize}${width}`]);
  }
  if (profile !== null) rows.push(["Fast engine", engineText(engine)]);
  return { title: "Algorithm", rows, remarks: WHY[details.kind] };
}

function engineText(engine: ModelFacts["engine"]): string {
  if (!engine.fast) return `no, the model runs whole in ONNX Runtime. ${engine.reason}`;
  const { channels, cells, bank } = engine;
  if (bank !== undefined) {
    const work = `${number(cells)} patches against a bank of ${number(bank.rows)} × ${number(channels)}`;
    return `yes: ${work} in our own kernels, the backbone in ONNX Runtime`;
  }
  return `yes: ${number(channels)} channels of ${number(cells)} cells in our own kernels, the backbone in ONNX Runtime`;
}

/** What was recognised of a memory bank's surroundings. */
function bankRows(engine: ModelFacts["engine"], withGrid: boolean): Row[] {
  if (!engine.fast || engine.bank === undefined) return [];
  const { grid, bank } = engine;
  return [
    ...(withGrid ? [["Grid", `${grid.width} × ${grid.height} patches`] as const] : []),
    ["Enlargement", `layers ${WAYS[bank.enlargement]}, map ${WAYS[bank.upsampling]}`],
  ];
}

const WAYS = { nearest: "to the nearest", bilinear: "bilinear" } as const;

function origin(manifest: ModelManifest): Section {
  return manifest.origin === "blemish" ? training(manifest) : importedFrom(manifest);
}

function importedFrom(manifest: ImportedManifest): Section {
  const { imported, backbone } = manifest;
  const rows: Row[] = [
    ["Export", `${imported.file}, ${number(imported.bytes)} bytes`],
    ["SHA-256", imported.sha256],
    ["Network", backbone.precision ?? "float32"],
    ...detectorRows(manifest),
  ];
  return { title: "Imported from", rows, remarks: [] };
}

function training(manifest: TrainedManifest): Section {
  const { backbone, map, calibration } = manifest;
  const { files, seed, turned, options } = manifest.training;
  const quality = qualityOf(options);
  const rows: Row[] = [
    ["Backbone", `${backbone.id}, ${backbone.precision ?? "float32"} (${backbone.licence})`],
    ["Pictures", `${number(files.length)} of good parts${turned ? ", turned copies in the bank" : ""}`],
    ["Seed", String(seed)],
    ...(quality === null ? [] : [["Quality", quality] as const]),
    ...detectorRows(manifest),
    ["Score", scoreWords(manifest)],
    ["Calibration", CALIBRATIONS[calibration.method]],
    [
      "False alarms",
      `${ofHundred(calibration.expectedRate)} expected, with 95 % confidence at most ${ofHundred(calibration.guaranteedRate, "up")}`,
    ],
  ];
  rows.push(...decisionWords(manifest), ...validityRows(manifest));
  if (map.ignoreBorder > 0) rows.push(["Ignored border", `${map.ignoreBorder} pixels of the map`]);
  return { title: "Training", rows, remarks: [] };
}

function decision(facts: ModelFacts): Section {
  const { profile, thresholds, graphThresholds, scoreSource } = facts;
  const rows: Row[] = [];
  if (scoreSource !== null) rows.push(["Image score", SCORES[scoreSource]]);
  const units = profile === "anomalib-2" ? "normalised units" : "raw units";
  const above = profile === "anomalib-2" ? "anomalous above it" : "anomalous from it upwards";
  if (profile !== null) {
    rows.push([
      "Image threshold",
      thresholds.image === null ? "none" : `${short(thresholds.image)} (${units}; ${above})`,
    ]);
    rows.push([
      "Pixel threshold",
      thresholds.pixel === null ? "none" : `${short(thresholds.pixel)} (${units})`,
    ]);
  }
  for (const [name, found] of [
    ["In the graph, image", graphThresholds?.image],
    ["In the graph, pixel", graphThresholds?.pixel],
  ] as const) {
    if (found)
      rows.push([name, `threshold ${short(found.threshold)}, range ${short(found.range)} (raw units)`]);
  }
  rows.push(...normalisationRows(facts.normalisation));
  return { title: "Decision", rows, remarks: [] };
}

function normalisationRows(normalisation: ModelFacts["normalisation"]): Row[] {
  switch (normalisation?.method) {
    case undefined:
      return [];
    case "none":
      return [["Normalisation", "none: scores and maps stay raw"]];
    case "in-graph":
      return [["Normalisation", "inside the graph: scores and maps leave it as 0 to 1"]];
    case "cdf":
      return [
        [
          "Normalisation",
          `cdf: log statistics of the image score and of ${number(normalisation.pixels)} pixels`,
        ],
      ];
    case "min_max": {
      const { image, pixel } = normalisation;
      const rule: Row = [
        "Normalisation",
        "min_max: (value − threshold) / (max − min) + 0.5, clipped to 0 to 1",
      ];
      const same = image.min === pixel.min && image.max === pixel.max;
      if (same) return [rule, ["Range", rangeText(image)]];
      return [rule, ["Range of scores", rangeText(image)], ["Range of maps", rangeText(pixel)]];
    }
  }
}

function rangeText({ min, max }: { readonly min: number; readonly max: number }): string {
  return `${short(min)} to ${short(max)} (raw units)`;
}

/** Of a model file the graph is its network alone: what comes out in the end is made of that network's layers. */
function picture(
  { inputs, outputs, preprocessing, graphPreprocessing }: ModelFacts,
  manifest: ModelManifest | null,
): Section {
  const rows: Row[] = inputs.map((value) => ["Input", valueText(value)]);
  rows.push(
    ...(manifest === null || manifest.passes.length < 2 ? steps(preprocessing, "") : stepsOf(manifest)),
  );
  rows.push(...captureRows(manifest?.capture));
  if (manifest !== null) rows.push(...pictureRows(manifest));
  const { resize, mean, std } = graphPreprocessing;
  if (resize !== null)
    rows.push(["Inside, resize", `to ${resize.width} × ${resize.height} pixels, ${resize.mode}`]);
  if (mean !== null) rows.push(["Inside, mean", listed(mean, 4)]);
  if (std !== null) rows.push(["Inside, deviation", listed(std, 4)]);
  if (manifest === null) rows.push(...outputs.map((value): Row => ["Output", valueText(value)]));
  else rows.push(["Output", `anomaly map of ${manifest.size.width} × ${manifest.size.height} pixels, score`]);
  return { title: "Pictures in, results out", rows, remarks: [] };
}

/** A model may look at a picture in several sizes. */
function stepsOf({ passes }: ModelManifest): Row[] {
  return passes.flatMap(({ size: { width, height }, preprocessing }) =>
    steps(preprocessing, ` at ${width} × ${height}`),
  );
}

function steps(preprocessing: readonly PreprocessStep[], where: string): Row[] {
  return preprocessing.map((step, index) => [`Before it${where}, step ${index + 1}`, stepText(step)]);
}

function stepText(step: PreprocessStep): string {
  switch (step.type) {
    case "resize":
      return `resize to ${step.width} × ${step.height} pixels, ${step.interpolation}`;
    case "centerCrop":
      return `crop the middle ${step.width} × ${step.height} pixels`;
    case "normalize":
      return `normalise: mean ${listed(step.mean, 4)}; deviation ${listed(step.std, 4)}; of ${step.maxPixelValue}`;
    case "toFloat":
      return `divide by ${step.maxValue}`;
    case "crop":
      return `cut out ${step.width} × ${step.height} pixels from (${step.x}, ${step.y})`;
    case "pad":
      return `put on ${step.width} × ${step.height} pixels at (${step.left}, ${step.top}), the rest in one colour`;
    case "paint":
      return "give what is not judged one colour";
  }
}

function graph({ nodes, operators, parameters, opsets }: ModelFacts): Section {
  const sets = opsets.map(({ domain, version }) => (domain === "" ? `${version}` : `${domain} ${version}`));
  return {
    title: "Graph",
    rows: [
      ["Operator set", sets.join(", ")],
      ["Nodes", number(nodes)],
      ["Operators", operators.map(({ operator, count }) => `${operator} ${count}`).join(", ")],
      ["Parameters", number(parameters)],
    ],
    remarks: [],
  };
}

function file({ producer, irVersion, bytes, metadataProps }: ModelFacts): Section {
  const rows: Row[] = [["Model file", size(bytes.model)]];
  for (const external of bytes.external) rows.push([`Weights in ${external.file}`, size(external.bytes)]);
  if (bytes.external.length > 0) rows.push(["Together", size(bytes.total)]);
  const format = producer.startsWith("OpenVINO IR") ? "" : `, IR version ${irVersion}`;
  rows.push(["Written by", `${producer || "not named"}${format}`]);
  for (const { key, value } of metadataProps) rows.push([key, value.slice(0, 200)]);
  return { title: "File", rows, remarks: [] };
}

function valueText({ name, type, shape }: ValueFacts): string {
  return `${name}, ${type}${shape === null ? "" : ` [${shape.map((side) => side ?? "?").join(", ")}]`}`;
}

function size(bytes: number): string {
  const megabytes = bytes / 1e6;
  return megabytes >= 0.1 ? `${megabytes.toFixed(1)} MB` : `${number(bytes)} bytes`;
}

/** Digits in groups of three, the same in every locale. */
function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function short(value: number): string {
  return String(Number(value.toPrecision(7)));
}

function listed(values: readonly number[], most: number): string {
  const shown = values.slice(0, most).map(short).join(" ");
  return values.length > most ? `${shown} … (${values.length})` : shown;
}
