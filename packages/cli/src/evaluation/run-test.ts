/** Testing a model on labelled pictures, with what a report needs besides the figures. */
import type { DatasetItem } from "@blemish/core";
import { evaluateModel, type Model, type ModelEvaluation } from "@blemish/node";
import type { Talk } from "../output/talk.js";
import type { ReportPicture } from "../report-page/report-data.js";
import { colourRange, startGallery } from "./gallery.js";
import type { MapRange } from "./report-picture.js";

/** A finished test. */
export interface TestRun extends ModelEvaluation {
  /** What was tested on, as the user named it. */
  readonly name: string;
  readonly gallery: readonly ReportPicture[];
  readonly mapRange: MapRange | null;
  readonly seconds: number;
}

/** What is tested on, and whether pictures are to be kept for a report. */
export interface TestPlan {
  readonly name: string;
  readonly items: readonly DatasetItem[];
  readonly pictures: boolean;
}

/**
 * Runs a test; the bar shows how far it is, and pictures that cannot be judged are told at once.
 * @throws BlemishError CANCELLED
 */
export async function runTest(
  model: Model,
  { name, items, pictures }: TestPlan,
  talk: Talk,
  signal: AbortSignal,
): Promise<TestRun> {
  const started = performance.now();
  const gallery = startGallery(
    pictures ? items : [],
    colourRange(model.description),
    model.description.capture,
    model.description.picture,
  );
  const evaluation = await evaluateModel(
    model,
    { items },
    {
      signal,
      explain: pictures,
      async onPicture(one, done, total) {
        if (pictures) await gallery.add(one);
        if (one.error !== undefined) await talk.warn(one.error.message);
        else if (one.maskError !== null) await talk.warn(one.maskError.message);
        talk.stages.at("Testing", done, total);
      },
    },
  );
  const { pictures: shown, mapRange } = await gallery.finish();
  const seconds = (performance.now() - started) / 1000;
  return { ...evaluation, name, gallery: shown, mapRange, seconds };
}
