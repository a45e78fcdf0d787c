/** One of our own exports → what the pipeline needs to know, from the notes that it carries: nothing is guessed from its graph. */
import type { ModelDescription } from "../../anomalib/model-description.js";
import { BlemishError } from "../../errors.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import type { ExportNotes } from "./export-notes.js";

/** How a form's outputs are judged. */
type Decides = Pick<
  ModelDescription,
  "outputs" | "scoreSource" | "imageThreshold" | "pixelThreshold" | "normalisation"
>;

/**
 * The description of an export with one input.
 * @throws BlemishError MODEL_INPUT for one with several: they are for runtimes that feed them by name.
 */
export function describeExport({ graph }: OnnxModel, notes: ExportNotes, subject: string): ModelDescription {
  const [input] = graph.inputs;
  if (input === undefined || graph.inputs.length !== 1)
    throw new BlemishError("MODEL_INPUT", {
      subject,
      expected: "an export with one input, as --preprocessing inside gives it",
      found: `${graph.inputs.length} inputs`,
    });
  const { form, profile, model, map, calibration } = notes;
  const [height, width] = (input.dims ?? []).slice(2).map(sideOf);
  const uncertain = calibration?.uncertain;
  return {
    profile,
    evidence: [`The file is an export of Blemish in the form ${form}; its metadata names the profile.`],
    kind: model.kind,
    task: model.task,
    input: { name: input.name, height: height ?? null, width: width ?? null, batch: 1 },
    ...decides(notes, new Set(graph.outputs.map(({ name }) => name))),
    preprocessing: exportedSteps(notes)[0] ?? [],
    ...(model.picture !== undefined && { picture: model.picture }),
    ...(model.capture !== undefined && { capture: model.capture }),
    ...(map.judged !== undefined && { judged: map.judged }),
    ...(uncertain !== undefined && form !== "anomalib-2" && { uncertainThreshold: uncertain.imageThreshold }),
    notes: notes.warnings ?? [],
  };
}

/** What happens to a picture before each input of the graph. */
export function exportedSteps({ form, preprocessing }: ExportNotes): ExportNotes["preprocessing"]["steps"] {
  if (preprocessing.place === "outside") return preprocessing.steps;
  return [form === "anomalib-2" ? [{ type: "toFloat", maxValue: 255 }] : []];
}

function decides({ form, scale: { image, pixel } }: ExportNotes, outputs: ReadonlySet<string>): Decides {
  const named = (name: string) => (outputs.has(name) ? name : null);
  if (form === "anomalib-2")
    return {
      outputs: {
        map: named("anomaly_map"),
        score: named("pred_score"),
        label: named("pred_label"),
        mask: named("pred_mask"),
      },
      scoreSource: "output",
      imageThreshold: 0.5,
      pixelThreshold: 0.5,
      normalisation: { method: "in-graph" },
    };
  const score = form === "blemish" ? named("pred_score") : null;
  return {
    outputs: {
      map: form === "blemish" ? named("anomaly_map") : named("output"),
      score,
      label: null,
      mask: null,
    },
    scoreSource: score === null ? "map-max" : "output",
    imageThreshold: image?.threshold ?? null,
    pixelThreshold: pixel?.threshold ?? null,
    normalisation:
      image === null || pixel === null
        ? { method: "none" }
        : { method: "min_max", image: image.range, pixel: pixel.range },
  };
}

function sideOf(dim: unknown): number | null {
  return typeof dim === "number" ? dim : null;
}
