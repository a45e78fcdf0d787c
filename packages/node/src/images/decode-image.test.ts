/** Bad input, above all. That good files give the right pixels is in read-image.test.ts. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { crc32 } from "node:zlib";
import { BlemishError, type DecodedImage } from "@blemish/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuzzRuns } from "../../../../tests/support/fuzz.js";
import { decodeImage } from "./decode-image.js";
import { sniffFormat } from "./sniff-format.js";

const PICTURES = resolve(import.meta.dirname, "../../../../fixtures/decoding/pictures");
const FIXTURES = readdirSync(PICTURES).map((name) => ({
  name,
  bytes: readFileSync(resolve(PICTURES, name)),
}));
const fixture = (name: string) => Buffer.from(FIXTURES.find((one) => one.name === name)!.bytes);
const IMAGE_ERRORS = ["IMAGE_EMPTY", "IMAGE_FORMAT", "IMAGE_BROKEN", "IMAGE_TOO_LARGE"];

/** Decodes, and fails the test for any outcome but a consistent picture or one of the four errors. */
async function tame(bytes: Uint8Array): Promise<DecodedImage | BlemishError> {
  const before = Buffer.from(bytes);
  const outcome = await decodeImage(bytes, "x").catch((error: unknown) => error);
  expect(before.equals(bytes)).toBe(true);
  if (outcome instanceof BlemishError) {
    expect(IMAGE_ERRORS).toContain(outcome.code);
    return outcome;
  }
  expect(outcome, String(outcome)).not.toBeInstanceOf(Error);
  const decoded = outcome as DecodedImage;
  expect(decoded.data.length).toBe(decoded.width * decoded.height * decoded.channels);
  expect(decoded.orientation).toBeGreaterThanOrEqual(1);
  expect(decoded.orientation).toBeLessThanOrEqual(8);
  return decoded;
}

describe("decodeImage", () => {
  it("names what it cannot read by its first bytes", async () => {
    await expect(decodeImage(Buffer.from("%PDF-1.7 …"), "a.png")).rejects.toMatchObject({
      code: "IMAGE_FORMAT",
      subject: "a.png",
      found: "a file that begins with the bytes 25 50 44 46 2d 31 2e 37",
    });
    await expect(decodeImage(new Uint8Array(), "a.png")).rejects.toMatchObject({ code: "IMAGE_EMPTY" });
    await expect(decodeImage(Uint8Array.of(7), "a.png")).rejects.toMatchObject({ code: "IMAGE_FORMAT" });
  });

  it("takes limits, each by itself", async () => {
    const bytes = fixture("png-rgb-8.png");
    await expect(decodeImage(bytes, "x", { maxPixels: 116 })).rejects.toMatchObject({
      code: "IMAGE_TOO_LARGE",
    });
    await expect(decodeImage(bytes, "x", { maxBytes: 100 })).rejects.toMatchObject({
      code: "IMAGE_TOO_LARGE",
    });
    await expect(decodeImage(bytes, "x", { maxPixels: 117 })).resolves.toMatchObject({ width: 13 });
  });

  it("accepts padding, rubbish after the end and other harmless oddities", async () => {
    for (const name of [
      "jpeg-420.jpg",
      "png-rgb-8.png",
      "gif.gif",
      "tiff-rgb-8.tif",
      "bmp-24.bmp",
      "pnm-p6.ppm",
    ]) {
      const bytes = fixture(name);
      expect((await tame(Buffer.concat([bytes, Buffer.alloc(50, 7)]))) instanceof BlemishError, name).toBe(
        false,
      );
    }
    const jpeg = fixture("jpeg-420.jpg");
    const padded = Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(5), jpeg.subarray(-2)]);
    expect(await tame(padded)).toMatchObject({ width: 21 });
  });
});

/** Files whose headers announce far more than they hold. */
const LIARS: Readonly<Record<string, Uint8Array>> = {
  png: lyingPng(60000, 60000),
  gif: gifOf(65535, 65535),
  "gif with a giant frame": gifOf(10, 10),
  bmp: bmpOf("bmp-24.bmp"),
  "bmp, run-length coded": bmpOf("bmp-8-rle.bmp"),
  tiff: patched("tiff-rgb-8.tif", (view) => {
    view.setUint32(18, 60000, true);
    view.setUint32(30, 60000, true);
  }),
  jpeg: patched("jpeg-444.jpg", (view) => {
    const frame = Buffer.from(view.buffer).indexOf("ffc0", 0, "hex");
    view.setUint16(frame + 5, 65500);
    view.setUint16(frame + 7, 65500);
  }),
  "webp, lossy": patched("webp-lossy.webp", (view) => view.setUint32(26, 0x3fff3fff, true)),
  "webp, lossless": patched("webp-lossless.webp", (view) => view.setUint32(21, 16000 | (16000 << 14), true)),
  pgm: Buffer.from("P5 60000 60000 255\n"),
  pbm: Buffer.from("P4 999999999 999999999\n"),
};

function bmpOf(name: string): Uint8Array {
  return patched(name, (view) => {
    view.setInt32(18, 60000, true);
    view.setInt32(22, 60000, true);
  });
}

function lyingPng(width: number, height: number): Uint8Array {
  return patched("png-rgb-8.png", (view) => {
    view.setUint32(16, width);
    view.setUint32(20, height);
    view.setUint32(29, crc32(new Uint8Array(view.buffer).subarray(12, 29)));
  });
}

/** A GIF whose one frame claims 65,535 × 65,535 pixels. */
function gifOf(width: number, height: number): Uint8Array {
  const file = Buffer.from(
    "GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x02\x02L\x01\0;",
    "latin1",
  );
  file.writeUInt16LE(width, 6);
  file.writeUInt16LE(height, 8);
  return file;
}

function patched(name: string, change: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(fixture(name));
  change(new DataView(bytes.buffer));
  return bytes;
}

describe("headers that lie about the size", () => {
  it.each(Object.keys(LIARS))("%s: refused before decoding", async (name) => {
    const before = process.memoryUsage.rss();
    await expect(decodeImage(LIARS[name]!, name)).rejects.toMatchObject({
      code: "IMAGE_TOO_LARGE",
      subject: name,
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(50e6);
  });

  it("beyond what the format allows are broken", async () => {
    const lie = lyingPng(2 ** 31 - 1, 2 ** 31 - 1);
    await expect(decodeImage(lie, "x")).rejects.toMatchObject({ code: "IMAGE_BROKEN" });
  });

  it("below the limit are broken, not slow", async () => {
    for (const lie of [lyingPng(14000, 14000), Buffer.from("P6 14000 14000 255\n\0")]) {
      await expect(decodeImage(lie, "x")).rejects.toMatchObject({ code: "IMAGE_BROKEN" });
    }
  });
});

/** Bytes at the end of a file that hold no pixels: IEND of PNG, the trailer of GIF, TIFF's "no next page", padding, the last line end. */
const HARMLESS = { png: 12, jpeg: 0, webp: 0, tiff: 4, gif: 1, bmp: 4, pnm: 1 } as const;

describe("fuzzing", () => {
  it("of cut files: never a picture that is not whole", { timeout: 600_000 }, async () => {
    const cuts = fc
      .constantFrom(...FIXTURES)
      .chain((one) =>
        fc.integer({ min: 0, max: one.bytes.length - 1 }).map((length) => ({ ...one, length })),
      );
    await fc.assert(
      fc.asyncProperty(cuts, async ({ name, bytes, length }) => {
        const outcome = await tame(bytes.subarray(0, length));
        if (outcome instanceof BlemishError) return;
        const format = sniffFormat(bytes)!;
        const whole = await decodeImage(bytes, name);
        expect(outcome, `${name} cut to ${length} bytes`).toEqual(whole);
        // A cut that leaves the picture whole took no more than an end mark, padding or a later page or frame.
        const lost = bytes.length - length;
        if (!/animated|pages/.test(name)) expect(lost, name).toBeLessThanOrEqual(HARMLESS[format]);
      }),
      { numRuns: fuzzRuns(2500) },
    );
  });

  it("of files with changed bytes", { timeout: 600_000 }, async () => {
    const changes = fc.array(fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FIXTURES), changes, async ({ bytes }, edits) => {
        const changed = Buffer.from(bytes);
        for (const { at, value } of edits) {
          // Half of the changes go to the head, where the sizes are.
          const span = at % 2 === 0 ? changed.length : Math.min(64, changed.length);
          changed[Math.floor(at / 2) % span] = value;
        }
        await tame(changed);
      }),
      { numRuns: fuzzRuns(3000) },
    );
  });

  it("of random bytes behind a known beginning", { timeout: 600_000 }, async () => {
    const heads = fc
      .constantFrom(...FIXTURES)
      .chain(({ bytes }) => fc.nat({ max: 60 }).map((n) => bytes.subarray(0, n)));
    await fc.assert(
      fc.asyncProperty(heads, fc.uint8Array({ maxLength: 300 }), async (head, rest) => {
        await tame(Buffer.concat([head, rest]));
      }),
      { numRuns: fuzzRuns(1500) },
    );
  });

  it("of random numbers as text pictures", async () => {
    const word = fc.oneof(
      fc.nat({ max: 300 }).map(String),
      fc.constantFrom("#", "\n", "-1", "P", "1e3", "99999999999"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(word, { maxLength: 40 }),
        async (kind, words) => {
          await tame(Buffer.from(`P${kind} ${words.join(" ")}`));
        },
      ),
      { numRuns: fuzzRuns(1000) },
    );
  });
});
