/** Where regions of the original picture lie on the map: in which zone, and whether at the border of what is judged. */
import { AT_BORDER, zoneOf } from "../decision/zone-labels.js";
import type { View } from "../region/mask-on-map.js";
import type { Components } from "./connected-components.js";

/** What the map says of one component. */
export interface RegionMark {
  readonly touchesBorder: boolean;
  /** null = the model has no zones, or it lies in none. */
  readonly zone: string | null;
}

/** Looks components up. */
export interface RegionPlaces {
  /** One mark for each component, in their order. */
  marksOf(components: Components): readonly RegionMark[];
}

/** What the map's pixels are, and which part of the picture they show. */
export interface LabelledMap {
  /** See `zoneLabels`. */
  readonly labels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The rectangle of the original picture that the map covers. */
  readonly view: View;
  /** Names of the zones; empty = the model has none to tell apart. */
  readonly names: readonly string[];
}

/**
 * Prepares the look-up for components of the original picture. A pixel belongs to the map pixel that its centre lies in; of
 * zones with as many pixels the first counts.
 */
export function regionPlaces(map: LabelledMap, size: { readonly width: number }): RegionPlaces {
  const { labels, width, height, view, names } = map;
  const columns = Int32Array.from({ length: size.width }, (_, x) =>
    clamped(Math.floor(((x + 0.5 - view.x) * width) / view.width), width),
  );
  const borders = bordersOf(labels, width);
  return {
    marksOf({ count, rows, starts, ends, labels: members }) {
      const touching = new Uint8Array(count);
      const tallies = new Int32Array(count * names.length);
      for (let run = 0; run < members.length; run++) {
        const component = members[run]!;
        const row = width * clamped(Math.floor(((rows[run]! + 0.5 - view.y) * height) / view.height), height);
        const [start, end] = [starts[run]!, ends[run]!];
        if (borders[row + columns[start]!]! <= columns[end - 1]!) touching[component] = 1;
        for (let x = start; names.length > 0 && x < end; x++) {
          const zone = zoneOf(labels[row + columns[x]!]!);
          if (zone >= 0 && zone < names.length) tallies[component * names.length + zone]!++;
        }
      }
      return Array.from({ length: count }, (_, component) => ({
        touchesBorder: touching[component] !== 0,
        zone: mostOf(tallies.subarray(component * names.length, (component + 1) * names.length), names),
      }));
    },
  };
}

/** Right of all columns. */
const NO_COLUMN = 2 ** 31 - 1;

/** The columns of the nearest border pixel at or right of each pixel; made once for the same labels. */
const known = new WeakMap<Uint8Array, Int32Array>();

function bordersOf(labels: Uint8Array, width: number): Int32Array {
  const before = known.get(labels);
  if (before !== undefined) return before;
  const borders = new Int32Array(labels.length);
  for (let row = 0; row < labels.length; row += width) {
    let next = NO_COLUMN;
    for (let x = width - 1; x >= 0; x--) {
      if ((labels[row + x]! & AT_BORDER) !== 0) next = x;
      borders[row + x] = next;
    }
  }
  known.set(labels, borders);
  return borders;
}

function mostOf(tally: Int32Array, names: readonly string[]): string | null {
  let most = -1;
  for (let zone = 0; zone < tally.length; zone++)
    if (tally[zone]! > 0 && (most < 0 || tally[zone]! > tally[most]!)) most = zone;
  return names[most] ?? null;
}

function clamped(at: number, length: number): number {
  return Math.min(Math.max(at, 0), length - 1);
}
