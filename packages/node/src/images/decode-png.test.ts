import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodeImage } from "./decode-image.js";
import { DEFAULT_LIMITS } from "./decode-limits.js";
import { decodePng, type UnpackRows } from "./decode-png.js";

const PICTURES = resolve(import.meta.dirname, "../../../../fixtures/decoding/pictures");
const decode = (bytes: Uint8Array) => decodePng(bytes, "a.png", DEFAULT_LIMITS);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

interface MadePng {
  readonly width?: number;
  readonly height?: number;
  /** Colour type, then how it is stored. */
  readonly header?: readonly number[];
  readonly rows?: Uint8Array;
  readonly packed?: Uint8Array;
  readonly before?: readonly Buffer[];
  readonly between?: readonly Buffer[];
  readonly after?: readonly Buffer[];
}

/** A PNG of 2 × 2 grey pixels unless told otherwise. */
function made({ width = 2, height = 2, header = [8, 0, 0, 0, 0], rows, packed, ...extra }: MadePng): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set(header, 8);
  const data = packed ?? deflateSync(rows ?? Uint8Array.of(0, 1, 2, 0, 3, 4));
  const [first, second] = [data.subarray(0, 5), data.subarray(5)];
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", ihdr),
    ...(extra.before ?? []),
    chunk("IDAT", first),
    ...(extra.between ?? []),
    chunk("IDAT", second),
    ...(extra.after ?? []),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const outcome = (bytes: Uint8Array) =>
  decodeImage(bytes, "a.png").then(
    (decoded) => decoded,
    (error: { code: string }) => error.code,
  );

describe("decodePng", async () => {
  const names = (await readdir(PICTURES)).filter((name) => name.includes("png"));

  it("gives what decodeImage gives, or leaves the file to it", async () => {
    let plain = 0;
    for (const name of names) {
      const bytes = await readFile(join(PICTURES, name));
      if (!bytes.subarray(1).toString("latin1").startsWith("PNG")) continue;
      const decoded = decode(bytes);
      if (decoded === null) continue;
      plain++;
      expect(await outcome(bytes), name).toEqual(decoded);
    }
    expect(plain).toBeGreaterThan(2);
  });

  it("gives the pixels of pictures of every size, kind, filter and strength", async () => {
    const side = fc.integer({ min: 1, max: 40 });
    const kinds = fc.constantFrom(1 as const, 3 as const, 4 as const);
    await fc.assert(
      fc.asyncProperty(
        ...[
          side,
          side,
          kinds,
          fc.integer({ min: 0, max: 9 }),
          fc.boolean(),
          fc.uint8Array({ minLength: 50 }),
        ],
        async (width, height, channels, compressionLevel, adaptiveFiltering, noise) => {
          const data = Uint8Array.from(
            { length: width * height * channels },
            (_, i) => (noise[i % noise.length]! >> 3) + i,
          );
          const file = await sharp(data, { raw: { width, height, channels } })
            .toColourspace(channels === 1 ? "b-w" : "srgb")
            .png({ compressionLevel, adaptiveFiltering })
            .toBuffer();
          const decoded = decode(file);
          expect(decoded?.data).toEqual(data);
          expect(decoded).toEqual(await decodeImage(file, "a.png"));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("never reads what decodeImage refuses, and never another picture, whatever is damaged", async () => {
    const sound = await readFile(join(PICTURES, names.find((name) => name.includes("rgb-8"))!));
    expect(decode(sound)).not.toBeNull();
    let read = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 8, max: sound.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const bytes = Uint8Array.from(sound);
          bytes[at]! ^= change;
          const decoded = decode(bytes);
          if (decoded === null) return;
          read++;
          expect(await outcome(bytes)).toEqual(decoded);
        },
      ),
      { numRuns: 200 },
    );
    // The sums do not cover the signature only, which the caller has looked at.
    expect(read).toBe(0);
  });

  const text = (type: string, words: string) => chunk(type, Buffer.from(words, "latin1"));

  it.each<[string, MadePng]>([
    ["nothing else in it", {}],
    ["a text", { after: [text("tEXt", "Author\0me")] }],
    ["XMP", { after: [text("iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x/>")] }],
    ["a gamma", { before: [chunk("gAMA", Uint8Array.of(0, 0, 177, 143))] }],
    [
      "a density and a time",
      {
        before: [chunk("pHYs", Buffer.alloc(9, 1))],
        after: [chunk("tIME", Uint8Array.of(7, 230, 1, 1, 1, 1, 1))],
      },
    ],
    [
      "a wrong gamma beside sRGB",
      { before: [chunk("sRGB", Uint8Array.of(0)), chunk("gAMA", Uint8Array.of(0, 0, 1, 1))] },
    ],
    ["a gamma of nothing", { before: [chunk("gAMA", Buffer.alloc(4))] }],
    ["chromaticities of nothing", { before: [chunk("cHRM", Buffer.alloc(32))] }],
    ["a rendering that there is not", { before: [chunk("sRGB", Uint8Array.of(77))] }],
    ["a time that there is not", { after: [chunk("tIME", Buffer.alloc(7, 255))] }],
    [
      "two gammas",
      {
        before: [chunk("gAMA", Uint8Array.of(0, 0, 177, 143)), chunk("gAMA", Uint8Array.of(0, 0, 177, 143))],
      },
    ],
    ["a gamma too late", { after: [chunk("gAMA", Uint8Array.of(0, 0, 177, 143))] }],
    ["a text without a language's end", { after: [text("iTXt", "a\0\0\0b")] }],
    ["a text with a bad keyword", { after: [text("tEXt", " a  b \0c")] }],
  ])("reads a file with %s, as decodeImage does", async (_, parts) => {
    const decoded = decode(made(parts));
    expect(decoded?.data).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(await outcome(made(parts))).toEqual(decoded);
  });

  it.each<[string, MadePng]>([
    ["16 bits", { header: [16, 0, 0, 0, 0], rows: Buffer.alloc(10) }],
    ["1 bit", { header: [1, 0, 0, 0, 0], rows: Buffer.alloc(4) }],
    ["a palette", { header: [8, 3, 0, 0, 0], before: [chunk("PLTE", Buffer.alloc(30, 9))] }],
    ["grey and alpha", { header: [8, 4, 0, 0, 0], rows: Buffer.alloc(10) }],
    ["interlaced rows", { header: [8, 0, 0, 0, 1] }],
    ["a transparent grey", { before: [chunk("tRNS", Uint8Array.of(0, 1))] }],
    ["EXIF data", { before: [chunk("eXIf", Buffer.from("II*\0\x08\0\0\0\0\0", "latin1"))] }],
    ["EXIF data as text", { after: [text("tEXt", "Raw profile type exif\0")] }],
    ["a compressed text", { after: [text("iTXt", "a\0\x01\0\0\0x")] }],
    ["a profile", { before: [chunk("iCCP", Buffer.alloc(9))] }],
    ["a chunk of unknown purpose", { before: [chunk("abCd", Buffer.alloc(9))] }],
    ["pixels in two places", { between: [text("tEXt", "a\0b")] }],
    ["a row too few", { rows: Uint8Array.of(0, 1, 2) }],
    ["a row too many", { rows: Buffer.alloc(9) }],
    [
      "bytes behind the compressed ones",
      { packed: Buffer.concat([deflateSync(Buffer.alloc(6)), Buffer.alloc(3)]) },
    ],
    ["a filter that there is not", { rows: Uint8Array.of(5, 1, 2, 0, 1, 2) }],
    ["no width", { width: 0 }],
    ["no compressed data", { packed: new Uint8Array(0) }],
    ["two headers", { before: [made({}).subarray(8, 33)] }],
  ])("leaves a file with %s to decodeImage", (_, parts) => expect(decode(made(parts))).toBeNull());

  it("leaves a file that is cut, prolonged or begins otherwise to decodeImage", () => {
    const whole = made({});
    expect(decode(whole)?.data).toEqual(Uint8Array.of(1, 2, 3, 4));
    for (let length = 8; length < whole.length; length++)
      expect(decode(whole.subarray(0, length))).toBeNull();
    expect(decode(Buffer.concat([whole, Buffer.alloc(1)]))).toBeNull();
    expect(decode(Buffer.concat([whole.subarray(0, 8), whole.subarray(33)]))).toBeNull();
  });

  it("refuses too many pixels before it unpacks them", () => {
    const huge = made({ width: 100_000, height: 100_000 });
    expect(() => decode(huge)).toThrow(/IMAGE_TOO_LARGE/);
    expect(() => decodePng(made({}), "a.png", { maxPixels: 3, maxBytes: 1e6 })).toThrow(/IMAGE_TOO_LARGE/);
  });

  it("gives the same where the kernels have no room and the runtime's zlib has to do it", async () => {
    const files = await Promise.all(
      names.filter((name) => name.endsWith(".png")).map((name) => readFile(join(PICTURES, name))),
    );
    const byZlib = (bytes: Uint8Array) => decodePng(bytes, "a.png", DEFAULT_LIMITS, () => null);
    for (const file of files) expect(byZlib(file)).toEqual(decode(file));
    for (const rows of [Uint8Array.of(5, 1, 2, 0, 1, 2), Buffer.alloc(9), Uint8Array.of(0, 1, 2)])
      expect(byZlib(made({ rows }))).toBeNull();
    const damaged = made({});
    damaged[damaged.length - 14]! ^= 1;
    expect(byZlib(damaged)).toBeNull();
  });

  it("has whoever unpacks look at the checksums, once", () => {
    const asked: boolean[] = [];
    const unpack: UnpackRows = ({ pieces, ...shape }, out, goOn) => {
      asked.push(goOn());
      expect(shape).toEqual({ height: 2, rowBytes: 2, pixelBytes: 1 });
      expect(Buffer.concat(pieces).length).toBeGreaterThan(6);
      out.set([9, 8, 7, 6]);
      return asked.at(-1)!;
    };
    expect(decodePng(made({}), "a.png", DEFAULT_LIMITS, unpack)?.data).toEqual(Uint8Array.of(9, 8, 7, 6));
    const damaged = made({});
    damaged[damaged.length - 14]! ^= 1;
    expect(decodePng(damaged, "a.png", DEFAULT_LIMITS, unpack)).toBeNull();
    expect(asked).toEqual([true, false]);
  });

  it("reads a view of larger memory", () => {
    const whole = made({});
    const memory = new Uint8Array(whole.length + 20).fill(7);
    memory.set(whole, 9);
    expect(decode(memory.subarray(9, 9 + whole.length))?.data).toEqual(Uint8Array.of(1, 2, 3, 4));
  });
});
