/** Why a place of the map is hot: fields only. `pipeline/explain-place.ts` fills them. */

/** A rectangle as shares of a picture's sides, 0–1: it holds for the picture at any size. */
export interface RelativeBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A patch of a good training picture. */
export interface NearestPatch {
  /** Number of the training picture, from 0; −1 where the bank of an imported model does not say. */
  readonly picture: number;
  /** Its path; "" for a model that does not name its pictures. */
  readonly path: string;
  /** Where in that picture; null where the bank also holds patches of turned copies, whose places are others. */
  readonly box: RelativeBox | null;
  /** Euclidean distance in units of the features. */
  readonly distance: number;
}

/** The patch of a good training picture that is most like what is usual at a place. */
export interface TypicalPatch extends Pick<NearestPatch, "picture" | "path"> {
  /** Where in that picture: the same place. */
  readonly box: RelativeBox;
}

/** A channel that is not as usual. */
export interface DeviatingChannel {
  /** Number among all channels of the embedding, from 0. */
  readonly channel: number;
  /** The layer that it belongs to; null where channels are projected, and so belong to none. */
  readonly tap: string | null;
  /** In the picture, and on average in good ones. */
  readonly value: number;
  readonly mean: number;
  /** Share of the squared distance that goes back to it; all channels together have 1, single ones may be below 0. */
  readonly share: number;
}

/** What one detector says of a place. */
export interface DetectorExplanation {
  readonly kind: "padim" | "patchcore";
  /** Side of the network's input that it looked at, in pixels. */
  readonly size: number;
  /** The part of the picture that belongs to the cell. Features see more around it. */
  readonly box: RelativeBox;
  /** Its distance there, and the share of the map's value that it gives, 0–1. */
  readonly distance: number;
  readonly share: number;
  /** PatchCore: the nearest good patches, the nearest first; else empty. */
  readonly nearest: readonly NearestPatch[];
  /** PaDiM: the channels that deviate most, the largest share first; else empty. */
  readonly channels: readonly DeviatingChannel[];
  /** PaDiM: what the place looks like in good parts; null for PatchCore and where the model does not know it. */
  readonly typical: TypicalPatch | null;
}

/** Why a place is hot. */
export interface PlaceExplanation {
  /** The place, as shares of the picture's sides, 0–1. */
  readonly x: number;
  readonly y: number;
  readonly detectors: readonly DetectorExplanation[];
}
