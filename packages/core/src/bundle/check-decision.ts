/** Whether parsed JSON is what decides on a map: zones with filters. */
import { areRuns } from "../stages/region/runs.js";

/** @param pixels of the map; zones must lie inside and share none. */
export function isDecision(value: unknown, pixels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { zones } = value as { zones?: unknown };
  if (!Array.isArray(zones) || zones.length === 0 || zones.length > 126) return false;
  const taken = new Uint8Array(pixels);
  return zones.every((zone) => isZone(zone, pixels) && isFree(zone.runs, taken));
}

function isZone(value: unknown, pixels: number): value is { runs: readonly number[] } {
  if (typeof value !== "object" || value === null) return false;
  const { name, runs, weight, unit, minArea, minPeak, ignoreTouchingBorder } = value as Record<
    string,
    unknown
  >;
  return (
    typeof name === "string" &&
    areRuns(runs, pixels) &&
    runs.length > 0 &&
    isAbove(weight, 0) &&
    isAbove(unit, 0) &&
    (minArea === 0 || isAbove(minArea, 0)) &&
    isAbove(minPeak, 0.5 - 1e-12) &&
    (minPeak as number) <= 1 &&
    typeof ignoreTouchingBorder === "boolean"
  );
}

function isAbove(value: unknown, limit: number): boolean {
  return typeof value === "number" && value > limit && Number.isFinite(value);
}

/** Whether no pixel of the runs is taken; they are afterwards. */
function isFree(runs: readonly number[], taken: Uint8Array): boolean {
  for (let i = 0; i < runs.length; i += 2) {
    if (taken.subarray(runs[i], runs[i + 1]).includes(1)) return false;
    taken.fill(1, runs[i], runs[i + 1]);
  }
  return true;
}
