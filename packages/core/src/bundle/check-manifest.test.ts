import { describe, expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { tileUnit } from "../stages/backbone/manifest.js";
import { checkManifest } from "./check-manifest.js";
import type { DetectorManifest, PadimManifest, PassManifest } from "./manifest.js";

const { manifest } = smallModel();
const [pass] = manifest.passes as [PassManifest];
const [detector] = pass.detectors as [DetectorManifest];
const { fit } = detector.head as PadimManifest;

/** The passes with one detector, changed. */
function withDetector(change: object): unknown {
  return [{ ...pass, detectors: [{ ...detector, ...change }] }];
}

describe("checkManifest", () => {
  it("accepts a manifest that went through JSON", () => {
    expect(checkManifest(JSON.parse(JSON.stringify(manifest)), "x")).toEqual(manifest);
  });

  it("accepts what was measured of the sensitivity, and nothing like it", () => {
    const cell = { size: 6, contrast: 0.5, tried: 40, found: 39 };
    const sensitivity = {
      measuredOn: "held-out",
      pictures: 3,
      places: 40,
      seed: 0,
      groups: [{ by: "all", name: "", cells: [cell] }],
    };
    expect(checkManifest({ ...manifest, sensitivity }, "x")).toMatchObject({ sensitivity });
    for (const wrong of [
      { ...sensitivity, measuredOn: "test" },
      { ...sensitivity, places: 0 },
      { ...sensitivity, groups: [{ by: "all", name: "", cells: [{ ...cell, found: "all" }] }] },
      null,
    ])
      expect(() => checkManifest({ ...manifest, sensitivity: wrong }, "x")).toThrow("field sensitivity");
  });

  it("accepts memory banks, several detectors and several network inputs", () => {
    const { manifest: fused } = smallFusion({ twoInputs: true });
    expect(checkManifest(JSON.parse(JSON.stringify(fused)), "x")).toEqual(fused);
  });

  it("names each field that is missing", () => {
    for (const field of Object.keys(manifest)) {
      const { [field as keyof typeof manifest]: _left, ...rest } = manifest;
      expect(() => checkManifest(rest, "x"), field).toThrow(
        field === "backbone" ? /BACKBONE/ : `field ${field}`,
      );
    }
    expect(() => checkManifest(null, "x")).toThrow(/MODEL_BROKEN/);
  });

  it("accepts a manifest of an imported model, and names each field of it that is missing", () => {
    const imported = JSON.parse(JSON.stringify(smallImported().manifest));
    expect(checkManifest(imported, "x")).toEqual(smallImported().manifest);
    for (const field of Object.keys(imported).filter((name) => name !== "backbone")) {
      const { [field]: _left, ...rest } = imported;
      expect(() => checkManifest(rest, "x"), field).toThrow(`field ${field}`);
    }
    for (const field of Object.keys(imported.imported)) {
      const { [field]: _left, ...rest } = imported.imported;
      expect(() => checkManifest({ ...imported, imported: rest }, "x"), field).toThrow("field imported");
    }
    for (const field of Object.keys(imported.imported.description)) {
      const { [field]: _left, ...rest } = imported.imported.description;
      const changed = { ...imported, imported: { ...imported.imported, description: rest } };
      expect(() => checkManifest(changed, "x"), field).toThrow("field imported");
    }
  });

  it("accepts Anomalib's way of using a memory bank, in a detector alone", () => {
    const head = { kind: "patchcore", rows: 9, precision: "float32", neighbours: 9 };
    const embedding = { ...detector.embedding, grid: "finest", enlargement: "bilinear" };
    const passes = withDetector({ head, embedding });
    const own = { ...manifest, passes, map: { ...manifest.map, upsampling: "nearest", ignoreBorder: 0 } };
    expect(checkManifest(JSON.parse(JSON.stringify(own)), "x")).toEqual(own);
    const refused = /head\.neighbours: none beside other detectors or an ignored border.*MODEL_BROKEN/;
    const two = [{ ...pass, detectors: [{ ...detector, head }, detector] }];
    expect(() => checkManifest({ ...own, passes: two }, "x")).toThrow(refused);
    const border = { ...own.map, ignoreBorder: 1 };
    expect(() => checkManifest({ ...own, map: border }, "x")).toThrow(refused);
  });

  it("takes tiles of whole cells with margins that leave something", () => {
    const tiled = (size: number, margin: number) => ({
      ...manifest,
      passes: [{ ...pass, tiles: { size, margin } }],
    });
    const unit = tileUnit(manifest.backbone);
    expect(checkManifest(tiled(4 * unit, unit), "x")).toEqual(tiled(4 * unit, unit));
    for (const [size, margin] of [
      [4 * unit, 2 * unit],
      [4 * unit + 1, unit],
      [4 * unit, unit - 1],
    ] as const)
      expect(() => checkManifest(tiled(size, margin), "x")).toThrow(/field passes\.tiles.*MODEL_BROKEN/);
  });

  it.each([
    ["origin", "openvino"],
    ["passes", []],
    ["passes", [{ ...pass, detectors: [] }]],
    ["passes", withDetector({ channels: 1e12 })],
    ["passes", withDetector({ factor: 0 })],
    ["passes", withDetector({ unit: { mean: 1 } })],
    ["passes", withDetector({ grid: { width: 6, height: 0 } })],
    ["passes", withDetector({ embedding: { ...detector.embedding, channels: [-1] } })],
    ["passes", withDetector({ embedding: { ...detector.embedding, neighbourhood: 2 } })],
    ["passes", withDetector({ head: { ...detector.head, precision: "int4" } })],
    ["passes", withDetector({ head: { ...detector.head, fit: { ...fit, count: 0 } } })],
    ["passes", withDetector({ head: { kind: "patchcore", rows: 0, precision: "int8" } })],
    ["passes", withDetector({ head: { kind: "patchcore", rows: 9, precision: "int16" } })],
    ...[0, 10, 1.5, null].map((neighbours): [string, unknown] => [
      "passes",
      withDetector({ head: { kind: "patchcore", rows: 9, precision: "int8", neighbours } }),
    ]),
    ["passes", withDetector({ embedding: { ...detector.embedding, enlargement: "cubic" } })],
    ["map", { ...manifest.map, upsampling: "cubic" }],
    ["capture", { range: { min: 1, max: 1 } }],
    ["capture", null],
    ["passes", [{ ...pass, tiles: { size: 64 } }]],
    ["passes", [{ ...pass, tiles: { size: 0, margin: 0 } }]],
    ["passes", withDetector({ head: { kind: "stfpm", rows: 9, precision: "int8" } })],
    ["training", { ...manifest.training, count: 0 }],
    ["training", { ...manifest.training, turned: 1 }],
    ["training", { ...manifest.training, options: null }],
    ["calibration", { ...manifest.calibration, imageThreshold: null }],
    ["map", { ...manifest.map, score: "median" }],
  ])("refuses a bad %s", (field, value) => {
    expect(() => checkManifest({ ...manifest, [field]: value }, "x")).toThrow(`field ${field}`);
  });
});

describe("filters, zones and a grey zone", () => {
  const pixels = manifest.size.width * manifest.size.height;
  const zone = {
    name: "",
    runs: [0, pixels],
    weight: 1,
    unit: 1,
    minArea: 2,
    minPeak: 0.5,
    ignoreTouchingBorder: false,
  };
  const decided = { ...manifest, map: { ...manifest.map, score: "region" }, decision: { zones: [zone] } };

  it("are accepted together with the score region, and only so", () => {
    expect(checkManifest(JSON.parse(JSON.stringify(decided)), "x")).toEqual(decided);
    expect(() => checkManifest({ ...decided, map: manifest.map }, "x")).toThrow("field decision");
    const { decision: _, ...without } = decided;
    expect(() => checkManifest(without, "x")).toThrow("field decision");
    const outside = { zones: [{ ...zone, runs: [0, pixels + 1] }] };
    expect(() => checkManifest({ ...decided, decision: outside }, "x")).toThrow("field decision");
  });

  it("has a lower threshold with its promise", () => {
    const uncertain = {
      imageThreshold: 3,
      askedRate: 0.1,
      expectedRate: 0.1,
      guaranteedRate: 0.2,
      reached: true,
    };
    const grey = { ...manifest, calibration: { ...manifest.calibration, uncertain } };
    expect(checkManifest(JSON.parse(JSON.stringify(grey)), "x")).toEqual(grey);
    const broken = {
      ...grey,
      calibration: { ...grey.calibration, uncertain: { ...uncertain, askedRate: 2 } },
    };
    expect(() => checkManifest(broken, "x")).toThrow("field calibration");
  });
});
