import { describe, expect, it } from "vitest";
import { type ExplainWords, explainRequest } from "./explain-options.js";

const POSITIONAL = ["part.blemish", "missed.png"];

describe("explainRequest", () => {
  it("needs a model, a picture and a place, and nothing else", () =>
    expect(explainRequest(POSITIONAL, { mask: "mask.png" })).toEqual({
      model: "part.blemish",
      picture: "missed.png",
      place: { mask: "mask.png" },
      goods: [],
      candidates: [],
      output: null,
      workers: "auto",
      json: false,
      quiet: false,
    }));

  it("takes a box, goods, and candidates", () => {
    const words = { box: "3, 4,50,6", goods: ["more/"], try: true, output: "seen.png", workers: "2" };
    expect(explainRequest(POSITIONAL, words)).toMatchObject({
      place: { box: { x: 3, y: 4, width: 50, height: 6 } },
      goods: ["more/"],
      candidates: ["fast", "balanced", "accurate", "padim", "patchcore"],
      output: "seen.png",
      workers: 2,
    });
    const some = { ...words, candidates: "accurate, 512,accurate" };
    expect(explainRequest(POSITIONAL, some).candidates).toEqual(["accurate", "512"]);
  });

  it.each<[string, readonly string[], ExplainWords]>([
    ["no model", [], { mask: "m.png" }],
    ["no picture", ["part.blemish"], { mask: "m.png" }],
    ["two pictures", [...POSITIONAL, "b.png"], { mask: "m.png" }],
    ["no place", POSITIONAL, {}],
    ["two places", POSITIONAL, { mask: "m.png", box: "1,2,3,4" }],
    ["a box of three numbers", POSITIONAL, { box: "1,2,3" }],
    ["a box of words", POSITIONAL, { box: "a,b,c,d" }],
    ["a box left of the picture", POSITIONAL, { box: "-1,2,3,4" }],
    ["candidates that are not tried", POSITIONAL, { mask: "m.png", candidates: "fast" }],
    ["an empty candidate", POSITIONAL, { mask: "m.png", try: true, candidates: "fast,," }],
    ["no workers", POSITIONAL, { mask: "m.png", workers: "0" }],
  ])("refuses %s", (_, positional, words) =>
    expect(() => explainRequest(positional, words)).toThrow(/OPTION_VALUE/),
  );
});
