/** Brings what was found in an aligned picture back to where it is in the picture as it was taken. */
import type { PlaceExplanation } from "../detector/explanation.js";
import type { Box, FilteredRegion, Judgement, Region } from "../postprocess/result.js";
import { type MapView, mapInPicture, maskInPicture, type Pose, toPicture, toReference } from "./pose.js";

/**
 * The judgement in the picture's coordinates: maps bilinear, the mask by the nearest pixel. Of a region peak and centroid are
 * moved, its angle is turned, and its box is the upright box around the turned one; areas and lengths stay.
 * @param view what the map at model size shows. Default: the whole picture.
 */
export function judgementInPicture(judgement: Judgement, pose: Pose, view?: MapView): Judgement {
  const { anomalyMap, rawMap, predMask, predBoxes } = judgement;
  const regions = judgement.regions.map((region) => regionInPicture(region, pose));
  return {
    ...judgement,
    anomalyMap: anomalyMap && mapInPicture(anomalyMap, pose),
    rawMap: rawMap && mapInPicture(rawMap, pose, view),
    predMask: predMask && maskInPicture(predMask, pose),
    predBoxes: predBoxes && regions.map(({ box }) => box),
    regions,
    filtered: judgement.filtered.map((region) => regionInPicture(region, pose)),
  };
}

/** A place of the picture, shares of its sides, as a place of the aligned part; kept within the picture. */
export function placeInReference(
  { x, y }: Pick<PlaceExplanation, "x" | "y">,
  pose: Pose,
): { x: number; y: number } {
  const { width, height } = pose;
  const moved = toReference(pose, x * width - 0.5, y * height - 0.5);
  return { x: share(moved.x, width), y: share(moved.y, height) };
}

/** Places of explanations, which are shares of the picture's sides, in the picture as it was. */
export function explanationInPicture<Place extends Pick<PlaceExplanation, "x" | "y">>(
  place: Place,
  pose: Pose,
): Place {
  const { width, height } = pose;
  const moved = toPicture(pose, place.x * width - 0.5, place.y * height - 0.5);
  return { ...place, x: share(moved.x, width), y: share(moved.y, height) };
}

function share(value: number, length: number): number {
  return Math.min(1, Math.max(0, (value + 0.5) / length));
}

function regionInPicture<R extends Region | FilteredRegion>(region: R, pose: Pose): R {
  const { peak, centroid, extent, box } = region;
  const top = toPicture(pose, peak.x, peak.y);
  return {
    ...region,
    box: boxInPicture(box, pose),
    peak: { ...peak, x: pixel(top.x, pose.width), y: pixel(top.y, pose.height) },
    centroid: toPicture(pose, centroid.x, centroid.y),
    extent: { ...extent, angle: turned(extent.angle + (pose.angle * 180) / Math.PI) },
  };
}

/** Around the four corners of the box, within the picture. */
function boxInPicture([left, top, right, bottom]: Box, pose: Pose): Box {
  const corners = [
    toPicture(pose, left, top),
    toPicture(pose, right, top),
    toPicture(pose, left, bottom),
    toPicture(pose, right, bottom),
  ];
  const [x, y] = [corners.map((corner) => corner.x), corners.map((corner) => corner.y)];
  return [
    pixel(Math.min(...x), pose.width),
    pixel(Math.min(...y), pose.height),
    pixel(Math.max(...x), pose.width),
    pixel(Math.max(...y), pose.height),
  ];
}

/** Degrees in (−90, 90]. */
function turned(degrees: number): number {
  if (degrees > 90) return degrees - 180;
  return degrees <= -90 ? degrees + 180 : degrees;
}

function pixel(value: number, length: number): number {
  return Math.min(length - 1, Math.max(0, Math.round(value)));
}
