import { expect, it } from "vitest";
import type { ModelDescription } from "../anomalib/model-description.js";
import { alignerOf } from "../stages/alignment/align-picture.js";
import { alignmentLook, cellSize } from "../stages/alignment/alignment-look.js";
import { learnAlignment } from "../stages/alignment/learn-alignment.js";
import { alignedPicture } from "../stages/alignment/pose.js";
import type { Detector } from "../stages/detector/detector.js";
import { renderPart } from "../synth/render-part.js";
import { explainInPicture } from "./explain-in-picture.js";
import type { PredictModel } from "./predict.js";

const SIDE = 96;
const part = (seed: number) => renderPart("label", { seed, width: SIDE, height: SIDE }).image;
const alignment = learnAlignment(
  Array.from({ length: 12 }, (_, i) => ({ look: alignmentLook(part(i)), cell: cellSize(part(i)) })),
  "translation",
);

/** A model that explains places with nothing, and notes which it was asked for. */
function modelWith(description: Partial<ModelDescription>) {
  const asked: { x: number; y: number }[] = [];
  const explain: Detector["explain"] = ({ x, y }) => {
    asked.push({ x, y });
    return { x, y, detectors: [] };
  };
  return { asked, model: { description, detector: { explain } } as unknown as PredictModel };
}

it("asks for the place of the aligned part, and answers with that of the picture", () => {
  const shift = 9;
  const image = alignedPicture(part(20), { width: SIDE, height: SIDE, x: -shift, y: 0, angle: 0 });
  const { asked, model } = modelWith({ alignment });
  const place = { x: 50.5 / SIDE, y: 40.5 / SIDE };
  const found = explainInPicture(image, model, place)!;
  const { pose } = alignerOf(alignment)(image);
  const still = alignerOf(alignment)(part(20)).pose;
  expect(pose.x - still.x).toBeCloseTo(shift, 0);
  expect((place.x - asked[0]!.x) * SIDE).toBeCloseTo(pose.x, 6);
  expect((place.y - asked[0]!.y) * SIDE).toBeCloseTo(pose.y, 6);
  expect(found.x).toBeCloseTo(place.x, 9);
  expect(found.y).toBeCloseTo(place.y, 9);
});

it("asks for the place itself where nothing is aligned, and for nothing where nothing can be said", () => {
  const place = { x: 0.3, y: 0.7 };
  const { asked, model } = modelWith({});
  expect(explainInPicture(part(20), model, place)).toMatchObject(place);
  expect(asked).toEqual([place]);
  const silent = { ...model, detector: {} } as PredictModel;
  expect(explainInPicture(part(20), silent, place)).toBeNull();
});
