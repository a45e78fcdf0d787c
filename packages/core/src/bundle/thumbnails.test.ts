import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { sha256 } from "../../../../tests/support/small-model.js";
import { readModelFile, writeModelFile } from "./model-file.js";
import { readSafeTensors, writeSafeTensors } from "./safetensors.js";
import type { StoredPadim } from "./stored-detectors.js";
import { packThumbnails, picturesByUse, type StoredThumbnails, thumbnailOf } from "./thumbnails.js";

const files = fc
  .uniqueArray(fc.nat(4), { minLength: 1 })
  .chain((numbers) =>
    fc.tuple(
      ...numbers.map((picture) =>
        fc.record({ picture: fc.constant(picture), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
      ),
    ),
  );

/** Thumbnails of pictures 1 and 3. */
const small = () =>
  packThumbnails([
    { picture: 3, bytes: Uint8Array.of(7, 8, 9) },
    { picture: 1, bytes: Uint8Array.of(5) },
  ]) as StoredThumbnails;

describe("thumbnails in a model file", () => {
  it("come back by the numbers of their pictures, in whatever order they were made", () => {
    fc.assert(
      fc.property(files, (made) => {
        const thumbnails = packThumbnails(made) as StoredThumbnails;
        const back = readModelFile(writeModelFile({ ...smallFusion(), thumbnails }, sha256), "x", sha256);
        for (const { picture, bytes } of made) expect(thumbnailOf(back.thumbnails, picture)).toEqual(bytes);
        expect(thumbnailOf(back.thumbnails, 5)).toBeNull();
        expect(packThumbnails([...made].reverse())).toEqual(thumbnails);
      }),
      { numRuns: 30 },
    );
  });

  it("need not be there: files without them read as before, and none are not stored", () => {
    const plain = writeModelFile(smallFusion(), sha256);
    expect("thumbnails" in readModelFile(plain, "x", sha256)).toBe(false);
    expect(thumbnailOf(undefined, 0)).toBeNull();
    expect(packThumbnails([])).toBeNull();
  });

  it.each<[string, (thumbnails: StoredThumbnails) => StoredThumbnails]>([
    ["a picture that is none of the training's", (t) => ({ ...t, picture: Int32Array.of(1, 5) })],
    ["a picture below 0", (t) => ({ ...t, picture: Int32Array.of(-1, 3) })],
    ["a picture twice", (t) => ({ ...t, picture: Int32Array.of(3, 3) })],
    ["a place outside the bytes", (t) => ({ ...t, offset: Int32Array.of(0, 1, 5) })],
    ["places that go back", (t) => ({ ...t, offset: Int32Array.of(0, 9, 4) })],
    ["too few places", (t) => ({ ...t, offset: Int32Array.of(0, 4) })],
    ["no picture", (t) => ({ ...t, picture: new Int32Array(0), offset: Int32Array.of(4) })],
  ])("are refused with %s", (_name, damage) => {
    const bytes = writeModelFile({ ...smallFusion(), thumbnails: damage(small()) }, sha256);
    expect(() => readModelFile(bytes, "bad.blemish", sha256)).toThrow(
      /bad\.blemish.*thumbnails.*MODEL_BROKEN/,
    );
  });
});

describe("picturesByUse", () => {
  it("names the pictures of a bank's rows, those of the most rows first", () => {
    // Rows of the small bank: two of picture 0, four of picture 2, three of picture 4.
    expect(picturesByUse(smallFusion())).toEqual([2, 4, 0]);
  });

  it("counts places where a picture is typical like rows of a bank", () => {
    const model = smallFusion();
    const [bank, padim] = model.detectors;
    const typical = new Int32Array(24).fill(1);
    const head = { ...(padim!.head as StoredPadim), typical };
    expect(picturesByUse({ ...model, detectors: [bank!, { ...padim!, head }] })).toEqual([1, 2, 4, 0]);
  });
});

it("edited thumbnails, networks, statistics and manifests are told by the file's hash", () => {
  const file = writeModelFile({ ...smallFusion(), thumbnails: small() }, sha256);
  const { metadata, arrays } = readSafeTensors(file, "x");
  const filled = Object.entries(arrays).filter(([, { data }]) => data.length > 0);
  const edited = filled.map(([name, array]) => {
    const data = array.data.slice();
    new Uint8Array(data.buffer)[0]! ^= 1;
    return writeSafeTensors({ metadata, arrays: { ...arrays, [name]: { ...array, data } } });
  });
  expect(Object.keys(arrays)).toEqual(expect.arrayContaining(["backbone.onnx", "thumbnails.bytes"]));
  const manifest = metadata.manifest?.replace('"sigma":', '"sigma":1');
  edited.push(writeSafeTensors({ metadata: { ...metadata, manifest: manifest! }, arrays }));
  for (const bytes of edited)
    expect(() => readModelFile(bytes, "x", sha256)).toThrow(/matches its hash.*MODEL_BROKEN/);
});
