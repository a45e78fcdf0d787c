/** Sizes and colours that the parts of the full view share. */
import type { Colour } from "./canvas.js";

/** Empty border of the sheet, pixels. */
export const MARGIN = 28;
/** Space between panels, pixels. */
export const GAP = 24;
/** Text sizes, pixels per em. */
export const TEXT = { verdict: 26, headline: 24, title: 18, body: 16 } as const;

/** The paper. */
export const WHITE: Colour = [255, 255, 255];
/** Text. */
export const INK: Colour = [31, 41, 51];
/** Text of less weight. */
export const MUTED: Colour = [90, 101, 112];
/** Frames and rules. */
export const LINE: Colour = [203, 210, 217];
