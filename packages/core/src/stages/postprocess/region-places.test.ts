import fc from "fast-check";
import { expect, it } from "vitest";
import { zoneLabels } from "../decision/zone-labels.js";
import { connectedComponents } from "./connected-components.js";
import { regionPlaces } from "./region-places.js";

/** A map of 4 × 4 pixels over the pixels 2 to 17 of a picture of 20 × 20: each is 4 × 4 pixels large. */
const view = { x: 2, y: 2, width: 16, height: 16 };

function marks(
  fill: (x: number, y: number) => boolean,
  runs: readonly (readonly number[])[],
  names: string[],
) {
  const data = Uint8Array.from({ length: 400 }, (_, i) => Number(fill(i % 20, Math.floor(i / 20))));
  const components = connectedComponents({ width: 20, height: 20, channels: 1, data });
  const labels = zoneLabels({ zones: runs.map((own) => ({ runs: own })) }, 4, 4);
  return regionPlaces({ labels, width: 4, height: 4, view, names }, { width: 20 }).marksOf(components);
}

it("names the zone with most of the region's pixels", () => {
  // The upper two rows of the map, and the lower two.
  const halves = [
    [0, 8],
    [8, 16],
  ];
  const bar = (from: number, to: number) => (x: number, y: number) => x === 10 && y >= from && y < to;
  expect(marks(bar(5, 12), halves, ["upper", "lower"])).toEqual([{ touchesBorder: true, zone: "upper" }]);
  expect(marks(bar(8, 14), halves, ["upper", "lower"])).toEqual([{ touchesBorder: false, zone: "lower" }]);
  // As many pixels in both: the first counts.
  expect(marks(bar(7, 13), halves, ["upper", "lower"])[0]!.zone).toBe("upper");
  expect(marks(bar(8, 14), halves, [])).toEqual([{ touchesBorder: false, zone: null }]);
});

it("says that a region lies at the border of what is judged", () => {
  const dot = (at: number) => (x: number, y: number) => x === at && y === 9;
  expect(marks(dot(8), [[0, 16]], [])[0]!.touchesBorder).toBe(false);
  expect(marks(dot(4), [[0, 16]], [])[0]!.touchesBorder).toBe(true);
  // Without its lower half the map ends at the second row.
  expect(marks(dot(8), [[0, 8]], [])[0]!.touchesBorder).toBe(true);
});

it("says of every region what a look at each of its pixels says", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 400, maxLength: 400 }), fc.nat(11), (pixels, first) => {
      const runs = [[first, first + 3]];
      const found = marks((x, y) => pixels[20 * y + x] as boolean, runs, []);
      const labels = zoneLabels({ zones: [{ runs: runs[0] as number[] }] }, 4, 4);
      const data = Uint8Array.from(pixels, Number);
      const {
        count,
        labels: members,
        rows,
        starts,
        ends,
      } = connectedComponents({
        width: 20,
        height: 20,
        channels: 1,
        data,
      });
      const place = (at: number) => Math.min(3, Math.max(0, Math.floor((at + 0.5 - 2) / 4)));
      const touching = new Array<boolean>(count).fill(false);
      for (const [run, component] of members.entries())
        for (let x = starts[run] as number; x < (ends[run] as number); x++)
          if (((labels[4 * place(rows[run] as number) + place(x)] as number) & 128) !== 0)
            touching[component] = true;
      expect(found.map(({ touchesBorder }) => touchesBorder)).toEqual(touching);
    }),
    { numRuns: 50 },
  );
});
