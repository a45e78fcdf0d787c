import type { ModelManifest } from "@blemish/core";
import { expect, it } from "vitest";
import { marginOf, pictureRows } from "./region-words.js";

const passes = [
  {
    size: { width: 96, height: 96 },
    preprocessing: [{ type: "resize", width: 96, height: 96, interpolation: "antialias" }],
    detectors: [{ grid: { width: 6, height: 6 }, cells: [0, 9, 12, 18] }],
  },
] as unknown as ModelManifest["passes"];
const backbone = { input: { multipleOf: 32 }, taps: [{ stride: 8 }] } as unknown as ModelManifest["backbone"];
const view = { x: 0, y: 0, width: 300, height: 200 };
const picture = { width: 300, height: 200, fit: "stretch", view } as const;

it("says nothing of a model that takes any picture", () =>
  expect(pictureRows({ passes, backbone })).toEqual([]));

it("says size, fit, region, margin and share", () => {
  const region = {
    include: [{ type: "rectangle", x: 0, y: 0, width: 150, height: 200 }],
    ignore: [{ type: "border", width: 2 }],
  } as const;
  const rows = Object.fromEntries(pictureRows({ passes, backbone, picture: { ...picture, region } }));
  expect(rows).toMatchObject({
    Pictures: "300 × 200 pixels; others are refused",
    Judged: "rectangle:0,0,150,200",
    Ignored: "border:2",
    "Share judged": "48.3 % of the picture; 15 of 36 cells take part",
  });
  expect(rows.Margin).toMatch(/^4 pixels/);
  expect(marginOf({ passes }, picture)).toBe(4);
});

it("says what is looked at, and that other sizes of the aspect are taken", () => {
  const cut = { ...picture, fit: "crop", view: { x: 10, y: 20, width: 100, height: 50 } } as const;
  expect(Object.fromEntries(pictureRows({ passes, backbone, picture: cut }))["Looked at"]).toBe(
    "100 × 50 pixels from (10, 20)",
  );
  const any = pictureRows({ passes, backbone, picture: { ...picture, fit: "pad", aspectTolerance: 0.01 } });
  expect(any[0]![1]).toContain("another size of this aspect");
});

it("says how a large input is cut", () => {
  const [pass] = passes as [ModelManifest["passes"][number]];
  const large = { ...pass, size: { width: 4000, height: 3008 }, tiles: { size: 1024, margin: 160 } };
  expect(pictureRows({ passes: [large, pass], backbone })).toEqual([
    ["Tiles", "4000 × 3008 is run in 24 of 1024 × 1024 pixels that overlap by 160 on each side"],
  ]);
});
