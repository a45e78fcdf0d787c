/**
 * A plotter font: capitals, digits and a few signs as straight strokes, for printed and moulded lettering on
 * generated parts. Not a font for people to read results in.
 */
import { segmentDistance } from "./shapes.js";

/** A stroke: x0, y0, x1, y1 on a grid 4 wide and 6 high, y downwards. */
type Stroke = readonly [number, number, number, number];

/** Width of one character with the gap after it, in units of the character's height. */
export const ADVANCE = 6 / 6;

/** Polylines: each pair of digits is a point (x, y). */
const POLYLINES: Readonly<Record<string, string>> = {
  A: "0602204246 0444",
  B: "00063645443303 3342413000",
  C: "4130100105163645",
  D: "00062644422000",
  E: "40000646 0333",
  F: "400006 0333",
  G: "41301001051636454323",
  H: "0006 4046 0343",
  I: "1030 2026 1636",
  J: "3035261605",
  K: "0006 400346",
  L: "000646",
  M: "0600234046",
  N: "06004640",
  O: "100105163645413010",
  P: "06003041423303",
  R: "06003041423303 2346",
  S: "413010010213334445361605",
  T: "0040 2026",
  U: "000516364540",
  V: "002640",
  Q: "100105163645413010 3446",
  W: "0016233640",
  X: "0046 4006",
  Y: "002340 2326",
  Z: "00400646",
  "0": "100105163645413010 1531",
  "1": "112026 1636",
  "2": "01103041420646",
  "3": "0110304142334445361605 1333",
  "4": "36300444",
  "5": "400002324345361605",
  "6": "413010010516364544331304",
  "7": "004016",
  "8": "100102130405163645443342413010 1333",
  "9": "051636454130100102133342",
  "-": "1333",
  "/": "4006",
  ".": "2526",
};

const GLYPHS: ReadonlyMap<string, readonly Stroke[]> = new Map(
  Object.entries(POLYLINES).map(([character, lines]) => [character, lines.split(" ").flatMap(strokesOf)]),
);

function strokesOf(line: string): Stroke[] {
  const strokes: Stroke[] = [];
  const digit = (i: number): number => Number(line[i]);
  for (let i = 0; i + 3 < line.length; i += 2)
    strokes.push([digit(i), digit(i + 1), digit(i + 2), digit(i + 3)]);
  return strokes;
}

/** Width of a text in units of its character height. */
export function textWidth(text: string): number {
  return Math.max(0, text.length * ADVANCE - 2 / 6);
}

/**
 * Distance to the nearest stroke of the character that stands at x, in units of the character height.
 * The text begins at x = 0 and stands on y = 1; Infinity beside the text and at characters without strokes.
 */
export function textDistance(text: string, x: number, y: number): number {
  // A quarter of the gap belongs to the character before it, so thick strokes are not cut off.
  const index = Math.floor((x + 1 / 6) / ADVANCE);
  const strokes = GLYPHS.get(text[index] ?? "");
  if (strokes === undefined || y < -0.3 || y > 1.3) return Number.POSITIVE_INFINITY;
  const gx = (x - index * ADVANCE) * 6;
  const gy = y * 6;
  let nearest = Number.POSITIVE_INFINITY;
  for (const [x0, y0, x1, y1] of strokes)
    nearest = Math.min(nearest, segmentDistance(gx, gy, x0, y0, x1, y1));
  return nearest / 6;
}
