import { describe, expect, it } from "vitest";
import { smallFusion } from "../../../../../tests/support/small-fusion.js";
import { smallModel } from "../../../../../tests/support/small-model.js";
import { checkedOptions, leftBehind } from "./export-forms.js";

const one = smallModel().manifest;
const two = smallFusion({ twoInputs: true }).manifest;

describe("checkedOptions", () => {
  it("decides what is not said", () => {
    expect(checkedOptions(one, {})).toEqual({ form: "blemish", preprocessing: "outside", batch: "static" });
    expect(checkedOptions(one, { form: "anomalib-2" }).preprocessing).toBe("inside");
    expect(checkedOptions(one, { preprocessing: "inside", batch: "dynamic" })).toMatchObject({
      preprocessing: "inside",
    });
  });

  it("refuses what does not go together", () => {
    expect(() => checkedOptions(one, { form: "anomalib-2", preprocessing: "outside" })).toThrow(
      /OPTION_VALUE/,
    );
    expect(() => checkedOptions(two, { form: "anomalib-0.7" })).toThrow(/EXPORT/);
    expect(checkedOptions(two, { form: "anomalib-2" }).form).toBe("anomalib-2");
  });
});

it("refuses filters of regions, takes zones without, and says that a grey zone stays behind", () => {
  const zone = {
    name: "",
    runs: [0, 9],
    weight: 1,
    unit: 1,
    minArea: 2,
    minPeak: 0.5,
    ignoreTouchingBorder: false,
  };
  expect(() => checkedOptions({ ...one, decision: { zones: [zone] } }, {})).toThrow(/regions.*EXPORT/);
  const plain = { ...one, decision: { zones: [{ ...zone, minArea: 0 }] } };
  expect(leftBehind(plain, checkedOptions(plain, {})).join(" ")).toContain("zones");
  const uncertain = {
    imageThreshold: 3,
    askedRate: 0.1,
    expectedRate: 0.1,
    guaranteedRate: 0.2,
    reached: true,
  };
  const grey = { ...one, calibration: { ...one.calibration, uncertain } };
  expect(leftBehind(grey, checkedOptions(grey, {})).join(" ")).toContain("grey zone");
});

it("says what stays behind, more the further the form is from ours", () => {
  const lost = (form: "blemish" | "anomalib-0.7") => leftBehind(one, checkedOptions(one, { form }));
  expect(lost("blemish").join(" ")).toMatch(/promise of/);
  expect(lost("anomalib-0.7").length).toBeGreaterThan(lost("blemish").length);
  expect(lost("anomalib-0.7").join(" ")).toMatch(/antialiased/);
  const small = { ...one, backbone: { ...one.backbone, precision: "int8" as const } };
  const eightBits = (form: "blemish" | "anomalib-2") =>
    leftBehind(small, checkedOptions(small, { form })).join(" ");
  expect(eightBits("anomalib-2")).toMatch(/8-bit/);
  expect(eightBits("blemish")).not.toMatch(/8-bit/);
  const inside = checkedOptions(one, { form: "anomalib-0.7", preprocessing: "inside" });
  expect(leftBehind(one, inside).join(" ")).not.toMatch(/antialiased/);
});
