import { expect, it } from "vitest";
import { pixelRuleOf } from "./pixel-rule.js";

it("gives OpenCV's pixels to models of Anomalib 0.x and Pillow's to later ones", () => {
  expect(pixelRuleOf("anomalib-0.7")).toBe("opencv");
  expect(pixelRuleOf("anomalib-1")).toBe("pillow");
  expect(pixelRuleOf("anomalib-2")).toBe("pillow");
});
