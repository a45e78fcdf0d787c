/**
 * Which regions of a mask count, by the filters of their zones: those that hold a region that the image score would have
 * found. So a picture has regions exactly when its score reaches the threshold that the mask was drawn at.
 */
import type { Decision, DecisionZone } from "../decision/decision.js";
import { levelOfPeak, regionScorer } from "../decision/region-score.js";
import { AT_BORDER, zoneOf } from "../decision/zone-labels.js";
import type { FloatMap, Mask } from "../image/image.js";
import { type Components, connectedComponents } from "./connected-components.js";
import type { FilterReason } from "./result.js";

/** A mask without the regions that do not count, and those. */
export interface KeptRegions {
  readonly kept: Mask;
  /** Masks of what was left out, by the first reason that applies; without those that have none. */
  readonly dropped: readonly { readonly reason: FilterReason; readonly mask: Mask }[];
}

/**
 * Sorts the regions of a mask. A region is looked at in each of its zones by itself.
 * @param labels of the map's pixels, see `zoneLabels`; what is in no zone is left out of both.
 * @param level that the mask was drawn at: float32, map ≥ level.
 */
export function keepRegions(
  map: FloatMap,
  mask: Mask,
  labels: Uint8Array,
  { zones }: Decision,
  level: number,
): KeptRegions {
  const empty = () => ({ ...mask, data: new Uint8Array(mask.data.length) });
  const kept = empty();
  const dropped = new Map<FilterReason, Mask>();
  for (const [number, zone] of zones.entries()) {
    const own = { ...mask, data: mask.data.map((value, i) => (zoneOf(labels[i]) === number ? value : 0)) };
    const components = connectedComponents(own);
    const reasons = reasonsOf({ map, components, labels, zone, level });
    for (const [run, component] of components.labels.entries()) {
      const reason = reasons[component];
      if (reason !== null && !dropped.has(reason)) dropped.set(reason, empty());
      const target = reason === null ? kept : (dropped.get(reason) as Mask);
      const row = components.rows[run] * map.width;
      target.data.fill(1, row + components.starts[run], row + components.ends[run]);
    }
  }
  return { kept, dropped: [...dropped].map(([reason, own]) => ({ reason, mask: own })) };
}

interface ZoneRegions {
  readonly map: FloatMap;
  readonly components: Components;
  readonly labels: Uint8Array;
  readonly zone: DecisionZone;
  readonly level: number;
}

/** Why each component does not count, null = it does. */
function reasonsOf(regions: ZoneRegions): (FilterReason | null)[] {
  const { map, components, labels, zone } = regions;
  const { count, rows, starts, ends } = components;
  const areas = new Float64Array(count);
  const peaks = new Float64Array(count);
  const touching = new Uint8Array(count);
  for (const [run, component] of components.labels.entries()) {
    areas[component] += ends[run] - starts[run];
    for (let i = rows[run] * map.width + starts[run], end = rows[run] * map.width + ends[run]; i < end; i++) {
      if (map.data[i] > peaks[component]) peaks[component] = map.data[i];
      touching[component] |= labels[i] & AT_BORDER;
    }
  }
  return Array.from({ length: count }, (_, component) => {
    if (areas[component] < zone.minArea) return "area";
    if (levelOfPeak(peaks[component], zone.minPeak) < regions.level) return "peak";
    if (!zone.ignoreTouchingBorder || touching[component] === 0) return null;
    return levelOfComponent(regions, component) >= regions.level ? null : "border";
  });
}

/** The highest level at which a part of the component passes while it stands free of the border. */
function levelOfComponent({ map, components, labels, zone }: ZoneRegions, component: number): number {
  const own = new Uint8Array(labels.length);
  for (const [run, label] of components.labels.entries()) {
    if (label !== component) continue;
    const row = components.rows[run] * map.width;
    for (let i = row + components.starts[run]; i < row + components.ends[run]; i++)
      own[i] = 1 | (labels[i] & AT_BORDER);
  }
  return regionScorer(own, [zone], map.width)(map.data)[0];
}
