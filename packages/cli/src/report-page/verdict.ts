/** The report's first sentences and how they are meant: what a reader must take away when nothing else is read. */
import { promiseOf } from "@blemish/core";
import { promiseLine, tooFew } from "./promise-words.js";
import { counted } from "./rate-words.js";
import type { ReportData, ReportTest } from "./report-data.js";

/** How the verdict is to be taken: shown by colour, shape and word. */
export type Tone = "good" | "attention" | "bad" | "open";

/** The verdict on a model. */
export interface VerdictWords {
  readonly tone: Tone;
  /** One sentence. */
  readonly headline: string;
  /** What was trained and what it promises, a few sentences. */
  readonly details: readonly string[];
}

/** The verdict in plain words. */
export function verdictOf(data: ReportData): VerdictWords {
  const details = [trainedText(data), ...promiseText(data)];
  if (data.test !== null) return { ...testVerdict(data.test), details };
  const next = `To test it, give it pictures with known labels: blemish evaluate ${data.model.file} DATASET`;
  return {
    tone: "open",
    headline: "The model is trained. How well it finds defects has not been tested yet.",
    details: [...details, next],
  };
}

function testVerdict({ figures }: ReportTest): Omit<VerdictWords, "details"> {
  const { good, anomalous, escapes, falseAlarms, imageAUROC, uncertain } = figures;
  if (good + anomalous === 0) return { tone: "open", headline: "The test held no pictures." };
  if (good > 0 && anomalous > 0 && imageAUROC < 0.5) {
    return {
      tone: "bad",
      headline:
        "Good pictures score higher than anomalous ones. The model cannot be used like this: are the labels swapped?",
    };
  }
  const bads = counted(anomalous, "anomalous test picture");
  const goods = counted(good, "good test picture");
  if (anomalous === 0) {
    return {
      tone: falseAlarms === 0 ? "open" : "attention",
      headline: `${falseAlarms} of ${goods} called anomalous${person(uncertain?.good)}. There were no anomalous pictures, so escapes are unknown.`,
    };
  }
  const grey = uncertain?.anomalous ?? 0;
  const found =
    escapes + grey === 0
      ? anomalous === 1
        ? "The only anomalous test picture was found"
        : `All ${bads} found`
      : `${anomalous - escapes - grey} of ${bads} found${person(uncertain?.anomalous)}, ${escapes} escaped`;
  if (good === 0) {
    const unknown = "There were no good pictures, so false alarms are unknown.";
    return { tone: escapes === 0 ? "open" : "attention", headline: `${found}. ${unknown}` };
  }
  const alarms =
    falseAlarms === 0
      ? `none of ${goods} called anomalous${person(uncertain?.good)}`
      : `${falseAlarms} of ${goods} called anomalous by mistake${person(uncertain?.good)}`;
  return { tone: escapes + falseAlarms === 0 ? "good" : "attention", headline: `${found}; ${alarms}.` };
}

/** Pictures of a grey zone; "" without one. */
function person(uncertain: number | undefined): string {
  return uncertain === undefined ? "" : `, ${uncertain} uncertain`;
}

function trainedText({ model }: ReportData): string {
  const sizes = model.inputs.map(({ width, height }) => `${width} × ${height}`);
  const size = sizes.length > 0 ? `${sizes.join(" and ")} pixels` : "pictures";
  const seen = `looking at ${size} with ${model.backbone}`;
  return model.trainedOn === null
    ? `A model of another program, ${seen}.`
    : `Trained on ${counted(model.trainedOn, "picture")} of good parts, ${seen}.`;
}

function promiseText({ calibration }: ReportData): string[] {
  const { scores, imageThreshold, askedRate } = calibration;
  if (scores.length === 0) return [];
  const values = scores.map(({ score }) => score);
  const promise = { ...promiseOf(values, imageThreshold), asked: askedRate };
  return [`${promiseLine(promise)}.`, tooFew(promise)].filter((sentence) => sentence !== "");
}
