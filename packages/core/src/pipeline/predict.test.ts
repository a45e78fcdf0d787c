import { describe, expect, it } from "vitest";
import type { ModelDescription } from "../anomalib/model-description.js";
import type { DecisionZone } from "../stages/decision/decision.js";
import type { Detection, Detector } from "../stages/detector/detector.js";
import type { RgbImage } from "../stages/image/image.js";
import type { Tensor } from "../tensor.js";
import { type PredictOptions, type PredictTimings, predict } from "./predict.js";

const image: RgbImage = { width: 4, height: 2, channels: 3, data: new Uint8Array(24).fill(51) };

const description: ModelDescription = {
  profile: "anomalib-0.7",
  evidence: [],
  kind: "unknown",
  task: "segmentation",
  input: { name: "input", height: 2, width: 2, batch: 1 },
  outputs: { map: "output", score: null, label: null, mask: null },
  scoreSource: "map-max",
  preprocessing: [
    { type: "resize", height: 2, width: 2, interpolation: "nearest" },
    { type: "toFloat", maxValue: 255 },
  ],
  imageThreshold: 2,
  pixelThreshold: 2,
  normalisation: { method: "min_max", image: { min: 0, max: 4 }, pixel: { min: 0, max: 4 } },
  notes: [],
};

const detection: Detection = {
  map: { width: 2, height: 2, data: Float32Array.of(0, 1, 0, 3) },
  score: null,
  label: null,
  mask: null,
  normalised: false,
};

async function predictWith(
  options: PredictOptions = {},
  found = detection,
  changes: Partial<ModelDescription> = {},
  inputs?: Detector["inputs"],
) {
  const seen: Tensor[] = [];
  const detector = {
    inputs: inputs ?? [description.preprocessing],
    async detect(tensors: readonly Tensor[]) {
      seen.push(...tensors);
      return found;
    },
    async close() {},
  };
  const result = await predict(image, { description: { ...description, ...changes }, detector }, options);
  return { result, seen };
}

describe("predict", () => {
  it("makes nothing of the picture's size when no maps are wanted", async () => {
    const [{ result: lean }, { result: whole }] = [
      await predictWith({ maps: false, heatMap: true, segmentations: true }),
      await predictWith(),
    ];
    expect(lean).toEqual({ ...whole, anomalyMap: null, predMask: null });
    expect(whole.predMask).not.toBeNull();
  });

  it("names a picture of another size", async () => {
    const view = { x: 0, y: 0, width: 9, height: 9 };
    const picture = { width: 9, height: 9, fit: "stretch", view } as const;
    await expect(predictWith({ subject: "a.png" }, detection, { picture })).rejects.toMatchObject({
      code: "PICTURE_SIZE",
      subject: "a.png",
    });
  });

  it("outlines zones where there are several", async () => {
    const filter = { minArea: 0, minPeak: 0.5, ignoreTouchingBorder: false, weight: 1, unit: 1 };
    const left = { ...filter, name: "left", runs: [0, 1, 2, 3] };
    const right = { ...filter, name: "", runs: [1, 2, 3, 4] };
    const drawn = async (zones: readonly DecisionZone[]) => {
      const { result } = await predictWith({ segmentations: true }, detection, { decision: { zones } });
      return Array.from({ length: 8 }, (_, at) => result.segmentations!.data[3 * at + 1]!);
    };
    const [one, two] = [await drawn([{ ...left, runs: [0, 4] }]), await drawn([left, right])];
    // The line stands before the second zone, in the column left of the middle.
    const changed = two.flatMap((value, at) => (value === one[at] ? [] : [at]));
    expect(changed).toEqual([1, 5]);
    expect(two[1]).toBe((one[1]! + 255) >> 1);
  });

  it("explains when it is asked to, or only what is not called good", async () => {
    const explained: string[] = [];
    const explain = (place: { x: number; y: number }) => {
      explained.push(`${place.x} ${place.y}`);
      return { ...place, detectors: [] };
    };
    const detector = {
      inputs: [description.preprocessing],
      detect: async () => detection,
      explain,
      close: async () => {},
    };
    for (const imageThreshold of [2, 4]) {
      const model = { description: { ...description, imageThreshold }, detector };
      for (const wish of [false, true, "anomalous"] as const) {
        const { explanations } = await predict(image, model, { explain: wish });
        const wanted = wish === true || (wish === "anomalous" && imageThreshold === 2);
        expect(explanations === null).toBe(!wanted);
      }
    }
    expect(explained).toHaveLength(3);
  });

  it("feeds the preprocessed picture and judges what comes back", async () => {
    const { result, seen } = await predictWith();
    expect(seen).toEqual([{ shape: [1, 3, 2, 2], data: new Float32Array(12).fill(Math.fround(51 / 255)) }]);
    expect(result).toMatchObject({
      verdict: "anomalous",
      rawScore: 3,
      predScore: 0.75,
      predLabel: true,
      predBoxes: null,
    });
    expect(result.anomalyMap).toMatchObject({ width: 4, height: 2 });
    expect(result.image).toBe(image);
  });

  it("makes every tensor that the detector takes, in its order", async () => {
    const steps = (side: number): Detector["inputs"][number] => [
      { type: "resize", height: side, width: side, interpolation: "nearest" },
      { type: "toFloat", maxValue: 51 },
    ];
    const { seen } = await predictWith({}, detection, {}, [steps(4), steps(2), steps(3)]);
    expect(seen.map(({ shape }) => shape)).toEqual([
      [1, 3, 4, 4],
      [1, 3, 2, 2],
      [1, 3, 3, 3],
    ]);
    expect(seen.every(({ data }) => data.every((value) => value === 1))).toBe(true);
  });

  it("draws only what is asked for, and leaves the picture alone", async () => {
    const before = image.data.slice();
    expect((await predictWith()).result).toMatchObject({ heatMap: null, segmentations: null });
    const { result } = await predictWith({ heatMap: true, segmentations: true });
    expect(result.heatMap).toMatchObject({ width: 4, height: 2, channels: 3 });
    expect(result.segmentations).toMatchObject({ width: 4, height: 2, channels: 3 });
    expect(image.data).toEqual(before);
  });

  it("gives no pictures of a model that gives no map", async () => {
    const scoreOnly = { ...detection, map: null, score: 1 };
    const { result } = await predictWith({ heatMap: true, segmentations: true }, scoreOnly, {
      scoreSource: "output",
    });
    expect(result).toMatchObject({ verdict: "good", anomalyMap: null, heatMap: null, segmentations: null });
  });

  it("obeys the caller's task and threshold", async () => {
    const { result } = await predictWith({ task: "detection", imageThreshold: 3.5 });
    expect(result).toMatchObject({ verdict: "good", imageThreshold: 3.5 });
    expect(result.predBoxes).toHaveLength(1);
  });

  it("times the stages with the caller's clock", async () => {
    const timings: PredictTimings = { preProcess: 0, network: 0, postProcess: 0, pictures: 0 };
    let now = 0;
    const clock = () => {
      now = 2 * now + 1;
      return now;
    };
    await predictWith({ clock, timings });
    expect(timings).toEqual({ preProcess: 2, network: 4, postProcess: 8, pictures: 16 });
  });
});

describe("predict refuses", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("a map that holds %s", async (value) => {
    const broken = { ...detection, map: { width: 2, height: 2, data: Float32Array.of(0, 1, value, 3) } };
    await expect(predictWith({}, broken)).rejects.toMatchObject({ code: "MODEL_OUTPUT" });
  });

  it("a score that is not a number", async () => {
    const broken = { ...detection, map: null, score: Number.NaN };
    await expect(predictWith({}, broken, { scoreSource: "output" })).rejects.toMatchObject({
      code: "MODEL_OUTPUT",
    });
  });

  it("to judge without a threshold", async () => {
    const refused = predictWith({}, detection, { imageThreshold: null });
    await expect(refused).rejects.toMatchObject({ code: "THRESHOLD_MISSING" });
  });
});
