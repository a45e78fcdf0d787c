import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { sniffFormat } from "./sniff-format.js";

const PICTURES = resolve(import.meta.dirname, "../../../../fixtures/decoding/pictures");
const latin1 = (text: string) => Buffer.from(text, "latin1");

it("knows every fixture by its content", async () => {
  for (const name of await readdir(PICTURES)) {
    expect([name, sniffFormat(await readFile(resolve(PICTURES, name)))]).toEqual([
      name,
      name.split(/[-.]/)[0],
    ]);
  }
});

it("knows BigTIFF in both byte orders", () => {
  expect(sniffFormat(latin1("II+\0\x08\0\0\0"))).toBe("tiff");
  expect(sniffFormat(latin1("MM\0+\0\x08\0\0"))).toBe("tiff");
});

it.each([
  "",
  "P",
  "P7\nWIDTH 1",
  "PF\n1 1",
  "P0 1 1",
  "P5x",
  "RIFF\x04\0\0\0WAVE",
  "GIF88a",
  "II*",
  "\xff\xd8",
  "\x89PNG\n\n",
  "<svg/>",
  "%PDF-1.7",
  "\0\0\0\x1cftypavif",
])("takes %j for no picture", (text) => expect(sniffFormat(latin1(text))).toBeNull());
