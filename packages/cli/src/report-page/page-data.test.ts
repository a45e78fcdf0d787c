import { binomialInterval, promiseOf } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainCalibration, plainReport, plainTest } from "../../../../tests/support/plain-report.js";
import { commonFolder, pageData, shellWord } from "./page-data.js";

const scores = (values: readonly number[]) => ({
  ...plainCalibration(10, 0.1),
  scores: values.map((score, i) => ({ path: `${i}`, score })),
});

describe("pageData", () => {
  it("sorts scores by group, defects by name", () => {
    const page = pageData(plainReport({ test: plainTest(10, [3, 1, 2], { stain: [20, 9], dent: [30] }) }));
    expect(page.good).toEqual([1, 2, 3]);
    expect(page.defects).toEqual([
      { name: "dent", scores: [30] },
      { name: "stain", scores: [9, 20] },
    ]);
    expect(page.training).toHaveLength(200);
    expect(page.threshold).toBe(191);
  });

  it("never promises more than the statistics do, and exactly as much near the top", () => {
    const value = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 900 }), value, (values, threshold) => {
        const { promises } = pageData(plainReport({ calibration: scores(values) }));
        const told = promises.filter(([from]) => from <= threshold).at(-1)?.[1] ?? 1;
        const { guaranteedRate, rank, count } = promiseOf(values, threshold);
        expect(told).toBeGreaterThanOrEqual(guaranteedRate - 1e-12);
        if (rank > 0 && count - rank < 150) expect(told).toBe(guaranteedRate);
        expect(promises.length).toBeLessThanOrEqual(420);
      }),
      { numRuns: 25 },
    );
  });

  it("lists exact intervals for every count", () => {
    const { intervals } = pageData(plainReport({ test: plainTest(10, [1, 2, 3], { dent: [20] }) }));
    expect(intervals.good).toHaveLength(4);
    binomialInterval(1, 3).forEach((end, i) => expect(intervals.good?.[1]?.[i]).toBeCloseTo(end, 5));
    expect(pageData(plainReport()).intervals.good).toBeNull();
  });

  it("thins long curves and keeps their ends", () => {
    const good = Array.from({ length: 2000 }, (_, i) => i);
    const test = plainTest(10, good, { dent: good.map((one) => one + 500.5) });
    const { roc } = pageData(plainReport({ test }));
    expect(roc?.x.length).toBeLessThan(320);
    expect([roc?.x[0], roc?.y[0], roc?.x.at(-1), roc?.y.at(-1)]).toEqual([0, 0, 1, 1]);
  });

  it("leaves out what cannot be drawn", () => {
    const page = pageData(plainReport({ test: plainTest(10, [1], {}), calibration: scores([]) }));
    expect([page.roc, page.pro, page.learning]).toEqual([null, null, null]);
    expect(page.promises).toEqual([]);
  });
});

it("commonFolder is whole folders that all paths share", () => {
  expect(commonFolder(["a/b/good/1.png", "a/b/good/2.png", "a/b/golf/1.png"])).toBe("a/b/");
  expect(commonFolder(["C:\\x\\1.png", "C:\\x\\2.png"])).toBe("C:\\x\\");
  expect(commonFolder(["a/1.png"])).toBe("a/");
  expect([commonFolder(["a/1.png", "b/1.png"]), commonFolder(["1.png"]), commonFolder([])]).toEqual([
    "",
    "",
    "",
  ]);
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[ab/]{1,8}$/), { minLength: 1 }), (paths) => {
      const folder = commonFolder(paths);
      expect(paths.every((path) => path.startsWith(folder))).toBe(true);
      expect(folder === "" || folder.endsWith("/")).toBe(true);
    }),
  );
});

it("shellWord quotes what a shell would read otherwise", () => {
  expect(shellWord("models/part-1.blemish")).toBe("models/part-1.blemish");
  expect(shellWord("C:\\parts\\a.blemish")).toBe("C:\\parts\\a.blemish");
  expect(shellWord("my part.blemish")).toBe('"my part.blemish"');
  expect(shellWord("a$(rm).blemish")).toBe("'a$(rm).blemish'");
  expect(shellWord("it's.blemish; x")).toBe('"it\'s.blemish; x"');
  expect(shellWord("a'$b")).toBe("'a'\\''$b'");
});
