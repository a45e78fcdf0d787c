/**
 * How pictures of one size become a network input: which rectangle of the picture is looked at, how large the input is, and
 * where in it the picture lies. Plain geometry; nothing is resampled here.
 */
import { BlemishError } from "../../errors.js";
import type { View } from "../../stages/region/mask-on-map.js";
import type { FitPolicy } from "../../stages/region/trained-picture.js";
import type { Extent } from "./recipe-types.js";

/** What is asked of an input. */
export interface FitWish {
  readonly fit: FitPolicy;
  /** Of the picture that is looked at, see `viewFor`. */
  readonly view: View;
  /** The side of a square input, or of the square of the same area; or the input itself. */
  readonly size: number | Extent;
  /** Sides of an input are multiples of it, pixels. */
  readonly multipleOf: number;
}

/** An input and where in it the view lies, pixels of the network. */
export interface FittedInput {
  readonly size: Extent;
  readonly content: View;
}

/** Longest side of an input. */
export const LONGEST_SIDE = 4096;

/** How much a difference of area counts beside one of aspect, when the shape of an input is chosen. */
const AREA_PRICE = 0.25;

/**
 * The rectangle of the picture that is looked at: all of it, but with `crop` the box of what is judged, or without a region
 * the largest one of the input's shape in the middle.
 * @param box of what is judged; null = everything is.
 */
export function viewFor(fit: FitPolicy, picture: Extent, box: View | null, shape: Extent): View {
  const { width, height } = picture;
  if (fit !== "crop") return { x: 0, y: 0, width, height };
  if (box !== null) return box;
  const cut = {
    width: Math.max(1, Math.min(width, Math.round((height * shape.width) / shape.height))),
    height: Math.max(1, Math.min(height, Math.round((width * shape.height) / shape.width))),
  };
  return { x: Math.floor((width - cut.width) / 2), y: Math.floor((height - cut.height) / 2), ...cut };
}

/** @throws OPTION_VALUE when the picture is too large for an input of its own size. */
export function fitInput({ fit, view, size, multipleOf }: FitWish): FittedInput {
  if (fit === "stretch") {
    const whole = typeof size === "number" ? { width: size, height: size } : size;
    return { size: whole, content: { x: 0, y: 0, ...whole } };
  }
  if (fit === "native") {
    const up = (side: number) => multipleOf * Math.ceil(side / multipleOf);
    const input = { width: up(view.width), height: up(view.height) };
    if (Math.max(input.width, input.height) > LONGEST_SIDE) throw tooLarge(view);
    return { size: input, content: centred(view, input) };
  }
  const input = typeof size === "number" ? rectangleOf(size * size, view, multipleOf) : size;
  const factor = Math.min(input.width / view.width, input.height / view.height);
  const side = (length: number, most: number) => Math.min(most, Math.max(1, Math.round(length * factor)));
  const content = { width: side(view.width, input.width), height: side(view.height, input.height) };
  return { size: input, content: centred(content, input) };
}

/** The rectangle of whole multiples with about this area whose shape is nearest to the view's. */
function rectangleOf(area: number, view: Extent, multipleOf: number): Extent {
  const aspect = view.width / view.height;
  const most = Math.floor(LONGEST_SIDE / multipleOf);
  let best = { width: multipleOf, height: multipleOf };
  let least = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= most; columns++)
    for (let rows = 1; rows <= most; rows++) {
      const own = columns * rows * multipleOf * multipleOf;
      // Dearer than the quality says by an eighth at most.
      if (own > area * 1.125 && columns * rows > 1) break;
      const price = Math.abs(Math.log(columns / rows / aspect)) + AREA_PRICE * Math.abs(Math.log(own / area));
      if (price >= least) continue;
      least = price;
      best = { width: columns * multipleOf, height: rows * multipleOf };
    }
  return best;
}

function centred({ width, height }: Extent, input: Extent): View {
  return {
    x: Math.floor((input.width - width) / 2),
    y: Math.floor((input.height - height) / 2),
    width,
    height,
  };
}

function tooLarge({ width, height }: Extent): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "--fit native",
    expected: `pictures of at most ${LONGEST_SIDE} pixels a side; --fit pad takes larger ones`,
    found: `${width} × ${height}`,
  });
}
