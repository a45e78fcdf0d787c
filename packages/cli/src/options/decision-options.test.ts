import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decisionOptions, zoneOptions } from "./decision-options.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-zones-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const circle = { type: "circle", x: 1, y: 2, radius: 3 } as const;

describe("decisionOptions", () => {
  it("reads filters and the grey zone, and gives nothing for nothing", () => {
    expect(decisionOptions({})).toEqual({});
    expect(
      decisionOptions({ minArea: "30", minPeak: "0.7", ignoreTouchingBorder: true, uncertain: "10 %" }),
    ).toEqual({ filters: { minArea: 30, minPeak: 0.7, ignoreTouchingBorder: true }, uncertainRate: 0.1 });
    expect(decisionOptions({ minArea: "12.5px" }).filters).toEqual({ minArea: 12.5 });
    expect(decisionOptions({ minArea: "0.5mm2" }).filters).toEqual({ minAreaMm2: 0.5 });
    expect(decisionOptions({ minArea: "0.5 mm²" }).filters).toEqual({ minAreaMm2: 0.5 });
  });

  it.each([
    { minArea: "0" },
    { minArea: "-3" },
    { minArea: "NaN" },
    { minArea: "3cm2" },
    { minArea: "" },
    { minPeak: "high" },
    { uncertain: "10" },
    { uncertain: "0" },
  ])("refuses %j", (words) =>
    expect(() => decisionOptions(words)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" })),
  );
});

describe("zoneOptions", () => {
  it("reads zones in words", async () => {
    const zone = [
      "thread = circle:1,2,3 + border:4; weight=2; min-area=0.5mm2; min-peak=0.6; ignore-touching-border",
      "seal=circle:1,2,3",
    ];
    expect(await zoneOptions({ zone })).toEqual({
      zones: [
        {
          name: "thread",
          shapes: [circle, { type: "border", width: 4 }],
          weight: 2,
          minAreaMm2: 0.5,
          minPeak: 0.6,
          ignoreTouchingBorder: true,
        },
        { name: "seal", shapes: [circle] },
      ],
    });
    expect(await zoneOptions({})).toEqual({});
  });

  it("reads zones of a file, behind those in words", async () => {
    const path = join(folder, "zones.json");
    const zones = [
      { name: "b", shapes: ["circle:1,2,3", circle], minArea: 9 },
      { name: "c", shapes: "border:4" },
    ];
    await writeFile(path, JSON.stringify(zones));
    const read = await zoneOptions({ zone: ["a=circle:1,2,3"], zones: path });
    expect(read.zones?.map(({ name, shapes, minArea }) => [name, shapes.length, minArea])).toEqual([
      ["a", 1, undefined],
      ["b", 2, 9],
      ["c", 1, undefined],
    ]);
  });

  it.each([
    "circle:1,2,3",
    "=circle:1,2,3",
    "a=circle:1,2,3; weight",
    "a=circle:1,2,3; size=3",
    "a=circle:1",
    "a=none.png",
  ])("refuses the words %s", (text) => expect(zoneOptions({ zone: [text] })).rejects.toThrow());

  it.each([
    {},
    [3],
    [{ shapes: [circle] }],
    [{ name: "a" }],
    [{ name: "a", shapes: [circle], weight: "2" }],
    [{ name: "a", shapes: [circle], minarea: 2 }],
    [{ name: "a", shapes: [{ type: "star" }] }],
  ])("refuses a file with %j", async (json) => {
    const path = join(folder, "odd.json");
    await writeFile(path, JSON.stringify(json));
    await expect(zoneOptions({ zones: path })).rejects.toMatchObject({ code: "OPTION_VALUE" });
  });
});
