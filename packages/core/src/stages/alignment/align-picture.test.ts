import { beforeAll, describe, expect, it } from "vitest";
import { renderPart } from "../../synth/render-part.js";
import type { RgbImage } from "../image/image.js";
import { aligner, alignerOf, requireAligned } from "./align-picture.js";
import { alignmentLook, cellSize } from "./alignment-look.js";
import type { AlignMode, AlignmentModel } from "./alignment-model.js";
import { learnAlignment } from "./learn-alignment.js";
import { alignedPicture, type Pose, toPicture } from "./pose.js";

const [WIDTH, HEIGHT] = [144, 120];
const part = (seed: number, kind: "label" | "pads" = "label") =>
  renderPart(kind, { seed, width: WIDTH, height: HEIGHT }).image;
const sample = (image: RgbImage) => ({ look: alignmentLook(image), cell: cellSize(image) });
const pose = (x: number, y: number, degrees: number): Pose => ({
  width: WIDTH,
  height: HEIGHT,
  x,
  y,
  angle: (degrees * Math.PI) / 180,
});

/** The picture with its part placed by a pose: what aligning undoes. */
function placed(image: RgbImage, { angle, ...at }: Pose): RgbImage {
  const back = { ...at, angle: -angle };
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return alignedPicture(image, {
    ...back,
    x: -(cosine * at.x + sine * at.y),
    y: -(cosine * at.y - sine * at.x),
  });
}

/** Distance of two poses in pixels at the places of the picture's quarters. */
function apart(a: Pose, b: Pose): number {
  const corners = [0.25, 0.75].flatMap((u) => [0.25, 0.75].map((v) => [u * WIDTH, v * HEIGHT] as const));
  return Math.max(
    ...corners.map(([x, y]) => {
      const [one, two] = [toPicture(a, x, y), toPicture(b, x, y)];
      return Math.hypot(one.x - two.x, one.y - two.y);
    }),
  );
}

describe("aligner", () => {
  const models = new Map<AlignMode, AlignmentModel>();
  beforeAll(() => {
    const samples = Array.from({ length: 10 }, (_, i) => sample(part(1 + i)));
    for (const mode of ["translation", "rigid"] as const) models.set(mode, learnAlignment(samples, mode));
  });

  it.each([
    [0, 0, 0],
    [7, -4, 0],
    [-17.5, 11.25, 0],
    [24, 15, 0],
  ])("finds a shift by %d, %d to half a pixel", (x, y) => {
    const align = aligner(models.get("translation")!);
    const own = align(part(50)).pose;
    const found = align(placed(part(50), pose(x, y, 0)));
    expect(apart(found.pose, { ...own, x: own.x + x, y: own.y + y })).toBeLessThan(0.5);
    expect(found.alignment.degrees).toBe(0);
    expect(found.alignment.confidence).toBeGreaterThan(0.85);
  });

  it.each([
    [0, 0, 3],
    [5, -8, -6.5],
    [-12, 6, 9],
  ])("finds a shift by %d, %d and a turn by %d°", (x, y, degrees) => {
    const align = aligner(models.get("rigid")!);
    const truth = pose(x, y, degrees);
    const own = align(part(51)).pose;
    const found = align(placed(part(51), truth));
    // The part's own pose comes first.
    const both = { ...truth, angle: truth.angle + own.angle };
    expect(apart(found.pose, both)).toBeLessThan(2.5);
    expect(found.alignment.degrees).toBeCloseTo((both.angle * 180) / Math.PI, 0);
  });

  it("is made once for a model, and is that of the model", () => {
    const model = models.get("rigid")!;
    expect(alignerOf(model)).toBe(alignerOf(model));
    expect(alignerOf({ ...model })).not.toBe(alignerOf(model));
    expect(alignerOf(model)(part(51))).toEqual(aligner(model)(part(51)));
  });

  it("finds the part although it has a defect", () => {
    const align = aligner(models.get("translation")!);
    const own = align(part(60)).pose;
    const broken = renderPart("label", {
      seed: 60,
      width: WIDTH,
      height: HEIGHT,
      defect: { type: "missing", size: 0.3 },
    });
    const found = align(placed(broken.image, pose(9, -6, 0))).pose;
    expect(apart(found, { ...own, x: own.x + 9, y: own.y - 6 })).toBeLessThan(1);
  });

  it("brings a moved part back to the pixels of one in its place", () => {
    const align = aligner(models.get("translation")!);
    const [still, back] = [align(part(52)).image, align(placed(part(52), pose(10, 5, 0))).image];
    let [sum, count] = [0, 0];
    for (let y = 30; y < 90; y++)
      for (let at = 3 * (y * WIDTH + 35), end = at + 3 * 70; at < end; at++, count++)
        sum += Math.abs(still.data[at]! - back.data[at]!);
    expect(sum / count).toBeLessThan(4);
  });

  it("refuses another part and a flat picture, with the evidence", () => {
    const model = models.get("rigid")!;
    const flat = { ...part(1), data: new Uint8Array(3 * WIDTH * HEIGHT).fill(80) };
    for (const image of [part(3, "pads"), flat]) {
      const { alignment } = aligner(model)(image);
      expect(() => requireAligned(alignment, model, "b.png")).toThrow(
        /^b\.png does not show the part.*PICTURE_ALIGNMENT/,
      );
      expect(
        Object.values(alignment.shift).concat(alignment.degrees, alignment.confidence).every(Number.isFinite),
      ).toBe(true);
    }
    expect(() => requireAligned(aligner(model)(part(70)).alignment, model, "b.png")).not.toThrow();
  });

  it.each([
    [1, 1],
    [1, 60],
    [60, 1],
    [2, 3],
  ])("takes a picture of %d × %d, without NaN", (width, height) => {
    const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 89) % 256);
    const {
      image,
      pose: found,
      alignment,
    } = aligner(models.get("rigid")!)({ width, height, channels: 3, data });
    expect(image.data).toHaveLength(data.length);
    expect([found.x, found.y, found.angle, alignment.confidence].every(Number.isFinite)).toBe(true);
  });
});
