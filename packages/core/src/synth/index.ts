/** Public names of generated parts and defects. */
export { type Place, placeChooser } from "./choose-places.js";
export { type DefectWish, type DrawnDefectPicture, drawDefect } from "./draw-defect.js";
export { DEFECT_TYPES, type DefectType, PART_KINDS, type PartKind } from "./part-kinds.js";
export { type PasteOptions, pasteDefect } from "./paste-defect.js";
export type { DefectOptions } from "./place-defect.js";
export {
  type DrawnDefect,
  type DrawnPart,
  type PartOptions,
  renderPart,
  VISIBLE_LEVELS,
} from "./render-part.js";
export {
  type SynthSetItem,
  type SynthSetOptions,
  type SynthSetPlace,
  synthPlaces,
  synthSet,
} from "./synth-set.js";
