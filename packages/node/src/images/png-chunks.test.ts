import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { tinyPicture } from "../../../../tests/support/tiny-model.js";
import { encodePng } from "./encode-png.js";
import { plainPngOf } from "./png-chunks.js";

it("finds size, channels and compressed rows", async () => {
  const file = await encodePng(tinyPicture(30, 20, 4));
  const plain = plainPngOf(file);
  expect(plain).toMatchObject({ width: 30, height: 20, channels: 3 });
  // The second byte of a zlib stream makes the first two a multiple of 31.
  const [first, second] = plain!.pieces[0]!;
  expect((256 * first! + second!) % 31).toBe(0);
  expect(plain!.pieces.every((piece) => piece.buffer === file.buffer)).toBe(true);
});

it("notices one wrong byte wherever it is", async () => {
  const file = await encodePng(tinyPicture(9, 7, 2));
  for (let at = 8; at < file.length; at++) {
    const damaged = Uint8Array.from(file);
    damaged[at]! ^= 1;
    expect(plainPngOf(damaged)?.piecesAreRight() ?? false, `byte ${at}`).toBe(false);
  }
  expect(plainPngOf(file)?.piecesAreRight()).toBe(true);
});

it("takes plain files only", async () => {
  const pictures = resolve(import.meta.dirname, "../../../../fixtures/decoding/pictures");
  const names = (await readdir(pictures)).filter((name) => name.startsWith("png-"));
  const plain = [];
  for (const name of names) if (plainPngOf(await readFile(join(pictures, name))) !== null) plain.push(name);
  expect(plain).toEqual([
    "png-1x1.png",
    "png-gamma.png",
    "png-grey-8.png",
    "png-rgb-8.png",
    "png-rgba-8.png",
  ]);
  expect(names.length).toBeGreaterThan(20);
});
