/** How much the scores of the same pictures differ between two models, measured by their thresholds. */
import { median } from "./median.js";

/** Scores of some pictures by a model, in its own raw units. */
export interface ScoredSide {
  /** One for each picture. */
  readonly scores: ArrayLike<number>;
  /** A picture whose score is ≥ this is anomalous; > 0. */
  readonly threshold: number;
}

/** The difference that a change of the model makes. */
export interface ScoreChange {
  readonly pictures: number;
  /** |score / threshold after − score / threshold before|: 0.01 = by a hundredth of the threshold. */
  readonly median: number;
  readonly largest: number;
  /** Places of the pictures that are good on one side and anomalous on the other. */
  readonly flipped: readonly number[];
}

/** Compares two models on the same pictures in the same order, at least one. */
export function scoreChange(before: ScoredSide, after: ScoredSide): ScoreChange {
  const pictures = before.scores.length;
  const relative = ({ scores, threshold }: ScoredSide, at: number) => scores[at] / threshold;
  const changes = Array.from({ length: pictures }, (_, at) =>
    Math.abs(relative(after, at) - relative(before, at)),
  );
  return {
    pictures,
    median: median(changes),
    largest: changes.reduce((most, change) => Math.max(most, change), 0),
    flipped: changes.flatMap((_, at) =>
      before.scores[at] >= before.threshold === after.scores[at] >= after.threshold ? [] : [at],
    ),
  };
}
