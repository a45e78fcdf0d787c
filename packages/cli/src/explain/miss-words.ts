/** A missed defect in words: what it scores, where that ranks, what would have found it and at which price. */
import {
  type CatchingThreshold,
  explanationWords,
  type MissFacts,
  type PlaceExplanation,
  pixelPhrase,
} from "@blemish/core";
import type { FurtherGoods, MissExplanation, TriedCandidate } from "@blemish/node";
import { promiseLine } from "../report-page/promise-words.js";
import { counted, grouped, ofHundred, percent, percentRange, scoreText } from "../report-page/rate-words.js";
import { printable } from "../terminal.js";

/** What the words name. */
export interface MissNames {
  readonly model: string;
  readonly picture: string;
}

/** Why nothing follows from one picture alone. */
const ONE_DEFECT =
  "One defect is no evidence about others. Nothing was tuned on it: promises rest on good pictures alone. Test with blemish evaluate.";

/** Paragraphs for a terminal. */
export function missWords(found: MissExplanation, names: MissNames): string {
  const { facts, explanation, goods, tried } = found;
  const paragraphs = [
    [...scoreLines(facts, names), ...heatLines(found)],
    rankLines(facts),
    thresholdLines(facts, names),
    goods === null ? [] : goodsLines(goods, facts),
    explanation === null ? [] : placeLines(explanation, found),
    tried === null ? [] : triedLines(tried),
    [ONE_DEFECT],
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function scoreLines({ anomalous, score, threshold }: MissFacts, { picture }: MissNames): string[] {
  const verdict = anomalous ? "called anomalous" : "called good";
  const share = threshold > 0 ? `${percent(score / threshold)} of ` : "against ";
  return [
    `${printable(picture)} is ${verdict}. It scores ${scoreText(score)}, ${share}the threshold ${scoreText(threshold)}.`,
  ];
}

function heatLines({ facts, width, height }: MissExplanation): string[] {
  const { place, rest, hottest, pixelThreshold, scoreWithout, score } = facts;
  const at = (hot: { x: number; y: number }) => pixelPhrase(hot, { width, height });
  const limit = pixelThreshold === null ? "" : `; pixels are marked from ${scoreText(pixelThreshold)} on`;
  const covered =
    place.covered === null ? "" : ` The model's mask covers ${percent(place.covered)} of the marked place.`;
  return [
    `The marked place, ${percent(place.area)} of the picture, is hottest at ${at(place)} with ${scoreText(place.peak)}${limit}.${covered}`,
    ...(rest === null
      ? []
      : [`Elsewhere the picture is hottest at ${at(rest)} with ${scoreText(rest.peak)}.`]),
    hottest === "place"
      ? "The picture is hottest at the marked place."
      : "The picture is hotter elsewhere: its score is not about this defect.",
    ...(scoreWithout === null
      ? []
      : [
          scoreWithout < score
            ? `Without the place and its surroundings it would score ${scoreText(scoreWithout)}.`
            : "Without the place and its surroundings it would score the same.",
        ]),
  ];
}

function rankLines({ rank }: MissFacts): string[] {
  if (rank === null)
    return ["The model keeps no scores of good pictures, so there is no rank, and nothing is promised."];
  const { picture, place } = rank;
  const scores = `Of ${counted(picture.count, "good training picture")}, each judged as if it had not been learnt from, ${grouped(picture.below)} ${picture.below === 1 ? "scores" : "score"} less.`;
  if (place === null)
    return [scores, "How hot good pictures get at their hottest place is not kept in this model."];
  return [
    scores,
    `${grouped(place.below)} of them ${place.below === 1 ? "is" : "are"} less hot at the hottest place than this one at the marked place.`,
  ];
}

function thresholdLines(facts: MissFacts, { model }: MissNames): string[] {
  const { catching, marking, now, anomalous, hottest, pixelThreshold, place } = facts;
  if (catching === null) return ["No threshold would find it: it scores 0."];
  const which = anomalous ? "Thresholds up to" : "A threshold of";
  const found = `${which} ${scoreText(catching.threshold)} ${anomalous ? "call" : "would call"} the picture anomalous.`;
  const reason =
    hottest === "elsewhere" ? " That would be for the hotter place elsewhere, not for this defect." : "";
  const lines = [`${found}${reason}`, ...promiseLines(catching.promise)];
  if (!anomalous && catching.promise !== null)
    lines.push(`  blemish threshold ${printable(model)} --set ${catching.threshold}`);
  if (now !== null && !anomalous) lines.push("The present threshold:", ...promiseLines(now));
  if (marking !== null && pixelThreshold !== null && place.peak < pixelThreshold)
    lines.push(
      `The place would be marked from a pixel threshold of ${scoreText(marking.threshold)} on.${hotGoods(marking)}`,
    );
  return lines;
}

function promiseLines(promise: CatchingThreshold["promise"]): string[] {
  if (promise === null) return [];
  if (promise.rank === 0)
    return ["  Every good training picture scores higher: nothing is promised about false alarms."];
  return [`  ${promiseLine({ ...promise, asked: null })}.`];
}

function hotGoods({ promise }: CatchingThreshold): string {
  if (promise === null || promise.rank === 0)
    return promise === null ? "" : " Every good training picture has a hotter one.";
  const { expectedRate, guaranteedRate } = promise;
  return ` Expected: ${ofHundred(expectedRate)} good parts with such a hot place; with 95 % confidence not more than ${ofHundred(guaranteedRate, "up")}.`;
}

function goodsLines(
  { pictures, known, failed, now, lowered }: FurtherGoods,
  { threshold, catching }: MissFacts,
): string[] {
  const alarms = ({ alarms, interval }: FurtherGoods["now"]) =>
    `${grouped(alarms)} called anomalous (${percentRange(interval)} with 95 % confidence)`;
  const left =
    known === 0
      ? []
      : [`${counted(known, "picture")} left out: the model has learnt from ${known === 1 ? "it" : "them"}.`];
  const broken = failed.length === 0 ? [] : [`${counted(failed.length, "picture")} could not be judged.`];
  if (pictures === 0) return ["No further good picture was judged.", ...left, ...broken];
  return [
    `Of ${counted(pictures, "further good picture")}:`,
    `  at the present threshold ${scoreText(threshold)}: ${alarms(now)}`,
    ...(lowered === null || catching === null
      ? []
      : [`  at ${scoreText(catching.threshold)}: ${alarms(lowered)}`]),
    ...left,
    ...broken,
  ];
}

function placeLines(explanation: PlaceExplanation, size: PictureSize): string[] {
  const words = explanationWords(explanation).map((line) => `  ${printable(line)}`);
  return [`What is unusual at ${pixelPhrase(explanation, size)}:`, ...words];
}

type PictureSize = Pick<MissExplanation, "width" | "height">;

function triedLines(tried: readonly TriedCandidate[]): string[] {
  const width = Math.max(...tried.map(({ name }) => nameOf(name).length));
  const lines = tried.map(({ name, relative, caught, hottest, ms, bytes, own }) => {
    const share = `${percent(relative)} of its threshold`;
    const outcome = caught
      ? hottest === "place"
        ? "found"
        : "called anomalous for another place"
      : "missed";
    const price = `${ms.toFixed(1)} ms, ${(bytes / 1e6).toFixed(1)} MB`;
    return `  ${nameOf(name).padEnd(width)}  ${share.padEnd(23)}  ${outcome}; ${price}${own ? " (this model)" : ""}`;
  });
  return [
    "Trained on the same good pictures, each with its threshold for the same false-alarm rate:",
    ...lines,
  ];
}

/** A size is a number alone. */
function nameOf(name: string): string {
  return /^\d+$/.test(name) ? `${name} pixels` : name;
}
