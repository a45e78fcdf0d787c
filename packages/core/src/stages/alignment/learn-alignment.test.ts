import { describe, expect, it } from "vitest";
import { seededRandom } from "../../random.js";
import { renderPart } from "../../synth/render-part.js";
import type { RgbImage } from "../image/image.js";
import { alignmentLook, cellSize } from "./alignment-look.js";
import { learnAlignment } from "./learn-alignment.js";
import { alignedPicture } from "./pose.js";

const [WIDTH, HEIGHT] = [144, 120];
const part = (seed: number) => renderPart("label", { seed, width: WIDTH, height: HEIGHT }).image;
const sample = (image: RgbImage) => ({ look: alignmentLook(image), cell: cellSize(image) });

/** The picture with its part moved. */
const placed = (image: RgbImage, x: number, y: number) =>
  alignedPicture(image, { width: WIDTH, height: HEIGHT, x: -x, y: -y, angle: 0 });

describe("learnAlignment", () => {
  it("sharpens the mean of parts that lie differently, and says how they lay", () => {
    const shifts = [0, 4, -5, 7, -8, 3, -2, 9];
    const samples = shifts.map((x, i) => sample(placed(part(1 + i), x, ((i * 5) % 11) - 5)));
    const model = learnAlignment(samples, "translation");
    expect(model.good.lowest).toBeGreaterThan(0.85);
    expect(model.good.shift).toBeGreaterThan(0.04);
    expect(model.good.shift).toBeLessThan(0.2);
    expect(model.least).toBeLessThan(model.good.lowest);
    expect(model.reference).toHaveLength(128 * 128);
    expect(learnAlignment(samples, "translation")).toEqual(model);
  });

  it("refuses pictures that have nothing in common", () => {
    const samples = Array.from({ length: 8 }, (_, seed) => {
      const random = seededRandom(seed);
      const data = Uint8Array.from({ length: 3 * 64 * 64 }, () => random.uint32() >>> 24);
      return sample({ width: 64, height: 64, channels: 3, data });
    });
    expect(() => learnAlignment(samples, "rigid")).toThrow(/--align.*textures.*MODEL_STATISTICS/);
  });

  it("refuses flat pictures and takes a single one", () => {
    const flat = { width: 9, height: 9, channels: 3, data: new Uint8Array(243) } as const;
    expect(() => learnAlignment([sample(flat)], "translation")).toThrow(/MODEL_STATISTICS/);
    expect(learnAlignment([sample(part(1))], "translation").good.lowest).toBeCloseTo(1, 3);
  });
});
