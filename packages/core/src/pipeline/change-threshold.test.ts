import { describe, expect, it } from "vitest";
import { sha256, smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { withSensitivity } from "../bundle/kept-sensitivity.js";
import { readModelFile, type TrainedModelFile, writeModelFile } from "../bundle/model-file.js";
import { promiseFor, promiseOf } from "../metrics/promise.js";
import { adoptAdaptive, changeThreshold } from "./change-threshold.js";

const scores = Float64Array.from({ length: 99 }, (_, i) => i + 1);
const model = { ...smallModel(), scores };
const before = model.manifest.calibration;

describe("changeThreshold", () => {
  it("takes a threshold and says what it promises", () => {
    const { manifest } = changeThreshold(model, { threshold: 98.5 }, "too many alarms");
    const { calibration } = manifest;
    expect(calibration).toMatchObject({
      imageThreshold: 98.5,
      askedRate: before.askedRate,
      expectedRate: 0.02,
      pixelThreshold: before.pixelThreshold,
      imageRange: { min: 0, max: 197 },
      pixelRange: before.pixelRange,
    });
    expect(calibration.guaranteedRate).toBe(promiseOf(scores, 98.5).guaranteedRate);
    expect(calibration.changes.at(-1)).toEqual({
      from: before.imageThreshold,
      to: 98.5,
      reason: "too many alarms",
    });
  });

  it("takes a rate, as a training does", () => {
    const { manifest } = changeThreshold(model, { falseAlarmRate: 0.1 }, "");
    const { threshold, expectedRate, guaranteedRate } = promiseFor(scores, 0.1);
    expect(manifest.calibration).toMatchObject({
      imageThreshold: threshold,
      askedRate: 0.1,
      expectedRate,
      guaranteedRate,
      reached: true,
    });
  });

  it("says when the asked rate is not reached, by too few pictures or too low a threshold", () => {
    expect(changeThreshold(model, { falseAlarmRate: 0.001 }, "").manifest.calibration.reached).toBe(false);
    const low = changeThreshold(model, { threshold: 0.5 }, "").manifest.calibration;
    expect(low).toMatchObject({ expectedRate: 1, guaranteedRate: 1, reached: false });
  });

  it("records every change, oldest first, and leaves the model it was given alone", () => {
    const once = changeThreshold(model, { threshold: 50 }, "a");
    const twice = changeThreshold(once, { threshold: 60 }, "b");
    expect(twice.manifest.calibration.changes.map(({ from, to }) => [from, to])).toEqual([
      [before.imageThreshold, 50],
      [50, 60],
    ]);
    expect(model.manifest.calibration).toBe(before);
    expect(before.changes).toEqual([]);
  });

  it("drops what was measured with the threshold before", () => {
    const sensitivity = { measuredOn: "held-out", pictures: 1, places: 1, seed: 0, groups: [] } as const;
    const measured = { ...model, manifest: withSensitivity(model.manifest, sensitivity) };
    expect(changeThreshold(measured, { threshold: 50 }, "").manifest).not.toHaveProperty("sensitivity");
    expect(changeThreshold(measured, { uncertainRate: null }, "").manifest).not.toHaveProperty("sensitivity");
  });

  it("gives a model that can be written and read", () => {
    const changed = changeThreshold(model, { threshold: 50 }, "");
    expect(readModelFile(writeModelFile(changed, sha256), "x", sha256)).toEqual(changed);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the threshold %s", (threshold) =>
    expect(() => changeThreshold(model, { threshold }, "")).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE" }),
    ),
  );
  it.each([0, 1, -0.1, Number.NaN])("refuses the rate %s", (falseAlarmRate) =>
    expect(() => changeThreshold(model, { falseAlarmRate }, "")).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE" }),
    ),
  );
});

describe("adoptAdaptive", () => {
  it("takes both thresholds and Anomalib's one range, and is marked", () => {
    const found = { imageThreshold: 90.5, pixelThreshold: 7, min: 0.5, max: 120 };
    const { calibration } = adoptAdaptive(model, found, "labels seen").manifest;
    expect(calibration).toMatchObject({
      method: "adaptive-f1",
      imageThreshold: 90.5,
      pixelThreshold: 7,
      imageRange: { min: 0.5, max: 120 },
      pixelRange: { min: 0.5, max: 120 },
      expectedRate: 0.1,
      changes: [{ from: before.imageThreshold, to: 90.5, reason: "labels seen" }],
    });
  });
});

it("has nothing to change in a model that was imported", () => {
  const imported = smallImported() as unknown as TrainedModelFile;
  const found = { imageThreshold: 1, pixelThreshold: 1, min: 0, max: 2 };
  for (const change of [
    () => changeThreshold(imported, { threshold: 3 }, ""),
    () => adoptAdaptive(imported, found, ""),
  ])
    expect(change).toThrow(expect.objectContaining({ code: "MODEL_NOT_TRAINED" }));
});

describe("changeThreshold with a grey zone", () => {
  const grey = changeThreshold(model, { falseAlarmRate: 0.05, uncertainRate: 0.1 }, "").manifest;
  const greyModel: TrainedModelFile = { ...model, manifest: grey };

  it("takes both rates, and keeps the second when only the first changes", () => {
    expect(grey.calibration).toMatchObject({
      imageThreshold: 95,
      uncertain: { imageThreshold: 90, askedRate: 0.1 },
    });
    const { calibration } = changeThreshold(greyModel, { falseAlarmRate: 0.01 }, "").manifest;
    expect(calibration).toMatchObject({ imageThreshold: 99, uncertain: { imageThreshold: 90 } });
    expect(
      changeThreshold(greyModel, { threshold: 92.5 }, "").manifest.calibration.uncertain?.imageThreshold,
    ).toBe(90);
  });

  it("changes or takes away the grey zone alone, which is no change of the threshold", () => {
    const wider = changeThreshold(greyModel, { uncertainRate: 0.2 }, "").manifest.calibration;
    expect(wider).toMatchObject({
      imageThreshold: 95,
      uncertain: { imageThreshold: 80, expectedRate: 0.2, reached: true },
    });
    expect(wider.changes).toEqual(grey.calibration.changes);
    expect(changeThreshold(greyModel, { uncertainRate: null }, "").manifest.calibration).not.toHaveProperty(
      "uncertain",
    );
  });

  it.each([
    [{ falseAlarmRate: 0.1 }, "above the false-alarm rate"],
    [{ uncertainRate: 0.05 }, "above the false-alarm rate"],
    [{ uncertainRate: 1 }, "above the false-alarm rate"],
    [{ uncertainRate: Number.NaN }, "above the false-alarm rate"],
    [{ threshold: 80 }, "--uncertain"],
  ])("refuses %j", (wish, words) => expect(() => changeThreshold(greyModel, wish, "")).toThrow(words));

  it("keeps a grey zone below Anomalib's threshold, and has none above it", () => {
    const found = { imageThreshold: 93, pixelThreshold: 50, min: 0, max: 200 };
    expect(adoptAdaptive(greyModel, found, "").manifest.calibration.uncertain?.imageThreshold).toBe(90);
    const lower = { ...found, imageThreshold: 85 };
    expect(adoptAdaptive(greyModel, lower, "").manifest.calibration).not.toHaveProperty("uncertain");
  });
});

it("moves the pixel threshold along where regions decide", () => {
  const zone = {
    name: "",
    runs: [0, 4],
    weight: 1,
    unit: 1,
    minArea: 2,
    minPeak: 0.5,
    ignoreTouchingBorder: false,
  };
  const decided = { ...model, manifest: { ...model.manifest, decision: { zones: [zone] } } };
  const { calibration } = changeThreshold(decided, { threshold: 98.5 }, "").manifest;
  expect(calibration).toMatchObject({ pixelThreshold: 98.5, pixelRange: { min: 0, max: 197 } });
  const found = { imageThreshold: 93, pixelThreshold: 50, min: 0, max: 200 };
  expect(adoptAdaptive(decided, found, "").manifest.calibration.pixelThreshold).toBe(93);
});
