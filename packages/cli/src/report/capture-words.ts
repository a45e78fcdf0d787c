/** How a model's pictures are taken, in rows for `inspect` and the report. */
import type { Capture } from "@blemish/core";

/** One row for each thing that is known; none where nothing is. */
export function captureRows({
  range,
  bayer,
  millimetresPerPixel,
}: Capture = {}): (readonly [string, string])[] {
  return [
    ...(range === undefined ? [] : [["Samples", `${range.min} is black, ${range.max} is white`] as const]),
    ...(bayer === undefined ? [] : [["Colour filter", `raw frames, ${bayer}`] as const]),
    ...(millimetresPerPixel === undefined
      ? []
      : [["Pixel", `${millimetresPerPixel} mm on the part`] as const]),
  ];
}
