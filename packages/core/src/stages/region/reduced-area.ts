/** What is judged, on a reduced copy of a picture: measures of a picture must not see what is ignored either. */
import type { Mask, Raster8 } from "../image/image.js";
import { runsOf } from "./runs.js";
import type { Runs } from "./shapes.js";
import { judgedArea, type TrainedPicture } from "./trained-picture.js";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The last answer for each picture that a model knows; the same pictures come again and again. */
const known = new WeakMap<TrainedPicture, { readonly key: string; readonly outside: Runs | null }>();

/** What is given to pixels that are not judged. */
const GREY = 127;

/**
 * The reduced copy with one grey wherever a pixel stands for something that is not judged, if only for a part of it.
 * @param reduced painted on: it must be the caller's own; no larger than the picture.
 * @param size of the picture that it was made of, pixels.
 */
export function greyUnjudged<R extends Raster8>(reduced: R, size: Size, picture: TrainedPicture): R {
  const outside = outsideOf(reduced, size, picture);
  if (outside === null) return reduced;
  const { data, channels } = reduced;
  for (let run = 0; run < outside.length; run += 2)
    data.fill(GREY, outside[run]! * channels, outside[run + 1]! * channels);
  return reduced;
}

/** Pixels of the reduced copy that stand for something that is not judged; null = none does. */
function outsideOf({ width, height }: Size, size: Size, picture: TrainedPicture): Runs | null {
  const key = [width, height, size.width, size.height].join(" ");
  const before = known.get(picture);
  if (before?.key === key) return before.outside;
  const { measured = picture.region, region: _, ...rest } = picture;
  const judged = judgedArea(size, measured === undefined ? rest : { ...rest, region: measured });
  const outside = judged && runsOf(reducedOutside(judged, { width, height }));
  known.set(picture, { key, outside });
  return outside;
}

function reducedOutside(judged: Mask, { width, height }: Size): Mask {
  const data = new Uint8Array(width * height);
  for (let at = 0; at < judged.data.length; at++) {
    if (judged.data[at] === 1) continue;
    const [x, y] = [at % judged.width, Math.floor(at / judged.width)];
    const [left, right] = reach(x, judged.width, width);
    const [top, bottom] = reach(y, judged.height, height);
    for (let row = top; row <= bottom; row++) data.fill(1, row * width + left, row * width + right + 1);
  }
  return { width, height, channels: 1, data };
}

/** The pixels of the copy that a pixel of the picture goes into. */
function reach(position: number, from: number, to: number): [number, number] {
  return [Math.floor((position * to) / from), Math.min(to, Math.ceil(((position + 1) * to) / from)) - 1];
}
