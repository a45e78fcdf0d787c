/** The report's data from what a command knows: model, health check, test, suspects. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename } from "node:path";
import type { HealthReport, ModelDescription, TrainedModelFile } from "@blemish/core";
import { type Sensitivity, sha256 } from "@blemish/node";
import type { Section } from "../report/section.js";
import { manifestSections } from "../report-page/manifest-sections.js";
import type {
  ReportCalibration,
  ReportData,
  ReportModel,
  ReportPicture,
} from "../report-page/report-data.js";
import { goodsOf } from "./report-reasons.js";
import type { TestRun } from "./run-test.js";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** What goes into a report. */
export interface ReportParts {
  /** Path of the model, as the user would type it. */
  readonly path: string;
  /** Null for a model of another program. */
  readonly trained: TrainedModelFile | null;
  readonly description: ModelDescription;
  readonly test: TestRun | null;
  readonly suspects: readonly ReportPicture[];
  readonly health: HealthReport | null;
  readonly warnings: readonly string[];
  readonly durations: ReportData["durations"];
  /** What spoke for choices of the training. Default: none. */
  readonly evidence?: readonly Section[];
  /** What it sees of drawn defects. Default: not measured. */
  readonly sensitivity?: Sensitivity | null;
}

/** The data of a report made now. */
export async function reportData(parts: ReportParts): Promise<ReportData> {
  const { path, trained, description, test, suspects, health, warnings, durations, evidence = [] } = parts;
  const range = test?.mapRange ?? rangeOfModel(description);
  return {
    title: basename(path).replace(/\.(blemish|onnx)$/, ""),
    date: minuteOf(new Date()),
    model: trained === null ? otherModel(path, description) : await trainedModel(path, trained, evidence),
    calibration: trained === null ? imported(description) : calibrationOf(trained),
    suspects,
    test: test && {
      name: test.name,
      figures: test.figures,
      curves: test.curves,
      pictures: test.pictures,
      ...(test.failed.length > 0 && { failed: test.failed.map(unjudged) }),
    },
    gallery: test?.gallery ?? [],
    goods: goodsOf(test?.gallery ?? [], trained?.thumbnails),
    mapRange: range,
    health,
    warnings,
    durations,
    ...(parts.sensitivity && { sensitivity: parts.sensitivity }),
  };
}

function unjudged({ item: { path, label }, error }: TestRun["failed"][number]) {
  return { path, label, reason: `${error.found || error.message} [${error.code}]` };
}

async function trainedModel(
  path: string,
  { manifest }: TrainedModelFile,
  evidence: readonly Section[],
): Promise<ReportModel> {
  const bytes = await readFile(path);
  return {
    file: path,
    profile: manifest.profile,
    backbone: manifest.backbone.id,
    inputs: manifest.passes.map(({ size }) => size),
    trainedOn: manifest.training.count,
    sections: [
      ...evidence,
      ...manifestSections(manifest, { bytes: bytes.length, sha256: sha256([bytes]), version }),
    ],
  };
}

function otherModel(path: string, description: ModelDescription): ReportModel {
  const { profile, kind, input, evidence } = description;
  const { width, height } = input;
  const rows = [
    ["Profile", profile],
    ["Kind", kind],
  ] as const;
  return {
    file: path,
    profile,
    backbone: `a network in ${basename(path)}`,
    inputs: width === null || height === null ? [] : [{ width, height }],
    trainedOn: null,
    sections: [{ title: "Recognised as", rows, remarks: evidence }],
  };
}

function calibrationOf({ manifest, scores }: TrainedModelFile): ReportCalibration {
  const { method, imageThreshold, pixelThreshold, askedRate, changes, uncertain } = manifest.calibration;
  const paired = manifest.training.files.map(({ path }, i) => ({ path, score: scores[i] ?? Number.NaN }));
  return {
    method,
    imageThreshold,
    pixelThreshold,
    askedRate,
    ...(uncertain && { uncertain: { threshold: uncertain.imageThreshold, askedRate: uncertain.askedRate } }),
    scores: paired,
    changes,
  };
}

function imported({ imageThreshold, pixelThreshold }: ModelDescription): ReportCalibration {
  return {
    method: "imported",
    imageThreshold: imageThreshold ?? Number.NaN,
    pixelThreshold,
    askedRate: null,
    scores: [],
    changes: [],
  };
}

function rangeOfModel({ normalisation }: ModelDescription): ReportData["mapRange"] {
  return normalisation.method === "min_max" ? normalisation.pixel : null;
}

/** Such as "2025-03-14 09:30", in the machine's time zone. */
function minuteOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
