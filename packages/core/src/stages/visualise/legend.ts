/** The foot of the full view: what the colours mean. */
import type { Task } from "../../anomalib/model-description.js";
import type { ImageResult } from "../postprocess/result.js";
import type { Colour } from "./canvas.js";
import { type Canvas, fillRect, strokeRect } from "./canvas.js";
import { short } from "./format-number.js";
import { heatMapThreshold } from "./heat-map.js";
import { JET } from "./jet.js";
import { LABEL_COLOURS } from "./label.js";
import { drawText, textWidth } from "./lettering.js";
import { BOX_COLOURS } from "./panels.js";
import { INK, LINE, MUTED, TEXT, WHITE } from "./sheet-style.js";

const RED: Colour = [255, 0, 0];
const BAR = { width: 400, height: 16 };
const SWATCH = { width: 30, height: 20 };
const ROW = 28;
/** Space between two entries that stand side by side. */
const SPACE = 48;

/** One entry: how wide and high it is and how it is drawn with its top left corner at (x, y). */
export interface LegendEntry {
  readonly width: number;
  readonly height: number;
  readonly draw: (canvas: Canvas, x: number, y: number) => void;
}

/** An outline that the caller has drawn into the pictures, and what it means, as "the marked place". */
export interface DrawnOutline {
  readonly colour: Colour;
  readonly name: string;
  readonly meaning: string;
}

/** The entries that explain the panels of a task. @param drawn what stands in the pictures beside. */
export function legendOf(result: ImageResult, task: Task, drawn: DrawnOutline | null = null): LegendEntry[] {
  const entries: LegendEntry[] = [];
  if (result.anomalyMap !== null) entries.push(colourBar(result));
  if (task === "segmentation" && result.predMask !== null)
    entries.push(
      stack([
        keyed("red outline: edge of the predicted mask", (canvas, x, y) =>
          strokeRect(canvas, x, y, SWATCH.width, SWATCH.height, 2, RED),
        ),
        keyed("white: anomalous pixels (predicted mask)", (canvas, x, y) => {
          fillRect(canvas, x, y, SWATCH.width, SWATCH.height, [0, 0, 0]);
          fillRect(canvas, x + 8, y + 5, SWATCH.width - 16, SWATCH.height - 10, WHITE);
        }),
      ]),
    );
  if (drawn !== null)
    entries.push(
      keyed(`${drawn.name} outline: ${drawn.meaning}`, (canvas, x, y) =>
        strokeRect(canvas, x, y, SWATCH.width, SWATCH.height, 3, drawn.colour),
      ),
    );
  if (task === "classification") entries.push(stack(labelKeys(result)));
  if (task === "detection") entries.push(stack(boxKeys(result)));
  return entries;
}

/** Width and height of the entries, broken into rows no wider than `room` (one entry may be wider). */
export function legendSize(entries: readonly LegendEntry[], room: number): { width: number; height: number } {
  return placeEntries(entries, room, () => {});
}

/** Draws the entries from (x, y), broken into rows as {@link legendSize} says. */
export function drawLegend(
  canvas: Canvas,
  x: number,
  y: number,
  entries: readonly LegendEntry[],
  room: number,
): void {
  placeEntries(entries, room, (entry, dx, dy) => entry.draw(canvas, x + dx, y + dy));
}

function placeEntries(
  entries: readonly LegendEntry[],
  room: number,
  place: (entry: LegendEntry, x: number, y: number) => void,
): { width: number; height: number } {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  let width = 0;
  for (const entry of entries) {
    if (x > 0 && x + entry.width > room) {
      x = 0;
      y += rowHeight + 12;
      rowHeight = 0;
    }
    place(entry, x, y);
    width = Math.max(width, x + entry.width);
    rowHeight = Math.max(rowHeight, entry.height);
    x += entry.width + SPACE;
  }
  return { width, height: y + rowHeight };
}

function colourBar(result: ImageResult): LegendEntry {
  const { normalised } = result;
  const threshold = heatMapThreshold(result);
  const caption = `heat map: anomaly map (${normalised ? "normalised" : "raw units"}), laid over the picture`;
  const meaning = result.pixelThreshold === null ? "threshold" : "pixel threshold";
  const ticks = normalised
    ? ["0", `0.5 = ${meaning}`, "1"]
    : ["0", `${short(threshold)} = ${meaning}`, `≥ ${short(2 * threshold)}`];
  return {
    width: Math.ceil(Math.max(BAR.width, textWidth(caption, TEXT.body))),
    height: 62,
    draw: (canvas, x, y) => {
      drawText(canvas, caption, x, y + 14, TEXT.body, INK);
      const top = y + 22;
      for (let column = 0; column < BAR.width; column++) {
        const level = Math.floor((column / (BAR.width - 1)) * 255) * 3;
        fillRect(canvas, x + column, top, 1, BAR.height, [JET[level]!, JET[level + 1]!, JET[level + 2]!]);
      }
      for (const [i, tick] of ticks.entries()) {
        const at = (i / 2) * (BAR.width - 1);
        fillRect(canvas, x + Math.round(at), top + BAR.height, 1, 5, MUTED);
        const share = i / 2;
        drawText(
          canvas,
          tick,
          x + at - textWidth(tick, TEXT.body) * share,
          top + BAR.height + 20,
          TEXT.body,
          MUTED,
        );
      }
    },
  };
}

function labelKeys({ normalised }: ImageResult): LegendEntry[] {
  const patch = (colour: Colour) => (canvas: Canvas, x: number, y: number) =>
    fillRect(canvas, x, y, SWATCH.width, SWATCH.height, colour);
  const percent = normalised ? ", with its score (50% = threshold)" : "";
  const opposite = normalised ? ", with 100% minus its score" : "";
  return [
    keyed(`red tag: anomalous${percent}`, patch(LABEL_COLOURS.anomalous)),
    keyed(`green tag: normal${opposite}`, patch(LABEL_COLOURS.normal)),
  ];
}

function boxKeys(result: ImageResult): LegendEntry[] {
  const box = (colour: Colour) => (canvas: Canvas, x: number, y: number) =>
    strokeRect(canvas, x, y, SWATCH.width, SWATCH.height, 3, colour);
  const keys = [keyed("red box: anomalous region", box(BOX_COLOURS.anomalous))];
  if (result.boxLabels?.includes(0)) keys.push(keyed("green box: normal region", box(BOX_COLOURS.normal)));
  return keys;
}

/** A swatch with its meaning to the right. */
function keyed(text: string, swatch: LegendEntry["draw"]): LegendEntry {
  return {
    width: Math.ceil(SWATCH.width + 10 + textWidth(text, TEXT.body)),
    height: ROW,
    draw: (canvas, x, y) => {
      fillRect(canvas, x - 1, y - 1, SWATCH.width + 2, SWATCH.height + 2, LINE);
      fillRect(canvas, x, y, SWATCH.width, SWATCH.height, WHITE);
      swatch(canvas, x, y);
      drawText(canvas, text, x + SWATCH.width + 10, y + 16, TEXT.body, INK);
    },
  };
}

/** Entries one above the other. */
function stack(entries: readonly LegendEntry[]): LegendEntry {
  return {
    width: Math.max(...entries.map((entry) => entry.width)),
    height: entries.length * ROW,
    draw: (canvas, x, y) => {
      for (const [i, entry] of entries.entries()) entry.draw(canvas, x, y + i * ROW);
    },
  };
}
