import { expect, it } from "vitest";
import { AT_BORDER, knownZoneLabels, zoneLabels, zoneOf } from "./zone-labels.js";

it("tells zones apart and marks pixels beside what is not judged", () => {
  // Zone 1 is the 3 × 3 block at (1, 1) of 6 × 5 pixels, zone 0 the column right of it; the rest is not judged.
  const block = { runs: [7, 10, 13, 16, 19, 22] };
  const column = { runs: [10, 11, 16, 17, 22, 23] };
  const labels = zoneLabels({ zones: [column, block] }, 6, 5);
  expect(Array.from(labels, zoneOf)).toEqual([
    ...[-1, -1, -1, -1, -1, -1],
    ...[-1, 1, 1, 1, 0, -1],
    ...[-1, 1, 1, 1, 0, -1],
    ...[-1, 1, 1, 1, 0, -1],
    ...[-1, -1, -1, -1, -1, -1],
  ]);
  const border = Array.from(labels, (label) => (label & AT_BORDER) / AT_BORDER);
  // Another zone's pixel is judged, so it makes no border.
  expect(border.slice(12, 18)).toEqual([0, 1, 0, 0, 1, 0]);
  expect(border.slice(6, 12)).toEqual([0, 1, 1, 1, 1, 0]);
});

it("takes the edge of the map for a border", () => {
  const labels = zoneLabels({ zones: [{ runs: [0, 12] }] }, 4, 3);
  expect(Array.from(labels, (label) => label >= AT_BORDER)).toEqual([
    ...[true, true, true, true],
    ...[true, false, false, true],
    ...[true, true, true, true],
  ]);
});

it("labels maps of one size once", () => {
  const zones = [{ runs: [0, 6] }];
  const first = knownZoneLabels(zones, zones, 4, 3);
  expect(first).toEqual(zoneLabels({ zones }, 4, 3));
  expect(knownZoneLabels(zones, zones, 4, 3)).toBe(first);
  expect(knownZoneLabels(zones, zones, 6, 2)).toEqual(zoneLabels({ zones }, 6, 2));
  expect(knownZoneLabels([...zones], zones, 4, 3)).not.toBe(first);
});
