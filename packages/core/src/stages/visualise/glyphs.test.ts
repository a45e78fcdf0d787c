import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { GLYPH_SIZE, GLYPHS } from "./glyphs.js";

it("holds printable ASCII, each glyph with all its pixels", () => {
  const characters = GLYPHS.map(([character]) => character);
  for (let code = 32; code < 127; code++) expect(characters).toContain(String.fromCharCode(code));
  expect(new Set(characters).size).toBe(characters.length);
  for (const [, advance, , , width, height, packed] of GLYPHS) {
    expect(advance).toBeGreaterThan(0);
    expect(advance).toBeLessThan(GLYPH_SIZE * 1.2);
    expect(Buffer.from(packed, "base64")).toHaveLength(Math.ceil((width * height) / 2));
  }
});

describe.skipIf(!hasFont())("the generator (needs the font package)", () => {
  it("makes the committed file again", async () => {
    const { makeGlyphs } = await import("../../../../../scripts/make-glyphs.js");
    expect(makeGlyphs()).toBe(readFileSync(resolve(import.meta.dirname, "glyphs.ts"), "utf8"));
  });
});

function hasFont(): boolean {
  try {
    createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json");
    return true;
  } catch {
    return false;
  }
}
