import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zip } from "../../../../tests/support/torch-archive.js";
import { looksLikeZip, readZip } from "./read-zip.js";

const read = (archive: Uint8Array) => readZip(archive, "model.pt");

describe("a zip archive of stored files", () => {
  it("gives every file, as a view of the archive", () => {
    const content = fc.uint8Array({ maxLength: 40 });
    const files = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}(\/[a-z0-9]{1,8}(\.[a-z]{1,3})?)?$/), content, {
      maxKeys: 6,
    });
    fc.assert(
      fc.property(files, (all) => {
        const archive = zip(all);
        const found = read(archive);
        expect([...found.keys()]).toEqual(Object.keys(all));
        for (const [name, bytes] of found) {
          expect(Array.from(bytes)).toEqual(Array.from(all[name]!));
          expect(bytes.buffer).toBe(archive.buffer);
        }
      }),
    );
  });

  it("is told by its first bytes", () => {
    expect(looksLikeZip(zip({ a: Uint8Array.of(1) }))).toBe(true);
    expect(looksLikeZip(Uint8Array.of(0x50, 0x4b))).toBe(false);
  });
});

describe("bad archives", () => {
  it.each(["../evil", "/etc/passwd", "a/../../b", "C:\\x", "a\\..\\b"])("the path %s is refused", (name) => {
    expect(() => read(zip({ [name]: Uint8Array.of(1) }))).toThrow(/MODEL_BROKEN.*|inside of the archive/);
  });

  it("compressed files are refused by name", () => {
    expect(() => read(zip({ "data.pkl": Uint8Array.of(1) }, 8))).toThrow(/data\.pkl compressed/);
  });

  it("cut off or damaged anywhere: an error of the table or the same files", () => {
    const archive = zip({ "a/data.pkl": Uint8Array.of(1, 2, 3), "a/data/0": new Uint8Array(20) });
    for (let end = 0; end < archive.length; end++)
      expect(() => read(archive.subarray(0, end))).toThrow(/MODEL_BROKEN/);
    fc.assert(
      fc.property(fc.nat(archive.length - 1), fc.nat(255), (at, value) => {
        const changed = archive.slice();
        changed[at] = value;
        try {
          read(changed);
        } catch (error) {
          expect((error as { code?: string }).code).toBe("MODEL_BROKEN");
        }
      }),
      { numRuns: 400 },
    );
  });
});
