import { describe, expect, it } from "vitest";
import { backboneWith } from "../../../../../tests/support/small-training.js";
import type { ModelDescription } from "../../anomalib/model-description.js";
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import type { FloatMap, RgbImage } from "../../stages/image/image.js";
import { postProcess } from "../../stages/postprocess/post-process.js";
import { preProcess } from "../../stages/preprocess/pre-process.js";
import { markedPixels } from "../../stages/region/runs.js";
import { scoreMapper } from "../../stages/score-map/score-map.js";
import { distanceGrids } from "../distance-grids.js";
import { needsPicture } from "./picture-recipe.js";
import { recipeFor } from "./recipe.js";
import type { Recipe } from "./recipe-types.js";

const LITE0 = backboneWith(
  { name: "s3", channels: 4, stride: 8, scale: 1 },
  { name: "s5", channels: 4, stride: 16, scale: 1 },
);
/** Its cells are pixels of the network. */
const FINE = backboneWith({ name: "s1", channels: 1, stride: 1, scale: 1 });

const PICTURE = { width: 200, height: 150 };
const region = {
  include: [{ type: "rectangle", x: 30, y: 25, width: 123, height: 90 }],
  ignore: [],
} as const;

/** Every way to bring a picture in, by name. */
const WAYS: Record<string, RecipeOptions> = {
  stretch: { size: 192 },
  "stretch with a region": { size: 192, region },
  "stretch to a rectangle": { size: { width: 224, height: 160 } },
  pad: { fit: "pad", size: 192 },
  "pad to a tall rectangle": { fit: "pad", size: { width: 160, height: 256 } },
  "pad with a region": { fit: "pad", size: 192, region },
  "crop to a region": { fit: "crop", size: 192, region },
  "crop the middle": { fit: "crop", size: 192 },
  native: { fit: "native" },
  "native with a region": { fit: "native", region },
};

/** Maps of a network whose cells are the means of their pixels, at the size of the picture, without blur. */
function mapsOf(recipe: Recipe): (image: RgbImage) => FloatMap {
  const [{ preprocessing, detectors }] = recipe.passes as [Recipe["passes"][number]];
  const [{ grid, embedding }] = detectors as [Recipe["passes"][number]["detectors"][number]];
  const spec = { ...recipe.size, sigma: 0, score: "max", ignoreBorder: 0 } as const;
  const judged = recipe.judged && { judged: recipe.judged };
  const toMap = scoreMapper({ ...spec, ...judged, grids: distanceGrids(recipe.passes, [1]) });
  const places = embedding.places ?? Int32Array.from({ length: grid.width * grid.height }, (_, i) => i);
  const model = {
    scoreSource: "output",
    imageThreshold: 1,
    pixelThreshold: 1,
    normalisation: { method: "none" },
    task: "segmentation",
    ...(recipe.picture && { picture: recipe.picture }),
  } as ModelDescription;
  return (image) => {
    const { data, shape } = preProcess(image, preprocessing.slice(0, -1));
    const [, , h, w] = shape as [number, number, number, number];
    const [stepX, stepY] = [w / grid.width, h / grid.height];
    const means = new Float32Array(grid.width * grid.height);
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        means[Math.floor(y / stepY) * grid.width + Math.floor(x / stepX)]! +=
          data[y * w + x]! / stepX / stepY;
    const { map, score } = toMap([Float32Array.from(places, (place) => means[place]!)]);
    const detection = { map, score, label: null, mask: null, normalised: false };
    return postProcess(detection, image, model).anomalyMap!;
  };
}

function picture(valueAt: (x: number, y: number) => number): RgbImage {
  const { width, height } = PICTURE;
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const at = Math.floor(i / 3);
    return valueAt(at % width, Math.floor(at / width));
  });
  return { ...PICTURE, channels: 3, data };
}

const recipeOf = (options: RecipeOptions, backbone = LITE0) =>
  recipeFor(backbone, { ...options, head: "patchcore", picture: PICTURE });

/** Where a value of the picture at (x, y) is judged, away from where cells repeat at an edge. */
function inner({ picture: own, passes }: Recipe, stride: number): (x: number, y: number) => boolean {
  const view = own?.view ?? { x: 0, y: 0, ...PICTURE };
  const box = own?.region?.include[0];
  const { x, y, width, height } = box?.type === "rectangle" ? box : view;
  const { size, content = size } = passes[0]!;
  const [alongX, alongY] = [(stride * view.width) / content.width, (stride * view.height) / content.height];
  return (px, py) =>
    px > x + alongX && px < x + width - alongX && py > y + alongY && py < y + height - alongY;
}

describe.each(Object.entries(WAYS))("%s", (_, options) => {
  it("brings every place of the map back to its own place of the picture", () => {
    const recipe = recipeOf(options);
    // A cell at an edge is perhaps part padding, which is no place.
    const isInner = inner(recipe, 32);
    const toMap = mapsOf(recipe);
    // The value is the place: however it is resized, the mean of a cell is that of the cell's middle.
    for (const axis of [0, 1]) {
      const map = toMap(picture((...at) => at[axis]!));
      let [seen, most] = [0, 0];
      map.data.forEach((value, i) => {
        const at = [i % map.width, Math.floor(i / map.width)] as const;
        if (!isInner(...at)) return;
        seen++;
        most = Math.max(most, Math.abs(value - at[axis]!));
      });
      expect(seen).toBeGreaterThan(400);
      expect(most).toBeLessThan(0.75);
    }
  });

  it("finds a dot wherever it is, to a pixel of the network and half of the picture's", () => {
    const recipe = recipeOf(options, FINE);
    const { size, content = size } = recipe.passes[0]!;
    const view = recipe.picture?.view ?? { x: 0, y: 0, ...PICTURE };
    const cell = Math.max(1, view.width / content.width, view.height / content.height);
    // A pixel of the map is larger than one of the picture, too.
    const shown = Math.max(1, view.width / recipe.size.width, view.height / recipe.size.height);
    const isInner = inner(recipe, 2);
    const toMap = mapsOf(recipe);
    for (let y = 2; y < PICTURE.height; y += 23)
      for (let x = 3; x < PICTURE.width; x += 29) {
        if (!isInner(x, y)) continue;
        const map = toMap(picture((px, py) => (px === x && py === y ? 255 : 0)));
        const peak = map.data.indexOf(map.data.reduce((a, b) => Math.max(a, b)));
        expect(Math.abs((peak % map.width) - x)).toBeLessThanOrEqual((cell + shown) / 2 + 0.5);
        expect(Math.abs(Math.floor(peak / map.width) - y)).toBeLessThanOrEqual((cell + shown) / 2 + 0.5);
      }
  });
});

describe("recipes", () => {
  it("are what they were without a new option", () => {
    for (const options of [{}, { size: 256 }, { quality: "accurate" }] as const) {
      const recipe = recipeFor(LITE0, options);
      expect(recipe).not.toHaveProperty("picture");
      expect(recipe).not.toHaveProperty("judged");
      for (const pass of recipe.passes) {
        expect(pass).not.toHaveProperty("content");
        expect(pass.size.width).toBe(pass.size.height);
        for (const detector of pass.detectors) expect(detector).not.toHaveProperty("cells");
      }
      expect(
        recipeFor(LITE0, {
          ...options,
          fit: "stretch",
          picture: PICTURE,
          region: { include: [], ignore: [] },
        }),
      ).toEqual(recipe);
      expect(needsPicture(options)).toBe(false);
    }
  });

  it("leave out cells and pixels of the map that are not judged, in every input", () => {
    const recipe = recipeFor(LITE0, { quality: "accurate", region, picture: PICTURE });
    const share = (123 * 90) / (200 * 150);
    for (const { detectors } of recipe.passes)
      for (const { cells, grid, embedding } of detectors) {
        expect(markedPixels(cells!) / (grid.width * grid.height)).toBeCloseTo(share, 1);
        expect(embedding.places).toHaveLength(markedPixels(cells!));
      }
    expect(markedPixels(recipe.judged!) / 256 ** 2).toBeCloseTo(share, 2);
    expect(recipe.picture).toEqual({ ...PICTURE, fit: "stretch", view: { x: 0, y: 0, ...PICTURE }, region });
  });

  it("take one input as large as the picture with native, and maps of its shape", () => {
    const native = recipeOf({ fit: "native" });
    expect(native.passes.map(({ size }) => size)).toEqual([{ width: 224, height: 160 }]);
    expect(native.size).toEqual(PICTURE);
    const padded = recipeFor(LITE0, { fit: "pad", picture: PICTURE });
    expect(padded.size.width / padded.size.height).toBeCloseTo(4 / 3, 2);
    expect(padded.size.width * padded.size.height).toBeCloseTo(256 ** 2, -3);
    expect(padded.picture?.aspectTolerance).toBeGreaterThan(0);
    expect(recipeOf({ fit: "native" }).picture).not.toHaveProperty("aspectTolerance");
  });

  it("take pictures of one pixel's height", () => {
    const picture = { width: 300, height: 1 };
    for (const fit of ["pad", "crop", "native"] as const) {
      const recipe = recipeFor(LITE0, { fit, picture });
      expect(Math.min(recipe.size.width, recipe.size.height)).toBeGreaterThan(16);
    }
  });

  it.each<[string, RecipeOptions, string]>([
    ["an unknown policy", { fit: "squeeze" as "pad" }, "--fit"],
    ["a policy without the pictures' size", { fit: "pad" }, "size of the pictures"],
    ["a region without the pictures' size", { region }, "size of the pictures"],
    ["native with a quality", { fit: "native", quality: "fast", picture: PICTURE }, "--quality"],
    ["native with a size", { fit: "native", size: 64, picture: PICTURE }, "--size"],
    ["a rectangle that the network cannot take", { size: { width: 64, height: 50 } }, "multiple"],
    ["a quality and a rectangle", { size: { width: 64, height: 64 }, quality: "fast" }, "64x64 and fast"],
    ["a fit of Anomalib's", { profile: "anomalib-0.7", channels: 4, fit: "pad", picture: PICTURE }, "--fit"],
    ["a region of Anomalib's", { profile: "anomalib-0.7", channels: 4, region, picture: PICTURE }, "--roi"],
  ])("refuse %s", (_, options, text) => {
    expect(() => recipeFor(LITE0, options)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" }));
    expect(() => recipeFor(LITE0, options)).toThrow(text);
  });

  it("take rectangles of Anomalib's profile", () =>
    expect(
      recipeFor(LITE0, { profile: "anomalib-0.7", channels: 4, size: { width: 96, height: 64 } }).passes[0]
        ?.detectors[0]?.grid,
    ).toEqual({ width: 12, height: 8 }));

  it("refuse a region without a pixel of the map", () => {
    const dot = { include: [{ type: "rectangle", x: 1, y: 1, width: 1, height: 1 }], ignore: [] } as const;
    const large = { width: 4000, height: 3000 };
    expect(() => recipeFor(LITE0, { region: dot, picture: large })).toThrow(/--fit crop.*REGION/);
    expect(recipeFor(LITE0, { fit: "crop", region: dot, picture: large }).picture?.view.width).toBe(1);
  });
});
