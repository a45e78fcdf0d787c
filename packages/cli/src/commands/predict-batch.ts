/** The loop of `predict`: every picture is judged, written and reported in order; a bad one does not stop it. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Model, SlimResult } from "@blemish/node";
import type { PredictOptions } from "../options/predict-options.js";
import type { Report } from "../output/report.js";
import { invalidLine, judgedLine, type LineContext } from "../output/result-line.js";
import { SHOWN_AT_MOST, showPicture } from "../output/show-pictures.js";
import { type WritePlan, writeResult } from "../output/write-result.js";
import { type Terminal, writeLine } from "../terminal.js";

/** What the loop reports to and what stops it. */
export interface BatchContext {
  readonly report: Report;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/**
 * Judges the pictures in order. They are drawn and encoded in the model's workers; here they are only written.
 * @throws BlemishError CANCELLED when the signal fires; what was reported until then stays.
 */
export async function predictBatch(
  model: Model,
  pictures: readonly string[],
  options: PredictOptions,
  plan: WritePlan,
  { report, terminal, signal }: BatchContext,
): Promise<void> {
  const show = options.show ? startShow(terminal) : null;
  const drawn = plan.pictures !== null || options.show;
  const predictions = model.predictMany(pictures, {
    maps: false,
    explain: options.explain,
    validity: options.validity,
    signal,
    ...(drawn && { encode: { visualization: { mode: options.mode } } }),
  });
  for await (const prediction of predictions) {
    const path = String(prediction.source);
    const facts = { path, model: options.model, thresholdGiven: options.threshold !== null };
    if (prediction.error !== undefined) {
      await report.add(invalidLine(prediction.error, { ...facts, ms: null }));
      continue;
    }
    const { result, ms } = prediction;
    const context: LineContext = { ...facts, ms };
    const written = await writeResult(path, result, plan);
    await report.add(judgedLine(result, result, context, written));
    await show?.(path, result, written.output);
  }
}

type Show = (picture: string, result: SlimResult, written: string | null) => Promise<void>;

/** Opens the first pictures: those that were written, or temporary ones, which stay for the viewer to read. */
function startShow(terminal: Terminal): Show {
  let shown = 0;
  let goOn = true;
  return async (picture, result, written) => {
    if (!goOn) return;
    if (shown++ < SHOWN_AT_MOST) {
      goOn = await showPicture(written ?? (await temporaryPicture(picture, result)) ?? picture, terminal);
      return;
    }
    goOn = false;
    await writeLine(terminal.stderr, `--show opens the first ${SHOWN_AT_MOST} pictures only.`);
  };
}

async function temporaryPicture(picture: string, result: SlimResult): Promise<string | null> {
  const path = await mkdtemp(join(tmpdir(), "blemish-show-"));
  const { output } = await writeResult(picture, result, { pictures: { kind: "folder", path }, maps: null });
  return output;
}
