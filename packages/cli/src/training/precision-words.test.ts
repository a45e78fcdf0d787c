import { describe, expect, it } from "vitest";
import { precisionFacts, precisionWords } from "./precision-words.js";

const paths = Array.from({ length: 9 }, (_, at) => `${at}.png`);

describe("what int8 changes", () => {
  it("is one line where nothing changes sides; the largest change is rounded up", () => {
    const change = { pictures: 9, median: 0.0123, largest: 0.0811, flipped: [] };
    expect(precisionWords(change, paths)).toBe(
      "int8 moves scores by a median of 1.2 % of the threshold, at most 8.2 %. 0 of 9 pictures change sides.",
    );
  });

  it("names the pictures that change sides, five at most", () => {
    const change = { pictures: 9, median: 0.1, largest: 1, flipped: [4] };
    expect(precisionWords(change, paths).split("\n")).toEqual([
      expect.stringMatching(/at most 100 %\. 1 of 9 pictures changes sides\.$/),
      "  4.png",
    ]);
    const many = precisionWords({ ...change, flipped: [0, 1, 2, 3, 4, 5, 6] }, paths).split("\n");
    expect(many).toHaveLength(7);
    expect(many.at(-1)).toBe("  and 2 more");
  });

  it("has paths in JSON", () => {
    const change = { pictures: 9, median: 0.1, largest: 1, flipped: [4, 8] };
    expect(precisionFacts(change, paths)).toEqual({ ...change, flipped: ["4.png", "8.png"] });
  });
});
