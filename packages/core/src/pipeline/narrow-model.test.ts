import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { withSensitivity } from "../bundle/kept-sensitivity.js";
import { markedPixels } from "../stages/region/runs.js";
import { calibrateOnGoods, narrowModel } from "./narrow-model.js";

const LEFT = { type: "rectangle", x: 0, y: 0, width: 50, height: 80 } as const;
const SIZE = { width: 100, height: 80 };

describe("narrowModel", () => {
  it("cuts the map down and remembers what was ignored", () => {
    const model = smallModel();
    const sensitivity = { measuredOn: "held-out", pictures: 1, places: 1, seed: 0, groups: [] } as const;
    const measured = { ...model, manifest: withSensitivity(model.manifest, sensitivity) };
    expect(narrowModel(measured, [LEFT], SIZE).manifest).not.toHaveProperty("sensitivity");
    const { manifest } = narrowModel(model, [LEFT], SIZE);
    const { width, height } = manifest.size;
    expect(markedPixels(manifest.map.judged!)).toBe((width * height) / 2);
    expect(manifest.picture).toEqual({
      ...SIZE,
      fit: "stretch",
      view: { x: 0, y: 0, ...SIZE },
      measured: { include: [], ignore: [] },
      region: { include: [], ignore: [LEFT] },
    });
    expect(model.manifest.map).not.toHaveProperty("judged");
    expect(manifest.passes).toEqual(model.manifest.passes);
    const again = narrowModel({ ...model, manifest }, [{ type: "border", width: 8 }], SIZE);
    expect(again.manifest.picture?.region?.ignore).toHaveLength(2);
    expect(markedPixels(again.manifest.map.judged!)).toBeLessThan((width * height) / 2);
  });

  it("refuses to leave nothing, another size, and shapes outside", () => {
    const model = smallModel();
    expect(() => narrowModel(model, [{ type: "border", width: 60 }], SIZE)).toThrow("everything is ignored");
    expect(() => narrowModel(model, [{ ...LEFT, x: 200 }], SIZE)).toThrow("REGION");
    const once = narrowModel(model, [LEFT], SIZE);
    expect(() => narrowModel(once, [LEFT], { width: 80, height: 80 })).toThrow("PICTURE_SIZE");
  });
});

describe("calibrateOnGoods", () => {
  it("has the threshold that the rate asks for, and says why", () => {
    const model = smallModel();
    const { askedRate, imageThreshold, changes } = model.manifest.calibration;
    const goods = Array.from({ length: 40 }, (_, i) => ({ score: 1 + i, peak: 2 + i }));
    const { manifest, scores, peaks } = calibrateOnGoods(model, goods, "another fixture");
    const { calibration } = manifest;
    expect(calibration).toMatchObject({ method: "good-pictures", askedRate, reached: true });
    expect(calibration.expectedRate).toBeLessThanOrEqual(askedRate + 1e-9);
    expect(calibration.pixelThreshold).toBeCloseTo(calibration.imageThreshold + 1, 9);
    expect(calibration.changes).toEqual([
      ...changes,
      { from: imageThreshold, to: calibration.imageThreshold, reason: "another fixture" },
    ]);
    expect([scores.length, peaks?.length]).toEqual([40, 40]);
    expect(() => calibrateOnGoods(model, goods.slice(0, 2), "")).toThrow("MODEL_STATISTICS");
  });
});
