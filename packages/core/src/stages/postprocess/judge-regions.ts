/** From a map's mask to the regions of the original picture: what counts, and what the filters of a model leave out. */
import type { ModelDescription } from "../../anomalib/model-description.js";
import type { Decision } from "../decision/decision.js";
import { knownZoneLabels } from "../decision/zone-labels.js";
import type { FloatMap, Mask } from "../image/image.js";
import type { View } from "../region/mask-on-map.js";
import type { Runs } from "../region/shapes.js";
import { type Components, connectedComponents } from "./connected-components.js";
import { keepRegions } from "./keep-regions.js";
import { regionPlaces } from "./region-places.js";
import { measureRegions } from "./regions.js";
import type { FilteredRegion, FilterReason, Region, ZoneJudgement } from "./result.js";

/** What of a model the regions are judged by. */
export type RegionModel = Pick<ModelDescription, "decision" | "capture"> & {
  /** Pixels of the map that are judged; absent = all. */
  readonly judged?: Runs;
};

/** A mask by what counts. */
export interface SortedMask {
  /** What counts; null without a mask. */
  readonly kept: Mask | null;
  readonly dropped: readonly { readonly reason: FilterReason; readonly mask: Mask }[];
}

/** Takes out of a map's mask what the model's filters leave out. Without filters, and of an empty mask, nothing. */
export function sortMask(
  map: FloatMap | null,
  mask: Mask | null,
  level: number,
  { decision }: RegionModel,
): SortedMask {
  if (map === null || mask === null || decision === undefined || isEmpty(mask))
    return { kept: mask, dropped: [] };
  const { zones } = decision;
  const labels = knownZoneLabels(zones, zones, map.width, map.height);
  return keepRegions(map, mask, labels, decision, Math.fround(level));
}

/** Components in the original picture, and why they were left out; null = they count. */
export interface FoundComponents {
  readonly reason: FilterReason | null;
  readonly components: Components;
}

/** The components of masks that are enlarged to the original picture. */
export function findComponents(
  full: Mask | null,
  dropped: SortedMask["dropped"],
  enlarge: (mask: Mask) => Mask,
): FoundComponents[] {
  const kept = full === null ? [] : [{ reason: null, components: connectedComponents(full) }];
  return [
    ...kept,
    ...dropped.map(({ reason, mask }) => ({ reason, components: connectedComponents(enlarge(mask)) })),
  ];
}

/** The rows that components lie in; runs stand in raster order. */
export function rowsOf(found: readonly FoundComponents[]): { from: number; to: number } {
  const rows = found.map(({ components }) => components.rows).filter(({ length }) => length > 0);
  if (rows.length === 0) return { from: 0, to: 0 };
  return {
    from: Math.min(...rows.map((own) => own[0])),
    to: Math.max(...rows.map((own) => own[own.length - 1] + 1)),
  };
}

/**
 * Measures what was found.
 * @param full the map at the original's size, where components lie.
 * @param raw the map at model size; the rectangle `view` of the original is what it shows.
 */
export function judgeRegions(
  found: readonly FoundComponents[],
  full: FloatMap,
  raw: { readonly width: number; readonly height: number },
  view: View,
  { decision, capture, judged }: RegionModel,
): { regions: Region[]; filtered: FilteredRegion[] } {
  const zones = decision?.zones ?? (judged && [{ runs: judged }]);
  const places =
    zones === undefined || found.every(({ components }) => components.count === 0)
      ? null
      : regionPlaces(
          {
            labels: knownZoneLabels(decision?.zones ?? judged ?? zones, zones, raw.width, raw.height),
            width: raw.width,
            height: raw.height,
            view,
            names: namesOf(decision),
          },
          full,
        );
  const measured = found.map(({ reason, components }) => ({
    reason,
    regions: measureRegions(components, full, places, capture?.millimetresPerPixel),
  }));
  return {
    regions: measured.flatMap(({ reason, regions }) => (reason === null ? regions : [])),
    filtered: measured.flatMap(({ reason, regions }) =>
      reason === null ? [] : regions.map((region) => ({ ...region, reason })),
    ),
  };
}

/**
 * Each zone by itself, in distances before zones were weighed; null without zones.
 * @param scores of the zones, in the units of the weighed map; absent = unknown.
 */
export function judgeZones(
  decision: Decision | undefined,
  scores: readonly number[] | undefined,
  imageThreshold: number,
): ZoneJudgement[] | null {
  if (decision === undefined || scores === undefined || namesOf(decision).length === 0) return null;
  return decision.zones.map(({ name, weight, unit }, i) => ({
    name,
    score: (scores[i] * unit) / weight,
    threshold: (imageThreshold * unit) / weight,
    anomalous: scores[i] >= Math.fround(imageThreshold),
  }));
}

/** Names of zones that a user asked for; filters alone make one without a name. */
function namesOf(decision: Decision | undefined): string[] {
  const names = decision?.zones.map(({ name }) => name) ?? [];
  return names.every((name) => name === "") ? [] : names;
}

/** `indexOf` is the engine's own loop, several times faster than one of ours. */
export function isEmpty({ data }: Mask): boolean {
  return data.indexOf(1) < 0;
}
