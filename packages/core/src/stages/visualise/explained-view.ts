/**
 * A view of a result with its explanation below: each hot place beside the nearest good patches, and beside what is
 * typical there. Good pictures come small, as the model keeps them, or not at all.
 */
import type { DetectorExplanation, PlaceExplanation, RelativeBox } from "../detector/explanation.js";
import type { RgbImage } from "../image/image.js";
import type { ImageResult } from "../postprocess/result.js";
import { type Canvas, type Colour, createCanvas, fillRect, paste, strokeRect } from "./canvas.js";
import {
  boxPhrase,
  channelPhrase,
  detectorPhrase,
  pixelPhrase,
  strongestFirst,
} from "./explanation-words.js";
import { drawText, textWidth } from "./lettering.js";
import { resizeTo } from "./panels.js";
import { GAP, INK, LINE, MARGIN, MUTED, TEXT, WHITE } from "./sheet-style.js";
import { shownPatches, windowAround } from "./shown-patches.js";

/** What is drawn from. */
export type ExplainedResult = Pick<ImageResult, "image" | "explanations">;

/** Longest side of a patch as it is drawn, space between two, rows of text below, pixels. */
const SIDE = 168;
const SPACE = 16;
const CAPTION = { size: 14, row: 19 };
/** The hot patch, three near ones, a typical one. */
const TILES = 5;
const WIDTH = TILES * SIDE + (TILES - 1) * SPACE;
const TITLE_HEIGHT = 52;
const ROW_HEIGHT = TITLE_HEIGHT + SIDE + 2 * CAPTION.row + GAP;

const HOT: Colour = [200, 30, 30];
const GOOD: Colour = [20, 130, 60];
const PLACEHOLDER: Colour = [240, 242, 244];

/** A patch with what stands below it; without a picture it is a placeholder. */
interface Tile {
  readonly picture: RgbImage | null;
  /** null = the whole picture, without a frame. */
  readonly box: RelativeBox | null;
  readonly frame: Colour;
  readonly caption: readonly [string, string];
}

/**
 * The view on a white sheet, and below it a row for each explained place; without explanations the view itself.
 * @param view any drawing of the result.
 * @param goods good pictures by their numbers, at any size.
 * @param framed the view has a white border of its own, as the full view has.
 */
export function explainedView(
  view: RgbImage,
  { image, explanations }: ExplainedResult,
  goods: ReadonlyMap<number, RgbImage>,
  framed = false,
): RgbImage {
  if (explanations === null || explanations.length === 0) return view;
  const border = framed ? 0 : MARGIN;
  const width = Math.max(view.width + 2 * border, WIDTH + 2 * MARGIN);
  const top = view.height + border + MARGIN;
  const sheet = createCanvas(width, top + explanations.length * ROW_HEIGHT, WHITE);
  paste(sheet, view, border, border);
  for (const [i, place] of explanations.entries()) {
    const y = top + i * ROW_HEIGHT;
    fillRect(sheet, MARGIN, y - SPACE, width - 2 * MARGIN, 1, LINE);
    drawPlace(sheet, y, titleOf(place, i, image), place, tilesOf(place, image, goods));
  }
  return sheet;
}

/** The numbers of the good pictures that a view of these explanations shows, ascending. */
export function shownGoods(explanations: readonly PlaceExplanation[]): number[] {
  const numbers = explanations.flatMap((place) => shownPatches(place).goods.map(({ picture }) => picture));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function titleOf(place: PlaceExplanation, index: number, image: RgbImage): string {
  return `Hot place ${index + 1} at (${pixelPhrase(place, image)})`;
}

function drawPlace(
  sheet: Canvas,
  y: number,
  title: string,
  { detectors }: PlaceExplanation,
  tiles: readonly Tile[],
): void {
  const room = sheet.width - 2 * MARGIN;
  drawText(sheet, title, MARGIN, y + TEXT.title, TEXT.title, INK);
  const words = strongestFirst(detectors).map(summaryOf).join("  ·  ");
  drawText(sheet, cutEnd(words, CAPTION.size, room), MARGIN, y + 40, CAPTION.size, MUTED);
  for (const [i, tile] of tiles.entries())
    drawTile(sheet, MARGIN + i * (SIDE + SPACE), y + TITLE_HEIGHT, tile);
}

function summaryOf(detector: DetectorExplanation): string {
  const channels = channelPhrase(detector);
  return channels === "" ? detectorPhrase(detector) : `${detectorPhrase(detector)}: ${channels}`;
}

function tilesOf(place: PlaceExplanation, image: RgbImage, goods: ReadonlyMap<number, RgbImage>): Tile[] {
  const { box: hot, goods: shown } = shownPatches(place);
  return [
    { picture: image, box: hot, frame: HOT, caption: ["this picture", ""] },
    ...shown.map(
      ({ picture, name, box, words }): Tile => ({
        picture: goods.get(picture) ?? null,
        box,
        frame: GOOD,
        caption: [name, words],
      }),
    ),
  ];
}

function drawTile(sheet: Canvas, x: number, y: number, { picture, box, frame, caption }: Tile): void {
  if (picture === null) drawPlaceholder(sheet, x, y, box);
  else drawPatch(sheet, x, y, picture, box, frame);
  const [name, words] = caption;
  const below = y + SIDE + CAPTION.row;
  drawText(sheet, cutStart(name, CAPTION.size, SIDE), x, below - 3, CAPTION.size, INK);
  drawText(sheet, cutEnd(words, CAPTION.size, SIDE), x, below + CAPTION.row - 3, CAPTION.size, MUTED);
}

function drawPlaceholder(sheet: Canvas, x: number, y: number, box: RelativeBox | null): void {
  fillRect(sheet, x, y, SIDE, SIDE, PLACEHOLDER);
  strokeRect(sheet, x, y, SIDE, SIDE, 1, LINE);
  const lines = ["no thumbnail", ...(box === null ? [] : [`at ${boxPhrase(box)}`])];
  for (const [i, text] of lines.entries()) {
    const left = x + (SIDE - textWidth(text, CAPTION.size)) / 2;
    drawText(sheet, text, left, y + SIDE / 2 + i * CAPTION.row, CAPTION.size, MUTED);
  }
}

function drawPatch(
  sheet: Canvas,
  x: number,
  y: number,
  picture: RgbImage,
  box: RelativeBox | null,
  frame: Colour,
): void {
  const { left, top, width, height } = pixelsAround(box, picture);
  const scale = SIDE / Math.max(width, height);
  const scaled = (length: number) => Math.min(SIDE, Math.max(1, Math.round(length * scale)));
  const patch = resizeTo(cut(picture, left, top, width, height), scaled(width), scaled(height));
  paste(sheet, patch, x, y);
  if (box === null) return;
  const across = (share: number) => Math.round((share * picture.width - left) * scale);
  const down = (share: number) => Math.round((share * picture.height - top) * scale);
  const [x0, y0] = [across(box.x), down(box.y)];
  const [x1, y1] = [across(box.x + box.width), down(box.y + box.height)];
  strokeRect(sheet, x + x0, y + y0, Math.max(4, x1 - x0), Math.max(4, y1 - y0), 2, frame);
}

/** The window around a box in whole pixels of the picture. */
function pixelsAround(box: RelativeBox | null, { width, height }: RgbImage) {
  const window = windowAround(box);
  const along = (start: number, share: number, length: number) => {
    const size = Math.max(1, Math.round(share * length));
    return { size, start: Math.min(length - size, Math.round(start * length)) };
  };
  const across = along(window.x, window.width, width);
  const down = along(window.y, window.height, height);
  return { left: across.start, top: down.start, width: across.size, height: down.size };
}

function cut({ data, width: stride }: RgbImage, left: number, top: number, width: number, height: number) {
  const part = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * stride + left) * 3;
    part.set(data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, channels: 3, data: part } satisfies RgbImage;
}

/** The text, without its beginning where it is too wide: the end of a file's name tells it from others. */
function cutStart(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  let rest = [...text];
  while (rest.length > 0 && textWidth(`...${rest.join("")}`, size) > room) rest = rest.slice(1);
  return `...${rest.join("")}`;
}

/** The text, without its end where it is too wide. */
function cutEnd(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  let rest = [...text];
  while (rest.length > 0 && textWidth(`${rest.join("")}...`, size) > room) rest = rest.slice(0, -1);
  return `${rest.join("")}...`;
}
