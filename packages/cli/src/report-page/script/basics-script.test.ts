import fc from "fast-check";
import { expect, it } from "vitest";
import { runPageScript } from "../../../../../tests/support/run-page-script.js";
import { percent, scoreText } from "../rate-words.js";
import { BASICS_SCRIPT } from "./basics-script.js";

const run = runPageScript([BASICS_SCRIPT], { threshold: 5, uncertainThreshold: null });

it("writes rates and scores exactly as the page's sentences do", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (rate) => {
      expect(run(`percentText(${rate})`)).toBe(percent(rate));
      expect(run(`percentText(${rate}, "up")`)).toBe(percent(rate, "up"));
      expect(run(`percentText(${rate}, "down")`)).toBe(percent(rate, "down"));
      expect(run(`scoreText(${rate * 1000})`)).toBe(scoreText(rate * 1000));
    }),
  );
});

it("calls a score that equals the threshold anomalous, and tells followers when the threshold moves", () => {
  expect([run("verdictAt(5)"), run("verdictAt(4.999)")]).toEqual(["anomalous", "good"]);
  run("let told = 0; followers.push(function () { told++; }); setThreshold(6)");
  expect(run("[told, state.moved, verdictAt(5)]")).toEqual([1, true, "good"]);
  expect(run("setThreshold(5); state.moved")).toBe(false);
});

it("calls a score uncertain between the model's lower threshold and the one that the reader sets", () => {
  const grey = runPageScript([BASICS_SCRIPT], { threshold: 5, uncertainThreshold: 4 });
  const calls = "[3.9, 4, 4.9, 5].map(verdictAt)";
  expect(grey(calls)).toEqual(["good", "uncertain", "uncertain", "anomalous"]);
  expect(grey(`setThreshold(3.95); ${calls}`)).toEqual(["good", "anomalous", "anomalous", "anomalous"]);
});
