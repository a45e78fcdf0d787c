/** The golden pictures, decoded and pre-processed, against the tensors that the real Anomalib 0.7.0 fed its networks. */
import { readFileSync } from "node:fs";
import { type PreprocessStep, preProcess, type RgbImage } from "@blemish/core";
import sharp from "sharp";
import { expect, test } from "vitest";
import { readFloatNpy } from "../support/npy.js";
import { sha256 } from "../support/resample-reference.js";
import { describeShared, sharedPath } from "../support/shared.js";

interface GoldenIndex {
  readonly images: readonly {
    readonly id: string;
    readonly input_name: string;
    readonly rgb_sha256_after_decode: string;
    readonly input_tensor_sha256: string;
    readonly input_tensor: { readonly file: string };
  }[];
}

const resize = (side: number): PreprocessStep => ({
  type: "resize",
  width: side,
  height: side,
  interpolation: "linear",
});
const crop: PreprocessStep = { type: "centerCrop", width: 224, height: 224 };
const toFloat: PreprocessStep = { type: "toFloat", maxValue: 255 };
const imagenet: PreprocessStep = {
  type: "normalize",
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  maxPixelValue: 255,
};

const MODELS: readonly {
  model: string;
  pictures: string;
  count: number;
  steps: readonly PreprocessStep[];
}[] = [
  {
    model: "padim070-bottle-256-n14",
    pictures: "mvtec-bottle-original",
    count: 5,
    steps: [resize(256), imagenet],
  },
  { model: "padim070-dobot-128-n20", pictures: "dobot-cubes", count: 3, steps: [resize(128), imagenet] },
  {
    model: "padim070-bottle-256crop224-tofloat-n14",
    pictures: "mvtec-bottle-original",
    count: 5,
    steps: [resize(256), crop, toFloat],
  },
  {
    model: "patchcore070-bottle-256crop224-c01",
    pictures: "mvtec-bottle-original",
    count: 5,
    steps: [resize(256), crop, imagenet],
  },
];

for (const { model, pictures, count, steps } of MODELS) {
  describeShared(`pre-processing of ${model}`, [`golden/${model}/index.json`, `data/${pictures}`], () => {
    const index = JSON.parse(readFileSync(sharedPath("golden", model, "index.json"), "utf8")) as GoldenIndex;

    test(`has its ${count} pictures`, () => {
      expect(index.images.length).toBe(count);
    });

    test.each(index.images)("$id gives the network's input bit for bit", async (image) => {
      const picture = await decode(sharedPath("data", pictures, image.input_name));
      expect(sha256(picture.data)).toBe(image.rgb_sha256_after_decode);
      const tensor = preProcess(picture, steps);
      const golden = readFloatNpy(sharedPath("golden", image.input_tensor.file));
      expect(tensor.shape).toEqual(golden.shape);
      expect(tensor.data.findIndex((value, at) => value !== golden.data[at])).toBe(-1);
      expect(sha256(tensor.data)).toBe(image.input_tensor_sha256);
    });
  });
}

async function decode(path: string): Promise<RgbImage> {
  const { data, info } = await sharp(path)
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  return { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) };
}
