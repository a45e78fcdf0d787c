import { describe, expect, it } from "vitest";
import { sha256, smallImported, smallModel } from "../../../../tests/support/small-model.js";
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
