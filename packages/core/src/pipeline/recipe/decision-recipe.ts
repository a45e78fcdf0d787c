/** A user's filters and zones → the zones of the map that decide, checked. */
import type { FilterOptions, RecipeOptions, ZoneOptions } from "../../bundle/recipe-options.js";
import { BlemishError } from "../../errors.js";
import type { Decision, DecisionZone, RegionFilter } from "../../stages/decision/decision.js";
import { MOST_ZONES } from "../../stages/decision/zone-labels.js";
import type { Mask } from "../../stages/image/image.js";
import { maskOnMap, type View } from "../../stages/region/mask-on-map.js";
import { rasterise } from "../../stages/region/rasterise.js";
import { markedPixels, maskOfRuns, runsOf } from "../../stages/region/runs.js";
import type { Runs } from "../../stages/region/shapes.js";
import type { Extent } from "./recipe-types.js";

/** The zone of every pixel that no other zone has. */
export const REST = "rest";

/** The map that decides. */
export interface DecidedMap {
  /** Of the map, in pixels. */
  readonly size: Extent;
  readonly ignoreBorder: number;
  /** The original pictures, pixels. */
  readonly picture?: Extent;
  /** The rectangle of the original that the map shows; absent = all of it. */
  readonly view?: View;
  /** Pixels of the map that are judged; absent = all. */
  readonly judged?: Runs;
}

/** Whether the options ask for the score `region`, by name or by what only it can do. */
export function asksForRegions({ filters, zones, score }: RecipeOptions): boolean {
  return score === "region" || filters !== undefined || (zones !== undefined && zones.length > 0);
}

/** Whether the options cannot be understood without the size of the pictures. */
export function asksForPictureSize({ filters, zones }: RecipeOptions): boolean {
  return filters?.minArea !== undefined || filters?.minAreaMm2 !== undefined || (zones?.length ?? 0) > 0;
}

/**
 * The zones of the map, all units 1; null when neither filters nor zones nor the score `region` are asked for. Filters alone
 * make one zone without a name.
 * @throws BlemishError OPTION_VALUE naming the zone: twice the same name, no pixel on the map, an area larger than the zone,
 *   mm² without millimetres per pixel, numbers out of range, another score; REGION for shapes that cannot be drawn.
 */
export function decisionFor(options: RecipeOptions, map: DecidedMap): Decision | null {
  if (!asksForRegions(options)) return null;
  const { filters = {}, zones = [], score = "region" } = options;
  if (score !== "region")
    throw wrong("--score", "region beside filters and zones, which are made of regions", score);
  if (asksForPictureSize(options) && map.picture === undefined)
    throw wrong("picture", "the size of the pictures, beside zones and a least area", "nothing");
  checkFilter(filters, "");
  checkNames(zones);
  const left = judgedPixels(map);
  const named = zones.map((zone) => zoneFor(zone, options, map, left));
  const runs = runsOf(left);
  const name = zones.length === 0 ? "" : REST;
  const rest = { name, runs, weight: 1, unit: 1, ...filterFor(filters, options, map, name) };
  const all: DecisionZone[] = runs.length === 0 ? named : [...named, rest];
  for (const zone of all) checkRoom(zone);
  return { zones: all };
}

/** The map's pixels that a score is made of. */
function judgedPixels({ size: { width, height }, ignoreBorder: border, judged }: DecidedMap): Mask {
  const mask = maskOfRuns(judged ?? [0, width * height], width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (x < border || y < border || x >= width - border || y >= height - border)
        mask.data[y * width + x] = 0;
  if (!mask.data.includes(1)) throw wrong("--ignore-border", "a map with pixels inside", "nothing is left");
  return mask;
}

/** A zone with those pixels that are left, which it takes. */
function zoneFor(zone: ZoneOptions, options: RecipeOptions, map: DecidedMap, left: Mask): DecisionZone {
  const { name, shapes, weight = 1, ...own } = zone;
  const subject = subjectOf(name);
  if (!(weight > 0 && weight <= 1000))
    throw wrong(`The weight of ${subject}`, "a number above 0 and up to 1000", String(weight));
  checkFilter(own, name);
  if (!Array.isArray(shapes) || shapes.length === 0) throw wrong(subject, "at least one shape", "none");
  const { width, height } = map.picture as Extent;
  const { data } = maskOnMap(rasterise(shapes, width, height), viewOf(map), map.size);
  for (let i = 0; i < data.length; i++) {
    if (left.data[i] === 0) data[i] = 0;
    if (data[i] !== 0) left.data[i] = 0;
  }
  const runs = runsOf({ ...map.size, channels: 1, data });
  if (runs.length === 0)
    throw wrong(
      subject,
      "at least one pixel of the map that is judged and in no zone before it",
      "none: too small, ignored, or covered by others",
    );
  return { name, runs, weight, unit: 1, ...filterFor(merged(options.filters, own), options, map, name) };
}

/** What a zone does not say is as for the whole picture. */
function merged(whole: FilterOptions = {}, own: FilterOptions): FilterOptions {
  if (own.minArea === undefined && own.minAreaMm2 === undefined) return { ...whole, ...own };
  const { minArea: _, minAreaMm2: __, ...others } = whole;
  return { ...others, ...own };
}

function filterFor(
  { minArea, minAreaMm2, minPeak = 0.5, ignoreTouchingBorder = false }: FilterOptions,
  { capture }: RecipeOptions,
  map: DecidedMap,
  name: string,
): RegionFilter {
  const side = capture?.millimetresPerPixel;
  if (minAreaMm2 !== undefined && side === undefined)
    throw wrong(areaOf(name), "--mm-per-pixel beside mm²", `${minAreaMm2} mm²`);
  const pixels = minAreaMm2 === undefined || side === undefined ? (minArea ?? 0) : minAreaMm2 / side ** 2;
  if (pixels === 0) return { minArea: 0, minPeak, ignoreTouchingBorder };
  const view = viewOf(map);
  const share = (map.size.width * map.size.height) / (view.width * view.height);
  return { minArea: pixels * share, minPeak, ignoreTouchingBorder };
}

function viewOf({ view, picture }: DecidedMap): View {
  return view ?? { x: 0, y: 0, ...(picture as Extent) };
}

/** A region that cannot be large enough would make the zone blind. */
function checkRoom({ name, runs, minArea }: DecisionZone): void {
  const pixels = markedPixels(runs);
  if (minArea <= pixels) return;
  const where = name === "" ? "the picture" : subjectOf(name);
  throw wrong(
    areaOf(name),
    `at most the area of ${where}`,
    `${(minArea / pixels).toPrecision(3)} times as much`,
  );
}

function checkFilter({ minArea, minAreaMm2, minPeak }: FilterOptions, name: string): void {
  if (minArea !== undefined && minAreaMm2 !== undefined)
    throw wrong(areaOf(name), "pixels or mm², not both", `${minArea} and ${minAreaMm2} mm²`);
  for (const area of [minArea, minAreaMm2])
    if (area !== undefined && !(area > 0 && area < 1e12))
      throw wrong(areaOf(name), "a number above 0", String(area));
  if (minPeak !== undefined && !(minPeak > 0.5 && minPeak <= 1))
    throw wrong(
      `The least peak (--min-peak)${ofZone(name)}`,
      "a number above 0.5, which is the threshold, and up to 1",
      String(minPeak),
    );
}

function checkNames(zones: readonly ZoneOptions[]): void {
  if (zones.length >= MOST_ZONES) throw wrong("The zones", `fewer than ${MOST_ZONES}`, String(zones.length));
  const seen = new Set<string>([REST]);
  for (const { name } of zones) {
    if (typeof name !== "string" || name.trim() === "" || name.length > 60)
      throw wrong("A zone", "a name of up to 60 characters", JSON.stringify(name));
    if (seen.has(name))
      throw wrong(
        subjectOf(name),
        "another name",
        name === REST ? "the name of all that is in no zone" : "two zones of this name",
      );
    seen.add(name);
  }
}

function subjectOf(name: string): string {
  return `zone ${JSON.stringify(name)}`;
}

function ofZone(name: string): string {
  return name === "" || name === REST ? "" : ` of ${subjectOf(name)}`;
}

function areaOf(name: string): string {
  return `The least area (--min-area)${ofZone(name)}`;
}

function wrong(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject: capitalised(subject), expected, found });
}

function capitalised(text: string): string {
  return text.replace(/^zone/, "Zone");
}
