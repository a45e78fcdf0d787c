import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../random.js";
import { KIND_TABLE, PART_KINDS } from "./part-kinds.js";
import { drawPose, partU, partV, pixelAt, pixelSize } from "./pose.js";

describe("pose", () => {
  it("goes from pixels to the part and back", () => {
    const place = fc.double({ min: 0, max: 300, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...PART_KINDS), fc.nat(), place, place, (kind, seed, x, y) => {
        const pose = drawPose(KIND_TABLE[kind], 300, 200, seededRandom(seed));
        const [backX, backY] = pixelAt(pose, partU(pose, x, y), partV(pose, x, y));
        expect(backX).toBeCloseTo(x, 3);
        expect(backY).toBeCloseTo(y, 3);
        const step = Math.hypot(
          partU(pose, x + 1, y) - partU(pose, x, y),
          partV(pose, x + 1, y) - partV(pose, x, y),
        );
        expect(step).toBeCloseTo(pixelSize(pose), 6);
      }),
    );
  });

  it("keeps parts on their fixture: the middle moves by at most 2 % of the picture", () => {
    for (const kind of PART_KINDS)
      for (let seed = 0; seed < 200; seed++) {
        const [x, y] = pixelAt(drawPose(KIND_TABLE[kind], 256, 256, seededRandom(seed)), 0, 0);
        expect(Math.max(Math.abs(x - 127.5), Math.abs(y - 127.5))).toBeLessThan(0.02 * 256);
      }
  });
});
