import { promiseFor, promiseOf, promiseWith } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { learningCurve, morePictures, neededFor, promiseLine, tooFew } from "./promise-words.js";

const ascending = (count: number) => Array.from({ length: count }, (_, i) => i);
const promise = (count: number, asked: number) => ({ ...promiseFor(ascending(count), asked) });

describe("promiseLine", () => {
  it("keeps the expected and the guaranteed rate apart and says what more pictures bring", () => {
    expect(promiseLine(promise(200, 0.05))).toBe(
      "Expected: 5 of 100 good parts called anomalous; with 95 % confidence not more than 7.8 of 100; 160 more pictures would bring that to 7 of 100",
    );
  });

  it("foretells only what the promise with so many pictures is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 600 }), fc.constantFrom(0.01, 0.05, 0.1, 0.2), (count, asked) => {
        const text = morePictures(promise(count, asked));
        const [, more = "", rate = "", total = ""] =
          /^([\d,]+) more pictures would bring that to ([\d.]+) of ([\d,]+)$/.exec(text) ?? [];
        const told = Number(rate) / Number(total.replace(",", ""));
        const then = promiseWith(count + Number(more.replace(",", "")), asked).guaranteedRate;
        expect(told).toBeGreaterThanOrEqual(then - 1e-9);
        expect(told).toBeLessThan(then * 1.11);
        expect(then).toBeLessThan(promiseWith(count, asked).guaranteedRate);
      }),
      { numRuns: 60 },
    );
  });

  it("foretells nothing for a threshold that was moved by hand", () => {
    expect(morePictures({ ...promiseOf(ascending(200), 150), asked: 0.05 })).toBe("");
    expect(morePictures({ ...promiseOf(ascending(200), 190), asked: null })).toBe("");
  });
});

it("tooFew says how many pictures the asked rate takes", () => {
  expect(tooFew(promise(20, 0.01))).toBe(
    "20 pictures are too few for 1 of 100: that takes 99. The threshold is the highest score that was seen.",
  );
  expect(tooFew(promise(99, 0.01))).toBe("");
  expect([neededFor(0.05), neededFor(0.1), neededFor(0.01)]).toEqual([19, 9, 99]);
});

describe("learningCurve", () => {
  it("falls all the way, promises no more than the asked rate once it can, and never too much in between", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 500 }), fc.constantFrom(0.01, 0.05, 0.1), (count, asked) => {
        const points = learningCurve(count, asked);
        points.slice(1).forEach((point, i) => {
          const before = points[i]!;
          expect(point.count).toBeGreaterThan(before.count);
          expect(point.guaranteedRate).toBeLessThanOrEqual(before.guaranteedRate + 1e-12);
          const middle = Math.floor((before.count + point.count) / 2);
          expect(promiseWith(middle, asked).guaranteedRate).toBeLessThanOrEqual(
            before.guaranteedRate + 1e-12,
          );
        });
        expect(points.at(-1)!.expectedRate).toBeLessThanOrEqual(asked + 1e-9);
        expect(points.at(-1)!.count).toBeGreaterThanOrEqual(count);
      }),
      { numRuns: 40 },
    );
  });
});
