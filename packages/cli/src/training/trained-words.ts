/** What a training says when it is done: what was learnt, what is promised, what to look at, what to type next. */
import { type Suspect, suspectsOf, type TrainedModelFile } from "@blemish/core";
import { validityLines } from "../report/validity-words.js";
import { type PromiseFacts, promiseLine, tooFew } from "../report-page/promise-words.js";
import { counted, scoreText } from "../report-page/rate-words.js";
import { printable } from "../terminal.js";
import { promiseFacts } from "./promise-facts.js";
import { uncertainWords } from "./uncertain-words.js";

/** A suspect and its picture. */
export interface NamedSuspect extends Suspect {
  readonly path: string;
}

/** The training pictures whose scores stand out, highest first. */
export function namedSuspects({
  manifest,
  scores,
}: Pick<TrainedModelFile, "manifest" | "scores">): NamedSuspect[] {
  return suspectsOf(scores).map((one) => ({ ...one, path: manifest.training.files[one.index]?.path ?? "" }));
}

/** What a user has to know who calls a mirrored part a defect. */
const TURNED =
  "The memory bank also holds mirrored and slightly rotated copies of them. If such a part is a defect: --no-turned.";

/** Lines about the model: pictures, promise, suspects. */
export function trainedWords(model: TrainedModelFile): string {
  const { training, calibration } = model.manifest;
  const facts = promiseFacts(model);
  const lines = [
    `Learned from ${counted(training.count, "picture")} of good parts. The threshold is ${scoreText(calibration.imageThreshold)}.`,
    ...(training.turned ? [TURNED] : []),
    ...promiseWords(facts),
    ...uncertainWords(calibration),
    ...validityLines(model.manifest),
  ];
  const suspects = namedSuspects(model);
  if (suspects.length > 0) {
    lines.push("These training pictures stand out. Are they really good?");
    lines.push(...suspects.map(({ path, score }) => `  ${scoreText(score).padStart(9)}  ${printable(path)}`));
  }
  return lines.join("\n");
}

/** The promise and, where it falls short, why. */
export function promiseWords(facts: PromiseFacts): string[] {
  return [promiseLine(facts), tooFew(facts)]
    .filter((line) => line !== "")
    .map((line) => `${line}${line.endsWith(".") ? "" : "."}`);
}
