/**
 * The seam between a training and its heads: pictures stream through as often as a head wants, then it can be stored
 * and says of every training picture what a head that has not seen it would say.
 */
import type { StoredHead } from "../../bundle/model-file.js";

/** A head under training. Pictures are counted from 0 and come in order, in every round. */
export interface HeadTraining {
  /** False while it wants all pictures once more. */
  readonly ready: boolean;
  /**
   * Takes a picture's embedding, float32 `[channels, cells]`; it may be overwritten afterwards.
   * @param turned the picture was mirrored or rotated: a copy of `picture` that a head may leave out.
   * @throws MODEL_STATISTICS when a value is not finite.
   */
  take(embedding: Float32Array, picture: number, turned: boolean): void;
  /**
   * Does what follows a round of all pictures. Each step gives how much of it is done, 0–1, so that the caller can show
   * it, cancel, or let others have their turn.
   * @throws MODEL_STATISTICS when the pictures do not suffice.
   */
  finishRound(): Iterable<number>;
  /** @throws MODEL_STATISTICS with fewer pictures than leave-one-out needs. */
  leaveOneOut(): LeaveOneOutDistances;
  /** The finished head, as a model file stores it. */
  head(): StoredHead;
}

/** Distances of training pictures to a head without them. */
export interface LeaveOneOutDistances {
  /**
   * Takes a training picture's embedding, exactly as the training took it.
   * @returns distances, float32 `[cells]`, of all pictures taken and not yet given back, in order; none is possible.
   */
  take(embedding: Float32Array, picture: number): Float32Array[];
  /** The distances of the last pictures. */
  rest(): Float32Array[];
  /**
   * The image score, by the same head, of the picture that was taken last; its distances were given back at once. Absent
   * where the map has the score.
   */
  score?(): number;
}
