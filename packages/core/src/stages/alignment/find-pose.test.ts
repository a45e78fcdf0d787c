import { expect, it } from "vitest";
import { renderPart } from "../../synth/render-part.js";
import { alignmentLook } from "./alignment-look.js";
import { MOST_DEGREES, MOST_SHIFT } from "./alignment-model.js";
import { poseFinder } from "./find-pose.js";

const CELL = { across: 1, down: 1 };
const look = (seed: number) => alignmentLook(renderPart("cap", { seed, width: 128, height: 128 }).image);

it("finds a picture in itself where it is", () => {
  const found = poseFinder(look(1), "rigid")(look(1), CELL);
  expect(Math.hypot(found.x, found.y)).toBeLessThan(0.05);
  expect(Math.abs(found.angle)).toBeLessThan(0.002);
  expect(found.confidence).toBeCloseTo(1, 3);
});

it("never goes farther than it looks, whatever it is given", () => {
  const find = poseFinder(look(1), "rigid");
  const noise = Float64Array.from({ length: 128 * 128 }, (_, i) => ((i + 7) * 2654435761) % 256);
  for (const picture of [noise, new Float64Array(128 * 128), look(2).toReversed()]) {
    const { x, y, angle, confidence } = find(picture, CELL);
    expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(128 * MOST_SHIFT * 1.1);
    expect((Math.abs(angle) * 180) / Math.PI).toBeLessThanOrEqual(MOST_DEGREES * 1.1);
    expect(Math.abs(confidence)).toBeLessThanOrEqual(1);
  }
});
