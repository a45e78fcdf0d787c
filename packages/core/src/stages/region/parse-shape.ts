/** Shapes as a user writes them: words of the command line, or JSON. */
import { BlemishError } from "../../errors.js";
import type { Mask } from "../image/image.js";
import { runsOf } from "./runs.js";
import type { RegionShape } from "./shapes.js";

const FORMS =
  "polygon:x,y x,y x,y, circle:x,y,r, rectangle:x,y,w,h, border:w, or the path of a mask picture or of a .json with shapes";

/**
 * Reads `polygon:x,y x,y x,y`, `circle:x,y,r`, `rectangle:x,y,w,h` or `border:w`, in pixels of the original picture.
 * Whether the shape can be drawn is seen when it is (`rasterise`).
 *
 * @returns null when the text is not of this form: it is the path of a file, which the caller reads.
 * @throws BlemishError OPTION_VALUE when the text begins like a shape and is none.
 */
export function parseShape(text: string): RegionShape | null {
  // One letter and a colon begin a path of Windows.
  const kind = /^([a-z]{2,}):(?![\\/])/.exec(text)?.[1];
  if (kind === undefined) return null;
  const words = text
    .slice(kind.length + 1)
    .trim()
    .split(/\s+/);
  const points = words.map((word) =>
    word.split(",").map((one) => (one.trim() === "" ? Number.NaN : Number(one))),
  );
  const numbers = points.flat();
  const wrong = () => new BlemishError("OPTION_VALUE", { subject: "A region", expected: FORMS, found: text });
  if (!numbers.every(Number.isFinite)) throw wrong();
  if (kind === "polygon") {
    if (points.some((point) => point.length !== 2)) throw wrong();
    return { type: "polygon", points: points.map(([x, y]) => [x, y] as const) };
  }
  if (words.length !== 1) throw wrong();
  const [a, b, c, d] = numbers;
  if (kind === "circle" && numbers.length === 3) return { type: "circle", x: a, y: b, radius: c };
  if (kind === "rectangle" && numbers.length === 4)
    return { type: "rectangle", x: a, y: b, width: c, height: d };
  if (kind === "border" && numbers.length === 1) return { type: "border", width: a };
  throw wrong();
}

/**
 * Reads one shape or a list of shapes that came out of JSON, in the form of {@link RegionShape}.
 *
 * @param subject names the file in messages.
 * @throws BlemishError OPTION_VALUE when a shape has other fields than its kind has.
 */
export function parseShapes(json: unknown, subject: string): RegionShape[] {
  const list = Array.isArray(json) ? json : [json];
  for (const shape of list)
    if (!isShape(shape))
      throw new BlemishError("OPTION_VALUE", {
        subject,
        expected: 'a shape like {"type":"circle","x":100,"y":80,"radius":50}, or a list of shapes',
        found: (JSON.stringify(shape) ?? String(shape)).slice(0, 100),
      });
  return list;
}

/** A mask picture as a shape. @param mask any value but 0 is marked. */
export function maskShape(mask: Mask): RegionShape {
  return { type: "mask", width: mask.width, height: mask.height, runs: runsOf(mask) };
}

const FIELDS: Record<string, readonly string[]> = {
  circle: ["x", "y", "radius"],
  rectangle: ["x", "y", "width", "height"],
  border: ["width"],
  mask: ["width", "height"],
  polygon: [],
};

/** Whether a value out of JSON has the form of a shape; whether it can be drawn is another matter. */
export function isShape(value: unknown): value is RegionShape {
  if (typeof value !== "object" || value === null) return false;
  const { type, ...fields } = value as Record<string, unknown>;
  if (typeof type !== "string" || !Object.hasOwn(FIELDS, type)) return false;
  const list = type === "polygon" ? "points" : type === "mask" ? "runs" : null;
  const names = [...FIELDS[type], ...(list === null ? [] : [list])];
  if (Object.keys(fields).length !== names.length) return false;
  if (!FIELDS[type].every((name) => isNumber(fields[name]))) return false;
  if (list === null) return true;
  const items = fields[list];
  if (!Array.isArray(items)) return false;
  if (type === "mask") return items.every(isNumber);
  return items.every((point) => Array.isArray(point) && point.length === 2 && point.every(isNumber));
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}
