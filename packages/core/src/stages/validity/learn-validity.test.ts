import { beforeAll, describe, expect, it } from "vitest";
import { PART_KINDS, type PartKind } from "../../synth/part-kinds.js";
import { renderPart } from "../../synth/render-part.js";
import type { RgbImage } from "../image/image.js";
import { checkValidity } from "./check-validity.js";
import { LEAST_LEARNT, learnValidity } from "./learn-validity.js";
import { measurePicture } from "./measure-picture.js";
import type { ValidityModel } from "./validity-rules.js";

const SIDE = 96;
const good = (kind: PartKind, seed: number) => renderPart(kind, { seed, width: SIDE, height: SIDE }).image;
const goods = (kind: PartKind, count: number, from = 1) =>
  Array.from({ length: count }, (_, i) => good(kind, from + i));
const learnt = (images: readonly RgbImage[]) => learnValidity(images.map((image) => measurePicture(image)));
const brokenIn = (image: RgbImage, model: ValidityModel) =>
  checkValidity(image, model).flatMap(({ rule, ok }) => (ok ? [] : [rule]));
const changed = (image: RgbImage, change: (value: number, i: number) => number): RgbImage => ({
  ...image,
  data: image.data.map((value, i) => Math.max(0, Math.min(255, Math.round(change(value, i))))),
});

/** What lies right and below moves in from there; the border is repeated. */
function moved(image: RgbImage, right: number, down: number): RgbImage {
  const { width, height } = image;
  const within = (value: number, length: number) => Math.max(0, Math.min(length - 1, value));
  return changed(image, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return image.data[3 * (within(y - down, height) * width + within(x - right, width)) + (i % 3)]!;
  });
}

describe("learnValidity", () => {
  const models = new Map<PartKind, ValidityModel>();
  beforeAll(() => {
    for (const kind of PART_KINDS) models.set(kind, learnt(goods(kind, 20))!);
  });

  it.each(PART_KINDS)("judges good and defective parts of the kind %s", (kind) => {
    const model = models.get(kind)!;
    for (const image of goods(kind, 10, 500)) expect(brokenIn(image, model)).toEqual([]);
    for (const [i, type] of (["scratch", "dent", "stain", "missing", "foreign"] as const).entries()) {
      const { image } = renderPart(kind, { seed: 700 + i, width: SIDE, height: SIDE, defect: { type } });
      expect(brokenIn(image, model)).toEqual([]);
    }
  });

  it.each(PART_KINDS)("refuses dark, flat, grey and black pictures of the kind %s", (kind) => {
    const [model, image] = [models.get(kind)!, good(kind, 900)];
    expect(
      brokenIn(
        changed(image, (value) => value * 0.4),
        model,
      ),
    ).toContain("brightness");
    expect(
      brokenIn(
        changed(image, (value) => 128 + (value - 128) * 0.25),
        model,
      ),
    ).toContain("contrast");
    expect(
      brokenIn(
        changed(image, (_, i) => image.data[i - (i % 3)]!),
        model,
      ),
    ).toContain("colour");
    expect(
      brokenIn(
        changed(image, () => 0),
        model,
      ),
    ).toContain("black");
    expect(
      brokenIn(
        changed(image, () => 255),
        model,
      ),
    ).toContain("white");
  });

  it.each(["washer", "label", "cap", "pads"] as const)(
    "refuses a %s out of place, and other parts",
    (kind) => {
      const [model, image] = [models.get(kind)!, good(kind, 900)];
      expect(brokenIn(moved(image, 2, -1), model)).toEqual([]);
      for (const [x, y] of [
        [14, 0],
        [0, -14],
        [-10, 10],
      ] as const)
        expect(brokenIn(moved(image, x, y), model)).toContain("place");
      for (const other of PART_KINDS)
        if (other !== kind) expect(brokenIn(good(other, 901), model)).toContain("likeness");
    },
  );

  it("learns no place and no look of a texture, and says why", () => {
    const { rules, notLearnt, look } = models.get("cloth")!;
    expect(notLearnt.map(({ rule }) => rule)).toEqual(["likeness", "place"]);
    expect(notLearnt[0]!.reason).toMatch(/too little in common/);
    expect(rules.some(({ rule }) => rule === "likeness")).toBe(false);
    expect(look).toBeNull();
  });

  it("leaves the place to the alignment", () => {
    const model = learnValidity(
      goods("cap", 12).map((image) => measurePicture(image)),
      { place: false },
    )!;
    expect(model.notLearnt.map(({ rule }) => rule)).toEqual(["likeness", "place"]);
    expect(brokenIn(moved(good("cap", 900), 14, 0), model)).toEqual([]);
  });

  it(`learns nothing of fewer than ${LEAST_LEARNT} pictures`, () => {
    expect(learnt(goods("cap", LEAST_LEARNT - 1))).toBeNull();
    expect(learnt([])).toBeNull();
    expect(learnt(goods("cap", LEAST_LEARNT))).not.toBeNull();
  });

  it("refuses a part of another shape and a much smaller picture, and judges a larger one", () => {
    const model = models.get("cap")!;
    const at = (width: number, height: number) => renderPart("cap", { seed: 3, width, height }).image;
    expect(brokenIn(at(96, 80), model)).toContain("shape");
    expect(brokenIn(at(40, 40), model)).toContain("size");
    expect(brokenIn(at(192, 192), model)).toEqual([]);
    const mixed = learnt([...goods("cap", 8), ...Array.from({ length: 4 }, () => at(96, 64))])!;
    expect(mixed.notLearnt.map(({ rule }) => rule)).toContain("shape");
  });

  it("refuses colour where all were grey, and learns nothing of it where some were", () => {
    const grey = goods("cap", 12).map((image) => changed(image, (_, i) => image.data[i - (i % 3)]!));
    const model = learnt(grey)!;
    expect(brokenIn(grey[0]!, model)).toEqual([]);
    expect(brokenIn(good("cap", 900), model)).toContain("colour");
    const mixed = learnt([...grey, ...goods("cap", 3)])!;
    expect(mixed.notLearnt.map(({ rule }) => rule)).toContain("colour");
  });

  it("gives finite rules for flat, tiny and equal pictures, which all are judged again", () => {
    for (const [width, height] of [
      [1, 1],
      [1, 50],
      [64, 1],
      [32, 32],
    ] as const)
      for (const value of [0, 128, 255]) {
        const image: RgbImage = {
          width,
          height,
          channels: 3,
          data: new Uint8Array(3 * width * height).fill(value),
        };
        const model = learnt(Array.from({ length: 12 }, () => image))!;
        for (const { low, high } of model.rules)
          for (const limit of [low, high]) expect(limit === null || Number.isFinite(limit)).toBe(true);
        expect(brokenIn(image, model)).toEqual([]);
        for (const { value: found } of checkValidity(good("cap", 1), model)) expect(found).not.toBeNaN();
      }
  });

  it("is the same for the same pictures, whatever their order but for the last digits", () => {
    const images = goods("label", 12).map((image) => measurePicture(image));
    expect(learnValidity(images)).toEqual(learnValidity(images));
    expect(learnValidity(images.toReversed())!.rules).toEqual(learnValidity(images)!.rules);
  });
});
