/** How pictures are brought to where the good parts lie, as plain data: a model file keeps it. */

/** What may differ: where the part lies, or also how it is turned. */
export type AlignMode = "translation" | "rigid";

/** Every mode, in the order in which lists show them. */
export const ALIGN_MODES: readonly AlignMode[] = ["translation", "rigid"];

/** Side of the reference. Every picture is brought to this size, whatever its shape. */
export const REFERENCE_SIDE = 128;

/** Largest rotation that is looked for, degrees in either direction. */
export const MOST_DEGREES = 10;

/** Largest shift that is looked for, in sides of the picture. */
export const MOST_SHIFT = 0.25;

/** A pose in a stretched picture of {@link REFERENCE_SIDE}², whose sides stand for 128 · `across` and 128 · `down` units. */
export interface SmallPose {
  /** Units. */
  readonly x: number;
  readonly y: number;
  /** Radians. */
  readonly angle: number;
}

/** Units of a cell in both directions; the longer side of the picture has 128 units. */
export interface CellSize {
  readonly across: number;
  readonly down: number;
}

/** What a manifest says of the alignment. */
export interface AlignmentRules {
  readonly mode: AlignMode;
  /** Good pictures that the reference is the mean of. */
  readonly pictures: number;
  /** Least confidence of a picture that can be judged. */
  readonly least: number;
  /** What the good pictures had: lowest and median confidence, largest shift in sides of the picture, largest angle in degrees. */
  readonly good: {
    readonly lowest: number;
    readonly median: number;
    readonly shift: number;
    readonly degrees: number;
  };
}

/** The rules with the mean good picture. */
export interface AlignmentModel extends AlignmentRules {
  /** `[128, 128]` grey, row-major, 0–255. */
  readonly reference: Uint8Array;
}

/** How a picture lay. */
export interface PictureAlignment {
  /** Where the part lay relative to the reference, pixels of the picture: of the picture's centre, after turning. */
  readonly shift: { readonly x: number; readonly y: number };
  /** How far the part was turned, degrees, clockwise as seen. */
  readonly degrees: number;
  /** Correlation with the reference after alignment, −1 to 1. */
  readonly confidence: number;
}
