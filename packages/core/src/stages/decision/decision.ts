/**
 * What of an anomaly map decides: zones with their own pixels, filters and weight. Plain data that a model file stores.
 * Every number is one of the map; `pipeline/recipe/decision-recipe.ts` makes it from a user's words. Types only.
 */
import type { Runs } from "../region/shapes.js";

/** Which connected regions of a map count. All that are asked for must hold. */
export interface RegionFilter {
  /** Fewest map pixels, need not be whole; 0 = no limit. */
  readonly minArea: number;
  /**
   * Lowest peak on the 0–1 scale of results, where 0.5 is the threshold: a region that is drawn at the level t must reach
   * 2 · minPeak · t. 0.5 (no limit) to 1.
   */
  readonly minPeak: number;
  /** Leave out regions that touch the border of the picture, or of what of it is judged. */
  readonly ignoreTouchingBorder: boolean;
}

/** A part of the map that is judged by itself. */
export interface DecisionZone extends RegionFilter {
  readonly name: string;
  /** Its pixels of the map; no two zones share one. */
  readonly runs: Runs;
  /** How much more than in a zone of weight 1 a deviation counts. Above 0. */
  readonly weight: number;
  /**
   * Usual height of good parts' scores here, measured in that of the largest zone. The map is multiplied with
   * weight / unit, so that one threshold fits all zones. Above 0.
   */
  readonly unit: number;
}

/** The zones of a model; pixels of none of them are not judged. */
export interface Decision {
  readonly zones: readonly DecisionZone[];
}

/** What the map is multiplied with in a zone. */
export type ZoneWeighing = Pick<DecisionZone, "weight" | "unit">;
