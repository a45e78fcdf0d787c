/**
 * The full view: a white sheet with the verdict on top, the panels in Anomalib's order with its titles, and a legend.
 * Layout and lettering are our own; the pictures are the same as those of the simple view but for their size.
 */
import type { Task } from "../../anomalib/model-description.js";
import type { RgbImage } from "../image/image.js";
import type { ImageResult } from "../postprocess/result.js";
import { createCanvas, fillRect, paste, strokeRect } from "./canvas.js";
import { drawHeader, HEADER_HEIGHT, headerText, headerWidth } from "./header.js";
import { type DrawnOutline, drawLegend, legendOf, legendSize } from "./legend.js";
import { drawText, textWidth } from "./lettering.js";
import { type Panel, panelsOf } from "./panels.js";
import { GAP, INK, LINE, MARGIN, TEXT, WHITE } from "./sheet-style.js";

const TITLE_HEIGHT = 30;
/** The shape of sheet that is looked for, width over height: between a screen and a strip. */
const WANTED_ASPECT = 2;

/** Where the panels stand on the sheet. */
interface Grid {
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws the sheet for a task, `[height, width, 3]`; its size follows from the shape of the picture.
 * @param drawn an outline that stands in the result's pictures, for the legend.
 */
export function fullView(result: ImageResult, task: Task, drawn: DrawnOutline | null = null): RgbImage {
  const panels = panelsOf(result, task);
  const head = headerText(result);
  const grid = gridOf(panels);
  const legend = legendOf(result, task, drawn);
  const room = Math.max(grid.width, headerWidth(head));
  const foot = legendSize(legend, room);
  const width = Math.max(room, foot.width) + 2 * MARGIN;
  const gridTop = MARGIN + HEADER_HEIGHT + GAP;
  const footTop = gridTop + grid.height + GAP;
  const height = footTop + (legend.length > 0 ? GAP + foot.height + MARGIN : 0);

  const sheet = createCanvas(width, height, WHITE);
  drawHeader(sheet, MARGIN, MARGIN, head);
  for (const [i, panel] of panels.entries()) {
    const x = MARGIN + (i % grid.columns) * (grid.cellWidth + GAP);
    const y = gridTop + Math.floor(i / grid.columns) * (grid.cellHeight + GAP);
    drawPanel(sheet, panel, x, y);
  }
  if (legend.length > 0) {
    fillRect(sheet, MARGIN, footTop, width - 2 * MARGIN, 1, LINE);
    drawLegend(sheet, MARGIN, footTop + GAP, legend, room);
  }
  return sheet;
}

/** The full rows of panels whose sheet comes nearest to the wanted shape. */
function gridOf(panels: readonly Panel[]): Grid {
  const cellWidth = Math.max(
    ...panels.map(({ title, picture }) =>
      Math.max(picture.width + 2, Math.ceil(textWidth(title, TEXT.title))),
    ),
  );
  const cellHeight = TITLE_HEIGHT + panels[0]!.picture.height + 2;
  const candidates: Grid[] = [];
  for (let columns = 1; columns <= panels.length; columns++) {
    if (panels.length % columns !== 0) continue;
    const rows = panels.length / columns;
    const width = columns * cellWidth + (columns - 1) * GAP;
    const height = rows * cellHeight + (rows - 1) * GAP;
    candidates.push({ columns, cellWidth, cellHeight, width, height });
  }
  const misfit = (grid: Grid) => Math.abs(Math.log(grid.width / (grid.height + 200) / WANTED_ASPECT));
  return candidates.reduce((best, grid) => (misfit(grid) < misfit(best) ? grid : best));
}

function drawPanel(sheet: RgbImage, { title, picture }: Panel, x: number, y: number): void {
  drawText(sheet, title, x, y + TEXT.title, TEXT.title, INK);
  const top = y + TITLE_HEIGHT;
  strokeRect(sheet, x, top, picture.width + 2, picture.height + 2, 1, LINE);
  paste(sheet, picture, x + 1, top + 1);
}
