import { type MissFacts, promiseOf } from "@blemish/core";
import type { MissExplanation, TriedCandidate } from "@blemish/node";
import { describe, expect, it } from "vitest";
import { missWords } from "./miss-words.js";

const SCORES = Array.from({ length: 60 }, (_, i) => 10 + i / 10);
const promise = (threshold: number) => promiseOf(SCORES, threshold);

const FACTS: MissFacts = {
  score: 14.2123,
  threshold: 15.6,
  anomalous: false,
  scoreWithout: 13.9,
  place: { x: 0.25, y: 0.5, peak: 20.5, area: 0.012, covered: 0 },
  rest: { x: 0.75, y: 0.1, peak: 19 },
  hottest: "place",
  pixelThreshold: 24,
  rank: { picture: { below: 43, count: 60 }, place: { below: 1, count: 60 } },
  now: promise(15.6),
  catching: { threshold: 14.212, promise: promise(14.212) },
  marking: { threshold: 20.499, promise: promise(12.05) },
};

const tried = (changed: Partial<TriedCandidate>): TriedCandidate => ({
  name: "fast",
  own: false,
  score: 1,
  threshold: 2,
  relative: 0.5,
  caught: false,
  hottest: "place",
  expectedRate: 0.05,
  guaranteedRate: 0.1,
  ms: 12.34,
  bytes: 9_500_000,
  ...changed,
});

function words(facts: Partial<MissFacts> = {}, changed: Partial<MissExplanation> = {}): string {
  const nothing = { explanation: null, goods: null, tried: null, view: null, normalised: false };
  const found = { width: 200, height: 100, ...nothing, facts: { ...FACTS, ...facts }, ...changed };
  return missWords(found, { model: "part.blemish", picture: "missed.png" });
}

describe("missWords", () => {
  it("says score, heat, rank, threshold and price", () => {
    expect(words()).toBe(
      [
        "missed.png is called good. It scores 14.212, 91 % of the threshold 15.6.",
        "The marked place, 1.2 % of the picture, is hottest at 50, 50 with 20.5; pixels are marked from 24 on. The model's mask covers 0 % of the marked place.",
        "Elsewhere the picture is hottest at 150, 10 with 19.",
        "The picture is hottest at the marked place.",
        "Without the place and its surroundings it would score 13.9.",
        "",
        "Of 60 good training pictures, each judged as if it had not been learnt from, 43 score less.",
        "1 of them is less hot at the hottest place than this one at the marked place.",
        "",
        "A threshold of 14.212 would call the picture anomalous.",
        "  Expected: 30 of 100 good parts called anomalous; with 95 % confidence not more than 40 of 100.",
        "  blemish threshold part.blemish --set 14.212",
        "The present threshold:",
        "  Expected: 6.6 of 100 good parts called anomalous; with 95 % confidence not more than 13 of 100.",
        "The place would be marked from a pixel threshold of 20.499 on. Expected: 66 of 100 good parts with such a hot place; with 95 % confidence not more than 76 of 100.",
        "",
        "One defect is no evidence about others. Nothing was tuned on it: promises rest on good pictures alone. Test with blemish evaluate.",
      ].join("\n"),
    );
  });

  it("says when the score is not about the defect", () => {
    const text = words({ hottest: "elsewhere", scoreWithout: FACTS.score });
    expect(text).toContain("The picture is hotter elsewhere: its score is not about this defect.");
    expect(text).toContain("it would score the same.");
    expect(text).toContain("That would be for the hotter place elsewhere, not for this defect.");
  });

  it("says of a weak hit up to which threshold it is one", () => {
    const text = words({ anomalous: true, threshold: 12, place: { ...FACTS.place, peak: 30, covered: 0.4 } });
    expect(text).toContain("missed.png is called anomalous. It scores 14.212, 118 % of the threshold 12.");
    expect(text).toContain("Thresholds up to 14.212 call the picture anomalous.");
    expect(text).not.toContain("blemish threshold");
    expect(text).not.toContain("would be marked");
  });

  it("promises nothing below all scores, and nothing for a model without them", () => {
    const none = { threshold: 3, promise: promise(3) };
    const low = words({ catching: none, marking: none });
    expect(low).toContain(
      "Every good training picture scores higher: nothing is promised about false alarms.",
    );
    expect(low).toContain("Every good training picture has a hotter one.");
    const bare = { threshold: 14.212, promise: null };
    const text = words({ rank: null, now: null, catching: bare, marking: bare });
    expect(text).toContain("The model keeps no scores of good pictures, so there is no rank");
    expect(text).not.toContain("Expected");
    expect(text).not.toContain("--set");
    expect(words({ rank: { ...FACTS.rank!, place: null } })).toContain("is not kept in this model");
    expect(words({ catching: null, marking: null, score: 0 })).toContain("No threshold would find it");
  });

  it("says what was measured on further good pictures", () => {
    const alarms = { alarms: 1, rate: 0.1, interval: [0.003, 0.45] as const };
    const goods = {
      pictures: 10,
      known: 2,
      failed: ["x.png"],
      now: { ...alarms, alarms: 0 },
      lowered: alarms,
    };
    const text = words({}, { goods });
    expect(text).toContain(
      "Of 10 further good pictures:\n  at the present threshold 15.6: 0 called anomalous (",
    );
    expect(text).toContain("  at 14.212: 1 called anomalous (0.3 to 45 % with 95 % confidence)");
    expect(text).toContain("2 pictures left out: the model has learnt from them.");
    expect(text).toContain("1 picture could not be judged.");
    expect(words({}, { goods: { ...goods, pictures: 0 } })).toContain("No further good picture was judged.");
  });

  it("explains the place, and says what was tried", () => {
    const box = { x: 0, y: 0, width: 0.1, height: 0.1 };
    const detector = {
      kind: "padim",
      size: 64,
      box,
      distance: 3,
      share: 1,
      nearest: [],
      channels: [],
      typical: null,
    } as const;
    const text = words(
      {},
      {
        explanation: { x: 0.25, y: 0.5, detectors: [detector] },
        tried: [
          tried({}),
          tried({ name: "512", relative: 1.2, caught: true }),
          tried({ name: "padim", relative: 1.01, caught: true, hottest: "elsewhere", own: true }),
        ],
      },
    );
    expect(text).toContain("What is unusual at 50, 50:\n  100 % PaDiM at 64 px");
    expect(text).toContain("  fast        50 % of its threshold    missed; 12.3 ms, 9.5 MB");
    expect(text).toContain("  512 pixels  120 % of its threshold   found; 12.3 ms, 9.5 MB");
    expect(text).toMatch(
      /padim +101 % of its threshold +called anomalous for another place; .* \(this model\)/,
    );
  });
});
