import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inputOptions, regionOptions } from "./region-options.js";

describe("inputOptions", () => {
  it("reads sides, rectangles and policies", () => {
    expect(inputOptions({})).toEqual({});
    expect(inputOptions({ size: "320", fit: "pad" })).toEqual({ size: 320, fit: "pad" });
    for (const size of ["640x480", "640X480", "640×480"])
      expect(inputOptions({ size })).toEqual({ size: { width: 640, height: 480 } });
  });

  it.each([{ size: "640x" }, { size: "1x2x3" }, { size: "-5" }, { size: "9999" }, { fit: "squeeze" }])(
    "refuses %j",
    (words) => expect(() => inputOptions(words)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" })),
  );
});

describe("regionOptions", () => {
  it("reads words and files, in their order", async () => {
    const folder = await mkdtemp(join(tmpdir(), "blemish-regions-"));
    try {
      const path = join(folder, "roi.json");
      await writeFile(path, JSON.stringify([{ type: "border", width: 3 }]));
      expect(await regionOptions({ roi: ["circle:5,5,4", path], ignore: ["border:2"] })).toEqual({
        region: {
          include: [
            { type: "circle", x: 5, y: 5, radius: 4 },
            { type: "border", width: 3 },
          ],
          ignore: [{ type: "border", width: 2 }],
        },
      });
      expect(await regionOptions({})).toEqual({});
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("refuses words that are no shape, and files that are not there", async () => {
    await expect(regionOptions({ roi: ["circle:1,2"] })).rejects.toThrow("OPTION_VALUE");
    await expect(regionOptions({ ignore: ["no-such-mask.png"] })).rejects.toThrow("no-such-mask.png");
  });
});
