import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finding } from "@blemish/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeImage } from "../images/decode-image.js";
import { encodePng } from "../images/encode-png.js";
import { addThumbnails } from "./add-thumbnails.js";

let folder = "";
let wide = "";
let tiny = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-thumbnails-"));
  wide = join(folder, "wide.png");
  tiny = join(folder, "tiny.png");
  await writeFile(
    wide,
    await encodePng({ width: 300, height: 4, channels: 3, data: new Uint8Array(3600).fill(9) }),
  );
  await writeFile(tiny, await encodePng({ width: 2, height: 3, channels: 1, data: new Uint8Array(6) }));
});
afterAll(() => rm(folder, { recursive: true }));

it("are PNG files of at most 96 pixels, never enlarged", async () => {
  const [one] = await addThumbnails([finding("blur", "warning", "", [wide, tiny])], {});
  expect(one!.thumbnails.map(({ path }) => path)).toEqual([wide, tiny]);
  const sizes = one!.thumbnails.map(({ png }) => decodeImage(Buffer.from(png, "base64"), "x"));
  expect(await Promise.all(sizes)).toMatchObject([
    { width: 96, height: 1 },
    { width: 2, height: 3 },
  ]);
  expect(JSON.parse(JSON.stringify(one))).toEqual(one);
});

it("are few, and none of what cannot be read", async () => {
  const many = finding("sizes", "note", "", Array(9).fill(wide));
  const broken = finding("unreadable", "error", "", [wide]);
  const gone = finding("blur", "warning", "", [join(folder, "gone.png"), wide]);
  const result = await addThumbnails([broken, gone, ...Array(8).fill(many)], {});
  expect(result.map(({ thumbnails }) => thumbnails.length)).toEqual([0, 1, 4, 4, 4, 4, 4, 3, 0, 0]);
});
