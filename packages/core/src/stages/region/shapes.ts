/** Places of a picture that a user marks, as plain data: what is judged, what is ignored, and zones. Types only. */

/** Pixels of the original picture; (0, 0) is the upper left corner of the first pixel, so that x + 0.5 is a pixel's centre. */
export type RegionShape =
  | { readonly type: "polygon"; readonly points: readonly (readonly [x: number, y: number])[] }
  | { readonly type: "circle"; readonly x: number; readonly y: number; readonly radius: number }
  | {
      readonly type: "rectangle";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  /** A frame of this width along all four edges of the picture. */
  | { readonly type: "border"; readonly width: number }
  /** A mask picture of the original's size: runs of marked pixels, see {@link Runs}. */
  | { readonly type: "mask"; readonly width: number; readonly height: number; readonly runs: Runs };

/** Marked pixels in raster order: start and end (exclusive) of each run, alternating, as indices `y · width + x`. */
export type Runs = readonly number[];

/** What of a picture is judged. */
export interface RegionOfInterest {
  /** Inside of any of them is judged; empty = everything. */
  readonly include: readonly RegionShape[];
  /** Inside of any of them is not judged, even where `include` has it. */
  readonly ignore: readonly RegionShape[];
}
