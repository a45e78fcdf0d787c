/** The golden pictures, decoded, against the RGB bytes that the real Anomalib (OpenCV) had of them. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { findImages, readImage } from "@blemish/node";
import { expect, it } from "vitest";
import { describeShared, sharedPath } from "../support/shared.js";

interface Golden {
  readonly input_name: string;
  readonly input_sha256: string;
  readonly rgb_sha256_after_decode: string;
}

const PROFILES = ["anomalib-0.7", "anomalib-1", "anomalib-2"] as const;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Every golden entry of every model, by the path of its picture. */
function goldenPictures(): Map<string, Golden> {
  const pictures = new Map<string, Golden>();
  for (const model of readdirSync(sharedPath("golden"))) {
    if (!/^(padim|patchcore)/.test(model)) continue;
    const data = model.includes("dobot") ? "dobot-cubes" : "mvtec-bottle-original";
    // Python writes infinite numbers as words.
    const text = readFileSync(sharedPath("golden", model, "index.json"), "utf8").replace(
      /-?\bInfinity\b|\bNaN\b/g,
      "null",
    );
    const { images } = JSON.parse(text) as { images: Golden[] };
    for (const image of images) {
      const path = sharedPath("data", data, image.input_name.replace(`${data}/`, ""));
      const known = pictures.get(path);
      if (known) expect(image.rgb_sha256_after_decode).toBe(known.rgb_sha256_after_decode);
      pictures.set(path, image);
    }
  }
  return pictures;
}

describeShared(
  "decoded golden pictures",
  ["golden", "data/mvtec-bottle-original", "data/dobot-cubes"],
  () => {
    it("are equal to Anomalib's, byte for byte, under every profile", async () => {
      const pictures = goldenPictures();
      expect(pictures.size).toBe(8);
      for (const [path, golden] of pictures) {
        expect(sha256(readFileSync(path)), path).toBe(golden.input_sha256);
        // 8-bit RGB files without orientation: OpenCV and Pillow see the same.
        for (const profile of PROFILES) {
          expect(sha256((await readImage(path, { profile })).data), path).toBe(
            golden.rgb_sha256_after_decode,
          );
        }
      }
    });
  },
);

describeShared("real pictures", ["data"], () => {
  it("are all found and read, with the same pixels from a file as from its bytes", async () => {
    const found = await findImages([sharedPath("data")]);
    expect(found.length).toBeGreaterThan(500);
    for (const { path } of found.filter((_, i) => i % 5 === 0)) {
      const image = await readImage(path);
      expect(image.data).toHaveLength(image.width * image.height * 3);
      expect(Buffer.compare((await readImage(readFileSync(path))).data, image.data)).toBe(0);
    }
  });
});
