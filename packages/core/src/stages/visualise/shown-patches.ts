/** Which patches are shown for an explained place, and how much of their pictures around them. */
import type { PlaceExplanation, RelativeBox } from "../detector/explanation.js";
import { pictureName, strongestFirst } from "./explanation-words.js";
import { short } from "./format-number.js";

/** A patch of a good picture. */
export interface ShownPatch {
  /** Number of the training picture, from 0, and what it is called. */
  readonly picture: number;
  readonly name: string;
  /** null = the whole picture: the place is not known. */
  readonly box: RelativeBox | null;
  /** Such as "nearest, distance 1.44". */
  readonly words: string;
}

/** What is shown of a place. */
export interface ShownPatches {
  /** The cell of the detector with the largest share. */
  readonly box: RelativeBox;
  /** The nearest good patches, then what is typical there. */
  readonly goods: readonly ShownPatch[];
}

/** So much of a picture is shown around a cell, as a share of its sides; at least so many cells. */
const SHARE = 0.25;
const CELLS = 5;

/** Of several memory banks, and of several PaDiMs, the one with the largest share is shown. */
export function shownPatches({ detectors }: PlaceExplanation): ShownPatches {
  const sorted = strongestFirst(detectors);
  const near = sorted.find(({ nearest }) => nearest.length > 0)?.nearest ?? [];
  const typical = sorted.find((detector) => detector.typical !== null)?.typical ?? null;
  const goods = near.map(({ picture, path, box, distance }, i): ShownPatch => {
    const words = `${i === 0 ? "nearest, " : ""}distance ${short(distance, 3)}`;
    return { picture, name: pictureName(picture, path), box, words };
  });
  if (typical === null) return { box: sorted[0].box, goods };
  const { picture, path, box } = typical;
  const usual = { picture, name: pictureName(picture, path), box, words: "typical good patch here" };
  return { box: sorted[0].box, goods: [...goods, usual] };
}

/** The part of a picture that is shown around a box: a quarter of its sides or more, inside the picture. */
export function windowAround(box: RelativeBox | null): RelativeBox {
  if (box === null) return { x: 0, y: 0, width: 1, height: 1 };
  const side = Math.min(1, Math.max(SHARE, CELLS * Math.max(box.width, box.height)));
  const start = (middle: number) => Math.min(1 - side, Math.max(0, middle - side / 2));
  return {
    x: start(box.x + box.width / 2),
    y: start(box.y + box.height / 2),
    width: side,
    height: side,
  };
}
