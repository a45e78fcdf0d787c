import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  alignmentLook,
  cellSize,
  learnAlignment,
  picturesByUse,
  type RgbImage,
  renderPart,
  resizeArea,
  type TrainedModelFile,
  thumbnailOf,
  toRgb,
} from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { decodeImage } from "../images/decode-image.js";
import { encodePng } from "../images/encode-png.js";
import { sha256 } from "../sha256.js";
import { makeThumbnails } from "./make-thumbnails.js";

/** Width and height of the pictures. */
const SIZE = { width: 400, height: 200 };
let folder: string;
let model: TrainedModelFile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-thumbnails-"));
  const small = smallFusion();
  const files = [];
  for (let seed = 0; seed < 5; seed++) {
    const path = join(folder, `00${seed}.png`);
    await writeFile(path, await encodePng(renderPart("cap", { seed, ...SIZE }).image));
    files.push({ path, sha256: sha256([await readFile(path)]) });
  }
  const { training } = small.manifest;
  model = { ...small, manifest: { ...small.manifest, training: { ...training, files } } };
});
afterAll(() => rm(folder, { recursive: true }));

/** The picture with everything farther to the right; what comes in is its first column. */
function shifted(image: RgbImage, by: number): RgbImage {
  const data = image.data.slice();
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++) {
      const from = 3 * (y * image.width + Math.max(0, x - by));
      data.set(image.data.subarray(from, from + 3), 3 * (y * image.width + x));
    }
  return { ...image, data };
}

describe("makeThumbnails", () => {
  it("keeps the pictures that are named, shrunk to 256 pixels, and no others", async () => {
    const made = await makeThumbnails(model, { thumbnails: 1e6 }, 2);
    expect(Array.from(made!.picture)).toEqual([0, 2, 4]);
    for (const picture of made!.picture) {
      const bytes = thumbnailOf(made!, picture)!;
      const image = toRgb(await decodeImage(bytes, "x", {}), "opencv");
      expect([image.width, image.height]).toEqual([256, 128]);
      const exact = resizeArea(renderPart("cap", { seed: picture, ...SIZE }).image, 256, 128);
      const off = image.data.reduce((sum, value, i) => sum + Math.abs(value - exact.data[i]!), 0);
      expect(off / image.data.length).toBeLessThan(4);
    }
  });

  it("shows the part where an aligned model sees it", async () => {
    const samples = Array.from({ length: 8 }, (_, seed) => {
      const { image } = renderPart("cap", { seed, ...SIZE });
      return { look: alignmentLook(image), cell: cellSize(image) };
    });
    const { reference, ...alignment } = learnAlignment(samples, "translation");
    const moved = shifted(renderPart("cap", { seed: 0, ...SIZE }).image, 24);
    const path = join(folder, "moved.png");
    await writeFile(path, await encodePng(moved));
    const [, ...others] = model.manifest.training.files;
    const files = [{ path, sha256: sha256([await readFile(path)]) }, ...others];
    const aligning: TrainedModelFile = {
      ...model,
      manifest: { ...model.manifest, alignment, training: { ...model.manifest.training, files } },
      alignmentReference: reference,
    };
    const decoded = async (from: TrainedModelFile) => {
      const made = await makeThumbnails(from, { thumbnails: 1e6 }, 1);
      return toRgb(await decodeImage(thumbnailOf(made!, 0)!, "x", {}), "opencv");
    };
    const still = await decoded(model);
    const off = (image: RgbImage) =>
      image.data.reduce((sum, value, i) => sum + Math.abs(value - still.data[i]!), 0) / image.data.length;
    const { alignment: _, ...unaligned } = aligning.manifest;
    const [before, after] = [await decoded({ ...aligning, manifest: unaligned }), await decoded(aligning)];
    expect(off(before)).toBeGreaterThan(2 * off(after));
  });

  it("stops before the limit: those named most often are kept", async () => {
    const all = await makeThumbnails(model, { thumbnails: 1e6 }, 1);
    const first = picturesByUse(model)[0]!;
    const size = (picture: number) => thumbnailOf(all!, picture)!.length;
    const one = await makeThumbnails(model, { thumbnails: size(first) }, 4);
    expect(Array.from(one!.picture)).toEqual([first]);
    expect(one!.bytes).toHaveLength(size(first));
    expect(await makeThumbnails(model, { thumbnails: size(first) - 1 }, 4)).toBeNull();
    const exact = all!.bytes.length;
    expect(await makeThumbnails(model, { thumbnails: exact }, 2)).toEqual(all);
    expect((await makeThumbnails(model, { thumbnails: exact - 1 }, 2))!.picture).toHaveLength(2);
  });

  it("is the same however many pictures are read side by side", async () => {
    const alone = await makeThumbnails(model, { thumbnails: 1e6 }, 1);
    expect(await makeThumbnails(model, { thumbnails: 1e6 }, 8)).toEqual(alone);
  });

  it("reads nothing for 0 bytes", async () => {
    const gone = { path: join(folder, "gone.png"), sha256: "" };
    const training = { ...model.manifest.training, files: Array.from({ length: 5 }, () => gone) };
    const broken = { ...model, manifest: { ...model.manifest, training } };
    expect(await makeThumbnails(broken, { thumbnails: 0 }, 1)).toBeNull();
    expect(await makeThumbnails(broken, {}, 1)).toBeNull();
    await expect(makeThumbnails(broken, { thumbnails: 1 }, 1)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
  });

  it("refuses a picture that is not the one that was trained on, and ends when it is cancelled", async () => {
    const { training } = model.manifest;
    const files = training.files.map(({ path }) => ({ path, sha256: "0" }));
    const other = { ...model, manifest: { ...model.manifest, training: { ...training, files } } };
    await expect(makeThumbnails(other, { thumbnails: 1e6 }, 1)).rejects.toThrow(/another content/);
    const cancelled = { thumbnails: 1e6, signal: AbortSignal.abort() };
    await expect(makeThumbnails(model, cancelled, 1)).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
