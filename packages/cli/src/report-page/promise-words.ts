/** What a threshold promises about good parts to come, in words; the two rates are kept apart. */
import { promiseWith } from "@blemish/core";
import { counted, grouped, ofHundred } from "./rate-words.js";

/** The evidence for a threshold: see `FalseAlarmPromise`. `asked` is null when no rate was asked for. */
export interface PromiseFacts {
  readonly count: number;
  readonly rank: number;
  readonly asked: number | null;
  readonly expectedRate: number;
  readonly guaranteedRate: number;
}

/** A promise with another number of pictures. */
export interface LearningPoint {
  readonly count: number;
  readonly expectedRate: number;
  readonly guaranteedRate: number;
}

/** The whole promise in one line: what to expect, what is guaranteed, what more pictures would bring. */
export function promiseLine(promise: PromiseFacts): string {
  const { expectedRate, guaranteedRate } = promise;
  const expected = `Expected: ${ofHundred(expectedRate)} good parts called anomalous`;
  const guaranteed = `with 95 % confidence not more than ${ofHundred(guaranteedRate, "up")}`;
  return [expected, guaranteed, morePictures(promise)].filter((part) => part !== "").join("; ");
}

/** "120 more pictures would bring that to 6 of 100", or "" when more pictures change little or nothing is known. */
export function morePictures(promise: PromiseFacts): string {
  const better = nextStep(promise);
  if (better === null) return "";
  const more = counted(better.count - promise.count, "more picture");
  return `${more} would bring that to ${ofHundred(better.guaranteedRate, "up")}`;
}

/** Why the asked rate cannot be promised, or "" when it can. */
export function tooFew({ asked, expectedRate, count }: PromiseFacts): string {
  if (asked === null || expectedRate <= asked + 1e-9) return "";
  const needed = neededFor(asked);
  if (count >= needed) return "";
  return `${counted(count, "picture is", "pictures are")} too few for ${ofHundred(asked)}: that takes ${grouped(needed)}. The threshold is the highest score that was seen.`;
}

/** Pictures that are needed for an expected rate: N ≥ 1/α − 1. */
export function neededFor(rate: number): number {
  return Math.ceil(1 / rate - 1 - 1e-9);
}

/**
 * The promise for the asked rate with fewer and more pictures, up to four times as many as there are. Pure
 * arithmetic: it assumes that the pictures to come are like those that were seen. With numbers in between the promise
 * is never worse: the curve joins the corners of a saw.
 */
export function learningCurve(count: number, asked: number): LearningPoint[] {
  const most = Math.max(4 * count, 2 * neededFor(asked), 60);
  const counts = new Set(
    Array.from({ length: 41 }, (_, step) => cornerAbove(10 * (most / 10) ** (step / 40), asked)),
  );
  return [...counts].map((one) => pointAt(one, asked));
}

/**
 * The fewest additional pictures, in tens, that take a quarter off what the guarantee has above the asked rate.
 * A threshold that was moved by hand promises something else, so nothing is foretold for it.
 */
function nextStep({ count, rank, asked, guaranteedRate }: PromiseFacts): LearningPoint | null {
  if (asked === null || count === 0 || promiseWith(count, asked).rank !== rank) return null;
  const goal = guaranteedRate - (guaranteedRate - asked) / 4;
  for (let total = cornerAbove(count + 1, asked); total <= 20 * count + 100; ) {
    if (pointAt(total, asked).guaranteedRate <= goal)
      return pointAt(count + 10 * Math.ceil((total - count) / 10), asked);
    total = cornerAbove(total + 1, asked);
  }
  return null;
}

function pointAt(count: number, asked: number): LearningPoint {
  const { expectedRate, guaranteedRate } = promiseWith(count, asked);
  return { count, expectedRate, guaranteedRate };
}

/**
 * The smallest number of pictures from `count` up at which the promise is at a corner of its saw: (N + 1)·α whole.
 * Below the first corner every number is one.
 */
function cornerAbove(count: number, asked: number): number {
  if (count < neededFor(asked)) return Math.round(count);
  return Math.ceil(Math.ceil((count + 1) * asked - 1e-9) / asked - 1 - 1e-9);
}
