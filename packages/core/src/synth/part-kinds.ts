/** The kinds of parts that can be drawn, with how freely each lies under the camera. */
import { cap } from "./cap.js";
import { cloth } from "./cloth.js";
import { label } from "./label.js";
import { pads } from "./pads.js";
import type { Part, Scene } from "./surface.js";
import { washer } from "./washer.js";

/** A kind of part. */
export type PartKind = "washer" | "cloth" | "label" | "cap" | "pads";

/** A kind of defect: what went wrong with the part. */
export type DefectType = "scratch" | "dent" | "stain" | "missing" | "foreign";

/** Every kind of part, in the order in which lists show them. */
export const PART_KINDS: readonly PartKind[] = ["washer", "cloth", "label", "cap", "pads"];

/** Every kind of defect, in the order in which lists show them. */
export const DEFECT_TYPES: readonly DefectType[] = ["scratch", "dent", "stain", "missing", "foreign"];

/** How a kind is drawn and how it lies: standard deviations of its pose from part to part. */
export interface KindRow {
  readonly make: (scene: Scene) => Part;
  /** Shift in part units (the picture's shorter side is 2). */
  readonly shift: number;
  /** Rotation in radians, and what every part of the kind is turned by. */
  readonly turn: number;
  readonly tilt: number;
  /** Relative size. */
  readonly growth: number;
}

/** The rows behind {@link PART_KINDS}. */
export const KIND_TABLE: Readonly<Record<PartKind, KindRow>> = {
  washer: { make: washer, shift: 0.006, turn: 0, tilt: 0, growth: 0.003 },
  cloth: { make: cloth, shift: 0.006, turn: 0.008, tilt: 0, growth: 0.006 },
  label: { make: label, shift: 0.006, turn: 0.006, tilt: -0.035, growth: 0.002 },
  cap: { make: cap, shift: 0.006, turn: 0.008, tilt: 0, growth: 0.003 },
  pads: { make: pads, shift: 0.005, turn: 0.003, tilt: 0, growth: 0.002 },
};
