/** The page's own program: plain browser JavaScript in eight parts that share one scope, embedded as it stands. */
import { BASICS_SCRIPT } from "./script/basics-script.js";
import { COUNTS_SCRIPT } from "./script/counts-script.js";
import { CURVES_SCRIPT } from "./script/curves-script.js";
import { GALLERY_SCRIPT } from "./script/gallery-script.js";
import { PICTURE_SCRIPT } from "./script/picture-script.js";
import { REASONS_SCRIPT } from "./script/reasons-script.js";
import { SCORES_SCRIPT } from "./script/scores-script.js";
import { VIEWER_SCRIPT } from "./script/viewer-script.js";

/** JavaScript text; it expects uPlot, the elements of the page, and the data of `page-data.ts` in the element `data`. */
export const PAGE_SCRIPT = [
  BASICS_SCRIPT,
  COUNTS_SCRIPT,
  SCORES_SCRIPT,
  CURVES_SCRIPT,
  PICTURE_SCRIPT,
  REASONS_SCRIPT,
  GALLERY_SCRIPT,
  VIEWER_SCRIPT,
].join("\n");
