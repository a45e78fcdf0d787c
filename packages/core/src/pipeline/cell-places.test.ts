import { describe, expect, it } from "vitest";
import type { ModelManifest } from "../bundle/manifest.js";
import { cellPlaces } from "./cell-places.js";

const detector = { grid: { width: 4, height: 4 } };
const manifest = (parts: object) =>
  ({
    passes: [{ size: { width: 64, height: 64 }, detectors: [detector] }],
    ...parts,
  }) as unknown as ModelManifest;

describe("cellPlaces", () => {
  it("divides a whole picture by the grid", () => {
    const [place] = cellPlaces(manifest({}));
    expect(place!.cellAt(0.3, 0.9)).toBe(13);
    expect(place!.cellAt(1, 1)).toBe(15);
    expect(place!.boxOf(13)).toEqual({ x: 0.25, y: 0.75, width: 0.25, height: 0.25 });
  });

  it("goes from the picture by view and padding to the cells that take part, and back", () => {
    const picture = { width: 200, height: 100, fit: "crop", view: { x: 100, y: 0, width: 100, height: 50 } };
    const content = { x: 0, y: 16, width: 64, height: 32 };
    const cells = [4, 12];
    const [place] = cellPlaces(
      manifest({
        picture,
        passes: [{ size: { width: 64, height: 64 }, content, detectors: [{ ...detector, cells }] }],
      }),
    );
    for (let cell = 0; cell < 8; cell++) {
      const box = place!.boxOf(cell);
      expect(box.x).toBeCloseTo(0.5 + 0.125 * (cell % 4), 12);
      expect(box.y).toBeCloseTo(0.25 * Math.floor(cell / 4), 12);
      expect(place!.cellAt(box.x + box.width / 2, box.y + box.height / 2)).toBe(cell);
    }
    // Outside of the view it is the nearest.
    expect(place!.cellAt(0, 0)).toBe(0);
    expect(place!.cellAt(1, 1)).toBe(7);
  });

  it("cuts off what of a cell is padding", () => {
    const content = { x: 0, y: 8, width: 64, height: 48 };
    const [place] = cellPlaces(
      manifest({ passes: [{ size: { width: 64, height: 64 }, content, detectors: [detector] }] }),
    );
    expect(place!.boxOf(0)).toEqual({ x: 0, y: 0, width: 0.25, height: 0.5 / 3 });
  });
});
