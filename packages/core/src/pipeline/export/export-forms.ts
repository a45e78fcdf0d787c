/** What an export can be: its forms, and what each leaves behind. */
import { detectorsOf } from "../../bundle/detectors-of.js";
import type { ModelManifest } from "../../bundle/manifest.js";
import { BlemishError } from "../../errors.js";
import { neighboursOf } from "./graph-parts.js";

/**
 * `blemish`: named raw and normalised outputs, everything else in the file's metadata. `anomalib-0.7`: `input` → `output` and a
 * `metadata.json`. `anomalib-2`: normalised outputs, preprocessing inside.
 */
export type ExportForm = "blemish" | "anomalib-0.7" | "anomalib-2";

/** Where preprocessing happens. `anomalib-2` has it inside. */
export type ExportedPreprocessing = "outside" | "inside";

/** How a model is exported. */
export interface ExportOptions {
  /** Default `blemish`. */
  readonly form?: ExportForm;
  /**
   * Default `outside`: the tensors that `preProcess` makes; `anomalib-2` can be `inside` only. Inside, `blemish` and `anomalib-0.7` take
   * samples as they are, 0 to 255, of pictures of any size.
   */
  readonly preprocessing?: ExportedPreprocessing;
  /** Pictures of a run: 1, or any number. Default 1. */
  readonly batch?: "static" | "dynamic";
}

/**
 * Every option decided.
 * @throws BlemishError OPTION_VALUE for those that do not go together; EXPORT for a model that a graph cannot stand for.
 */
export function checkedOptions(manifest: ModelManifest, options: ExportOptions): Required<ExportOptions> {
  const { form = "blemish", batch = "static" } = options;
  const { preprocessing = form === "anomalib-2" ? "inside" : "outside" } = options;
  if (form === "anomalib-2" && preprocessing === "outside")
    throw wrong("The place of the preprocessing", "inside with the form anomalib-2", preprocessing);
  if (batch === "dynamic" && detectorsOf(manifest).some((one) => neighboursOf(one) !== null))
    throw wrong("The batch", "static, because Anomalib's score of a memory bank looks at one picture", batch);
  if (form === "anomalib-0.7" && manifest.passes.length > 1)
    throw new BlemishError("EXPORT", {
      subject: "A model with two network inputs",
      expected: "one input for the form anomalib-0.7",
      found: manifest.passes.map(({ size }) => `${size.width} × ${size.height}`).join(" and "),
    });
  checkFilters(manifest);
  return { form, preprocessing, batch };
}

/** Regions are found by joining pixels, which no operator does. */
function checkFilters({ decision }: ModelManifest): void {
  const filtered = decision?.zones.find(
    ({ minArea, minPeak, ignoreTouchingBorder }) => minArea > 1 || minPeak > 0.5 || ignoreTouchingBorder,
  );
  if (filtered === undefined) return;
  throw new BlemishError("EXPORT", {
    subject: "The model",
    expected: "no filters of regions, which ONNX has no operators for",
    found: `a filter in ${filtered.name}`,
  });
}

/** What the file does not carry, a sentence each; the same words go into the file and to the user. */
export function leftBehind(
  manifest: ModelManifest,
  { form, preprocessing }: Required<ExportOptions>,
): string[] {
  const lost = ["The training pictures' names, scores and thumbnails, and explanations."];
  const antialias = manifest.passes.some(({ preprocessing: steps }) =>
    steps.some((step) => step.type === "resize" && step.interpolation === "antialias"),
  );
  if (manifest.origin === "blemish")
    lost.push(
      `The promise of ${100 * manifest.calibration.askedRate} % false alarms holds for the same pictures alone.`,
    );
  if (manifest.origin === "blemish" && manifest.calibration.uncertain !== undefined)
    lost.push("The grey zone: pictures between both thresholds are good to the graph.");
  lost.push(...partsLeftBehind(manifest));
  if (form !== "blemish" && manifest.backbone.precision === "int8")
    lost.push(
      "OpenVINO, which Anomalib runs networks in, computes 8-bit networks in its own way: normalised scores moved by up to 0.012 where it was measured.",
    );
  if (form === "anomalib-0.7") {
    if (antialias && preprocessing === "outside")
      lost.push(
        "Anomalib 0.7 has no antialiased bilinear resizing: it is written as area. Give pictures of the network's size, export with --preprocessing inside, or train with --profile anomalib-0.7.",
      );
    if (manifest.map.score === "top1%")
      lost.push(
        "Anomalib 0.7 takes the map's maximum as score: the map is cut off at the score, so that the score is ours.",
      );
    lost.push("Anomalib 0.7 normalises score and map with one range: that of the score.");
  }
  return lost;
}

/** What the pipeline around the network does, which an export has no words for. */
function partsLeftBehind({
  capture,
  validity,
  alignment,
  picture,
  decision,
  passes,
}: ModelManifest): string[] {
  return [
    ...(capture === undefined
      ? []
      : ["How pictures are read: range of samples, Bayer pattern, millimetres per pixel."]),
    ...(validity === undefined
      ? []
      : ["The rules for pictures that cannot be judged: every picture gets a score."]),
    ...(alignment === undefined ? [] : ["Alignment: pictures must be aligned before."]),
    ...(picture === undefined
      ? []
      : ["Where the map lies in the picture: it shows what the preprocessing leaves."]),
    ...(decision === undefined
      ? []
      : ["The names of zones: the map is weighed by zone, and one threshold fits all."]),
    ...(passes.some(({ tiles }) => tiles !== undefined)
      ? ["Tiles: the graph takes the whole picture in one run, which needs the memory for it."]
      : []),
  ];
}

function wrong(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject, expected, found });
}
