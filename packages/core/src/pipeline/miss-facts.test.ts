import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { describeModelFile } from "../bundle/describe-model-file.js";
import type { ModelFile } from "../bundle/model-file.js";
import { promiseOf } from "../metrics/promise.js";
import type { FloatMap, Mask } from "../stages/image/image.js";
import { postProcess } from "../stages/postprocess/post-process.js";
import { imageScore } from "../stages/score-map/image-score.js";
import { changeThreshold } from "./change-threshold.js";
import { type JudgingModel, missFacts, shortBelow } from "./miss-facts.js";

const [WIDTH, HEIGHT] = [96, 64];
const SIZE = { width: WIDTH, height: HEIGHT };

/** A map that is `floor` but for dots of 9 × 9 pixels around the given places. */
function mapWith(floor: number, ...dots: readonly (readonly [x: number, y: number, value: number])[]) {
  const data = new Float32Array(WIDTH * HEIGHT).fill(floor);
  for (const [x, y, value] of dots)
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) data[(y + dy) * WIDTH + x + dx] = value - Math.hypot(dx, dy) / 100;
  return { ...SIZE, data };
}

/** A mask of 5 × 5 pixels around a place. */
function maskAt(x: number, y: number, width = WIDTH, height = HEIGHT): Mask {
  const data = new Uint8Array(width * height);
  for (let dy = -2; dy <= 2; dy++) data.fill(1, (y + dy) * width + x - 2, (y + dy) * width + x + 3);
  return { width, height, channels: 1, data };
}

function judgeOf(model: ModelFile): JudgingModel {
  return { model, description: describeModelFile(model) };
}

/** The facts about a map, judged as the pipeline judges it. */
function factsOf(map: FloatMap, mask: Mask, model: ModelFile = smallModel()) {
  const score = imageScore(map, model.manifest.map.score);
  const detection = { map, score, label: null, mask: null, normalised: false };
  const judged = postProcess(detection, mask, describeModelFile(model));
  return missFacts(judged, mask, judgeOf(model));
}

describe("missFacts", () => {
  it("lowering the threshold to what it says makes the picture anomalous, and to the score does not change that", () => {
    const score = fc.double({ min: 0.01, max: 20, noNaN: true });
    fc.assert(
      fc.property(score, score, (hot, other) => {
        const model = smallModel();
        const map = mapWith(0.001, [20, 20, hot], [75, 45, other]);
        const { catching } = factsOf(map, maskAt(20, 20), model);
        const threshold = catching?.threshold ?? Number.NaN;
        const lowered = changeThreshold(model, { threshold }, "a missed defect");
        expect(factsOf(map, maskAt(20, 20), lowered).anomalous).toBe(true);
        expect(catching?.promise).toEqual(promiseOf(model.scores, threshold));
        // One step of five digits further up it would be missed.
        const higher = changeThreshold(model, { threshold: threshold * 1.0003 }, "");
        expect(factsOf(map, maskAt(20, 20), higher).anomalous).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it("expects as many false alarms as left-out good parts score higher, and one that was not seen", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        (goods, hot) => {
          const model = { ...smallModel(), scores: Float64Array.from(goods) };
          const { catching, rank, score } = factsOf(mapWith(0.001, [20, 20, hot]), maskAt(20, 20), model);
          const { threshold, promise } = catching ?? { threshold: Number.NaN, promise: null };
          const above = goods.filter((one) => one > threshold).length;
          expect(promise?.expectedRate).toBeCloseTo((above + 1) / (goods.length + 1), 12);
          expect(promise?.guaranteedRate).toBeGreaterThanOrEqual(promise?.expectedRate ?? Number.NaN);
          expect(rank?.picture).toEqual({
            below: goods.filter((one) => one < score).length,
            count: goods.length,
          });
        },
      ),
    );
  });

  it("scores without the place by the model's filters, and has no pixel threshold of its own then", () => {
    const { manifest, ...rest } = smallModel();
    const zone = {
      name: "",
      runs: [0, WIDTH * HEIGHT],
      weight: 1,
      unit: 1,
      minPeak: 0.5,
      ignoreTouchingBorder: false,
    };
    const without = (minArea: number) => {
      const decision = { zones: [{ ...zone, minArea }] };
      const decided = { ...manifest, decision, map: { ...manifest.map, score: "region" as const } };
      const map = mapWith(0.5, [20, 20, 3], [75, 45, 2]);
      return factsOf(map, maskAt(20, 20), { ...rest, manifest: decided });
    };
    expect(without(0)).toMatchObject({ scoreWithout: 2, marking: null });
    expect(without(2).scoreWithout).toBeCloseTo(1.99, 6);
    expect(without(1000).scoreWithout).toBe(0.5);
  });

  it("ranks a hotter place higher, never lower", () => {
    const model = { ...smallModel(), peaks: Float64Array.of(1, 2, 2, 3, 5) };
    let last = { picture: -1, place: -1 };
    for (const hot of [0.5, 1, 1.5, 2.2, 3.3, 4, 6]) {
      const { rank } = factsOf(mapWith(0.1, [20, 20, hot]), maskAt(20, 20), model);
      const next = { picture: rank?.picture.below ?? -1, place: rank?.place?.below ?? -1 };
      expect(next.picture).toBeGreaterThanOrEqual(last.picture);
      expect(next.place).toBeGreaterThanOrEqual(last.place);
      last = next;
    }
    expect(last).toEqual({ picture: 5, place: 5 });
  });

  it("tells the place from the rest of the picture, and its surroundings from both", () => {
    const here = factsOf(mapWith(0.5, [20, 20, 3], [75, 45, 2]), maskAt(20, 20));
    expect(here).toMatchObject({ hottest: "place", anomalous: false });
    expect(here.place).toMatchObject({ x: 20.5 / WIDTH, y: 20.5 / HEIGHT });
    expect(here.place.peak).toBeCloseTo(3, 6);
    expect(here.rest?.peak).toBeCloseTo(2, 6);
    expect([here.rest?.x, here.rest?.y]).toEqual([75.5 / WIDTH, 45.5 / HEIGHT]);
    expect(here.place.area).toBeCloseTo(25 / (WIDTH * HEIGHT), 12);
    expect(here.scoreWithout).toBeLessThan(here.score);
    const there = factsOf(mapWith(0.5, [20, 20, 2], [75, 45, 3]), maskAt(20, 20));
    expect(there.hottest).toBe("elsewhere");
    expect(there.scoreWithout).toBeLessThanOrEqual(there.score);
    // The heat just beside a mask that is drawn a little off is the place's own.
    const beside = factsOf(mapWith(0.5, [30, 20, 3], [75, 45, 2]), maskAt(20, 20));
    expect(beside.hottest).toBe("place");
    expect(beside.place.peak).toBeCloseTo(0.5, 6);
  });

  it("is about the same place for a mask of another size", () => {
    const map = mapWith(0.5, [20, 20, 3], [75, 45, 2]);
    const large = factsOf(map, maskAt(203, 203, 960, 640));
    expect(large.place).toMatchObject({ x: 20.5 / WIDTH, y: 20.5 / HEIGHT });
    expect(large.hottest).toBe("place");
  });

  it("has no rest when everything is marked", () => {
    const all: Mask = { ...SIZE, channels: 1, data: new Uint8Array(WIDTH * HEIGHT).fill(1) };
    const facts = factsOf(mapWith(0.5, [20, 20, 3]), all);
    expect(facts).toMatchObject({ rest: null, hottest: "place", scoreWithout: 0 });
    expect(facts.place.area).toBe(1);
  });

  it("says how much of the place the model's mask covers", () => {
    expect(factsOf(mapWith(0.5, [20, 20, 4]), maskAt(20, 20)).place.covered).toBe(0);
    expect(factsOf(mapWith(0.5, [20, 20, 6]), maskAt(20, 20)).place.covered).toBe(1);
  });

  it("knows peaks where they were kept, or where the score is one", () => {
    const map = mapWith(0.5, [20, 20, 3.2]);
    const plain = smallModel();
    expect(factsOf(map, maskAt(20, 20), plain).rank?.place).toBeNull();
    expect(factsOf(map, maskAt(20, 20), plain).marking?.promise).toBeNull();
    const { manifest } = plain;
    const byMaximum = {
      ...plain,
      manifest: { ...manifest, map: { ...manifest.map, score: "max" as const } },
    };
    const facts = factsOf(map, maskAt(20, 20), byMaximum);
    expect(facts.rank?.place).toEqual({ below: 3, count: 5 });
    expect(facts.marking).toEqual(facts.catching);
    const kept = factsOf(map, maskAt(20, 20), { ...plain, peaks: Float64Array.of(9, 9, 1, 1, 1) });
    expect(kept.rank?.place).toEqual({ below: 3, count: 5 });
    expect(kept.marking?.promise).toMatchObject({ rank: 3, expectedRate: 0.5 });
  });

  it("promises nothing for a model that knows no good parts, and says the rest", () => {
    const facts = factsOf(mapWith(0.5, [20, 20, 3]), maskAt(20, 20), smallImported());
    expect(facts).toMatchObject({ rank: null, now: null, hottest: "place", catching: { promise: null } });
    expect(facts.scoreWithout).toBe(0.5);
    const none = { ...smallModel(), scores: new Float64Array(0) };
    expect(factsOf(mapWith(0.5, [20, 20, 3]), maskAt(20, 20), none)).toMatchObject({ rank: null, now: null });
  });

  it("works on a graph that no model file stands for", () => {
    const map = mapWith(0.5, [20, 20, 3]);
    const judged = { rawScore: 3, predScore: 0.4, imageThreshold: 4, pixelThreshold: null };
    const facts = missFacts({ ...judged, predLabel: false, rawMap: map, predMask: null }, maskAt(20, 20), {
      model: null,
      description: { preprocessing: [], scoreSource: "output" },
    });
    expect(facts).toMatchObject({ rank: null, scoreWithout: null, score: 3, place: { covered: null } });
  });

  it("has no threshold for a picture that is not hot at all", () => {
    const facts = factsOf(mapWith(0), maskAt(20, 20));
    expect(facts).toMatchObject({ catching: null, marking: null, score: 0 });
  });

  it("refuses an empty mask, one that a crop cuts off, and a model without a map", () => {
    const map = mapWith(0.5);
    const empty: Mask = { ...SIZE, channels: 1, data: new Uint8Array(WIDTH * HEIGHT) };
    expect(() => factsOf(map, empty)).toThrow(/MASK/);
    const judged = { rawScore: 3, predScore: 3, imageThreshold: 4, pixelThreshold: null, predLabel: false };
    const preprocessing = [{ type: "centerCrop", width: 48, height: 32 }] as const;
    const judge: JudgingModel = { model: null, description: { preprocessing, scoreSource: "map-max" } };
    expect(() => missFacts({ ...judged, rawMap: map, predMask: null }, maskAt(3, 3), judge)).toThrow(
      /cropped off.*MASK/,
    );
    expect(() => missFacts({ ...judged, rawMap: null, predMask: null }, maskAt(40, 30), judge)).toThrow(
      /MODEL_OUTPUT/,
    );
  });
});

describe("shortBelow", () => {
  it("is below, by less than one of the fifth digit", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (value) => {
        const short = shortBelow(value);
        expect(short).toBeLessThan(value);
        expect(short).toBeGreaterThan(value * (1 - 2.1e-4));
        expect(short).toBe(Number(short.toPrecision(5)));
      }),
    );
    expect(shortBelow(16.18134)).toBe(16.181);
    expect(shortBelow(2)).toBe(1.9999);
  });
});
