/** The work of a process whose start is measured: open a model, judge, tell the parent how that went. */
import { BlemishError } from "@blemish/core";
import { open } from "../model/open.js";
import type { FromStartProcess, StartTask } from "./measure-start.js";

/**
 * Opens the model, judges the first picture, then the others as many at once, and closes it.
 * @param tell is awaited; told once `first` and `done`, or `failed`. Nothing is thrown.
 */
export async function reportStart(
  { model: path, options, pictures }: StartTask,
  tell: (message: FromStartProcess) => Promise<void>,
): Promise<void> {
  try {
    const [first = "", ...others] = pictures;
    const opening = performance.now();
    const model = await open(path, options);
    const opened = performance.now();
    await model.predict(first, { maps: false, validity: false });
    await tell({ type: "first", openMs: opened - opening, firstMs: performance.now() - opened });
    for await (const { error } of model.predictMany(others, { maps: false })) if (error) throw error;
    await tell({ type: "done", peakRss: process.resourceUsage().maxRSS * 1024 });
    await model.close();
  } catch (error) {
    await tell({ type: "failed", error: asKnown(error).toJSON() });
  }
}

function asKnown(error: unknown): BlemishError {
  if (error instanceof BlemishError) return error;
  return new BlemishError("WORKER", { subject: "The measured process", found: String(error), cause: error });
}
