import { expect, it } from "vitest";
import { DEFAULT_QUALITY, QUALITIES, qualityOf } from "./quality-of.js";

it("names the quality that was asked for, or what stands for none", () => {
  expect(qualityOf({ quality: "accurate" })).toBe("accurate");
  expect(qualityOf({ seed: 3 })).toBe("balanced");
});

it("names none where sizes came from elsewhere", () => {
  expect(qualityOf({ size: 256 })).toBeNull();
  expect(qualityOf({ profile: "anomalib-0.7" })).toBeNull();
  expect(qualityOf({ fit: "native", tile: 1024 })).toBeNull();
});

it("lists every quality once, the default among them", () => {
  expect(QUALITIES).toEqual(["fast", "balanced", "accurate"]);
  expect(QUALITIES).toContain(DEFAULT_QUALITY);
});
