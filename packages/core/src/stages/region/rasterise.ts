/** Shapes → a mask of the picture's pixels. */
import { BlemishError } from "../../errors.js";
import type { Mask } from "../image/image.js";
import { checkShape, cornersOf, shapeText } from "./check-shape.js";
import type { RegionOfInterest, RegionShape } from "./shapes.js";

/**
 * The pixels that lie inside any of the shapes: a pixel is marked when its centre is inside. What a shape has outside of
 * the picture is cut off.
 *
 * @param shapes coordinates in pixels of the picture; none = nothing is marked.
 * @returns 0/1, `[height, width]`
 * @throws BlemishError REGION for a shape that cannot be drawn (`checkShape`) or that marks no pixel of the picture.
 */
export function rasterise(shapes: readonly RegionShape[], width: number, height: number): Mask {
  const data = new Uint8Array(width * height);
  for (const shape of shapes) {
    checkShape(shape, width, height);
    if (draw(shape, data, width, height) > 0) continue;
    throw new BlemishError("REGION", {
      subject: shapeText(shape),
      expected: `a shape with pixels of the picture, ${width} × ${height}`,
      found: "none of them inside",
    });
  }
  return { width, height, channels: 1, data };
}

/**
 * The pixels that are judged: inside of `include` (empty: everywhere), outside of `ignore`.
 *
 * @throws BlemishError REGION like {@link rasterise}, and when nothing is left to judge.
 */
export function judgedMask({ include, ignore }: RegionOfInterest, width: number, height: number): Mask {
  const judged = rasterise(include, width, height);
  if (include.length === 0) judged.data.fill(1);
  const ignored = rasterise(ignore, width, height).data;
  for (let i = 0; i < ignored.length; i++) if (ignored[i] !== 0) judged.data[i] = 0;
  if (judged.data.indexOf(1) < 0)
    throw new BlemishError("REGION", {
      subject: "The region of interest",
      expected: `at least one pixel of the picture, ${width} × ${height}`,
      found: "nothing: everything is ignored",
    });
  return judged;
}

/** Marks a checked shape's pixels. @returns how many pixels it covers. */
function draw(shape: RegionShape, data: Uint8Array, width: number, height: number): number {
  let pixels = 0;
  const mark = (y: number, from: number, to: number) => {
    const [start, end] = [firstCentre(from, width), firstCentre(to, width)];
    if (end <= start) return;
    data.fill(1, y * width + start, y * width + end);
    pixels += end - start;
  };
  switch (shape.type) {
    case "polygon": {
      drawPolygon(cornersOf(shape.points), height, mark);
      break;
    }
    case "circle": {
      const { x, y, radius } = shape;
      for (let row = firstCentre(y - radius, height); row < height && row + 0.5 < y + radius; row++) {
        const half = Math.sqrt(Math.max(radius * radius - (row + 0.5 - y) ** 2, 0));
        mark(row, x - half, x + half);
      }
      break;
    }
    case "rectangle": {
      const rows = [firstCentre(shape.y, height), firstCentre(shape.y + shape.height, height)];
      for (let row = rows[0]; row < rows[1]; row++) mark(row, shape.x, shape.x + shape.width);
      break;
    }
    case "border": {
      const frame = shape.width;
      for (let row = 0; row < height; row++) {
        const edge = row + 0.5 < frame || row + 0.5 >= height - frame || 2 * frame >= width;
        if (edge) mark(row, 0, width);
        else {
          mark(row, 0, frame);
          mark(row, width - frame, width);
        }
      }
      break;
    }
    case "mask": {
      for (let i = 0; i < shape.runs.length; i += 2) {
        data.fill(1, shape.runs[i], shape.runs[i + 1]);
        pixels += shape.runs[i + 1] - shape.runs[i];
      }
    }
  }
  return pixels;
}

/** Inside is where a line from the left has crossed the outline an odd number of times. */
function drawPolygon(
  corners: readonly (readonly [number, number])[],
  height: number,
  mark: (y: number, from: number, to: number) => void,
): void {
  const ys = corners.map(([, y]) => y);
  const end = firstCentre(
    ys.reduce((a, b) => Math.max(a, b)),
    height,
  );
  for (
    let row = firstCentre(
      ys.reduce((a, b) => Math.min(a, b)),
      height,
    );
    row < end;
    row++
  ) {
    const centre = row + 0.5;
    const crossings: number[] = [];
    for (const [i, [ax, ay]] of corners.entries()) {
      const [bx, by] = corners[(i + 1) % corners.length];
      // A corner on the line belongs to the edge below it, so that each crossing is counted once.
      if (ay <= centre !== by <= centre) crossings.push(ax + ((centre - ay) / (by - ay)) * (bx - ax));
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i < crossings.length; i += 2) mark(row, crossings[i], crossings[i + 1]);
  }
}

/** The first pixel, 0 to `pixels`, whose centre lies at or after a position. */
function firstCentre(position: number, pixels: number): number {
  return Math.min(Math.max(Math.ceil(position - 0.5), 0), pixels);
}
