import { expect, it } from "vitest";
import { alignmentLook, cellSize } from "../stages/alignment/alignment-look.js";
import { learnAlignment } from "../stages/alignment/learn-alignment.js";
import { alignedPicture } from "../stages/alignment/pose.js";
import type { Mask } from "../stages/image/image.js";
import { renderPart } from "../synth/render-part.js";
import { maskPlacer } from "./mask-placer.js";

const SIDE = 96;
const part = (seed: number) => renderPart("label", { seed, width: SIDE, height: SIDE }).image;
const mask: Mask = { width: SIDE, height: SIDE, channels: 1, data: new Uint8Array(SIDE * SIDE) };
mask.data[50 * SIDE + 40] = 1;

it("moves what is marked with the part", () => {
  const samples = Array.from({ length: 12 }, (_, i) => ({
    look: alignmentLook(part(i)),
    cell: cellSize(part(i)),
  }));
  const alignment = learnAlignment(samples, "translation");
  const moved = alignedPicture(part(20), { width: SIDE, height: SIDE, x: -9, y: 0, angle: 0 });
  const [still, shifted] = [part(20), moved].map((image) =>
    maskPlacer(image, alignment)(mask).data.indexOf(1),
  );
  expect(Math.abs(shifted! - still! - 9)).toBeLessThanOrEqual(1);
});

it("leaves it alone for a model that does not align", () => {
  expect(maskPlacer(part(1), undefined)(mask)).toBe(mask);
});
