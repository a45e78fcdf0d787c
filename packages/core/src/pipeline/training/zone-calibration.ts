/**
 * Several zones, one promise. The scores of a zone are divided by its own usual height, weighed, and the highest of all
 * zones is the picture's score: a threshold for the asked rate of such scores holds for all zones together, whatever they
 * have to do with each other (no rate is divided among zones).
 *
 * The usual height of a zone is a quantile of the good pictures' scores. A picture to come has no part in it; so none of the
 * training has in that which its own scores are divided by, which keeps the promise exact up to the model itself.
 */
import { BlemishError } from "../../errors.js";
import type { Decision } from "../../stages/decision/decision.js";
import { markedPixels } from "../../stages/region/runs.js";

/** What a picture's map says of each zone, raw: distances before zones are weighed. */
export interface ZoneValues {
  /** Region scores, see `region-score.ts`. */
  readonly scores: readonly number[];
  /** Highest values. */
  readonly peaks: readonly number[];
}

/** The share of good pictures that stay below a zone's usual height. */
const USUAL = 0.9;

/** Zones with their units, and what follows for each picture. */
export interface FamilyScores {
  readonly decision: Decision;
  /** One for each picture, in the units of the largest zone. */
  readonly scores: Float64Array;
  /** Highest value of each weighed map. */
  readonly peaks: Float64Array;
}

/**
 * Units of the zones and the scores that a threshold is taken from.
 * @param pictures at least two, each by a model that has not seen it.
 * @throws MODEL_STATISTICS when a zone's maps are 0 in all pictures.
 */
export function familyScores({ zones }: Decision, pictures: readonly ZoneValues[]): FamilyScores {
  const heights = zones.map((_, zone) => heightsOf(pictures, zone));
  const alone = zones.length === 1;
  const usual = heights.map((own, zone) => (alone ? 1 : usualHeight(own, zones[zone].name)));
  const reference = usual[largest(zones)];
  const over = (picture: number, values: readonly number[]) => {
    let highest = 0;
    for (const [zone, { weight }] of zones.entries()) {
      const unit = alone ? 1 : usualWithout(heights[zone], picture);
      highest = Math.max(highest, (weight * values[zone] * reference) / unit);
    }
    return highest;
  };
  return {
    decision: { zones: zones.map((zone, i) => ({ ...zone, unit: usual[i] / reference })) },
    scores: Float64Array.from(pictures, ({ scores }, i) => over(i, scores)),
    peaks: Float64Array.from(pictures, ({ peaks }, i) => over(i, peaks)),
  };
}

/** Numbers that a zone's usual height is taken from. */
interface Heights {
  readonly values: Float64Array;
  readonly sorted: Float64Array;
}

/** Scores; where filters leave most pictures without one, the highest values of the zone's maps. */
function heightsOf(pictures: readonly ZoneValues[], zone: number): Heights {
  const scores = Float64Array.from(pictures, (picture) => picture.scores[zone]);
  const sorted = scores.toSorted();
  // One picture less must not change which numbers are taken.
  if (sorted[Math.max(0, rankOf(sorted.length) - 2)] > 0) return { values: scores, sorted };
  const peaks = Float64Array.from(pictures, (picture) => picture.peaks[zone]);
  return { values: peaks, sorted: peaks.toSorted() };
}

function rankOf(count: number): number {
  return Math.max(1, Math.ceil(USUAL * count - 1e-9));
}

function usualHeight({ sorted }: Heights, name: string): number {
  const height = sorted[rankOf(sorted.length) - 1];
  if (height > 0 && sorted[Math.max(0, rankOf(sorted.length) - 2)] > 0) return height;
  throw new BlemishError("MODEL_STATISTICS", {
    subject: `The zone ${name}`,
    expected: "distances above 0 in the pictures of good parts",
    found: "none",
  });
}

/** The usual height by all pictures but one. */
function usualWithout({ values, sorted }: Heights, picture: number): number {
  const rank = rankOf(sorted.length - 1);
  // Taking out one of the lowest `rank` moves the next one there.
  return values[picture] <= sorted[rank - 1] ? sorted[rank] : sorted[rank - 1];
}

function largest(zones: Decision["zones"]): number {
  const sizes = zones.map(({ runs }) => markedPixels(runs));
  return sizes.indexOf(Math.max(...sizes));
}
