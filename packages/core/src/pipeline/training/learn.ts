/** Rounds of all pictures through all heads until every head is ready. */
import type { Embedding } from "../../stages/embedding/embed.js";
import type { HeadTraining } from "./head-training.js";

/** A training picture as every detector of the model sees it. */
export interface EmbeddedTraining {
  /** Its number in the training, from 0. */
  readonly picture: number;
  /** A mirrored or rotated copy of it. */
  readonly turned: boolean;
  /** One for each detector, in the model's order. */
  readonly embeddings: readonly Embedding[];
}

/** Lets the caller show progress, cancel by throwing, and give others their turn. Shares 0–1 never go back. */
export type Breathe = (share: number) => Promise<void>;

/**
 * Teaches heads.
 * @param round streams all pictures, in the same order every time; it is called once for each round, from 0.
 * @throws BlemishError of the stages: MODEL_STATISTICS, MEMORY.
 */
export async function learn(
  heads: readonly HeadTraining[],
  round: (number: number) => AsyncIterable<EmbeddedTraining>,
  breathe: Breathe,
): Promise<void> {
  const shares = heads.map(() => 0);
  const tell = (head: number, share: number) => {
    shares[head] = share;
    return breathe(shares.reduce((sum, one) => sum + one, 0) / heads.length);
  };
  for (let number = 0; ; number++) {
    const learning = heads.map((head) => !head.ready);
    if (!learning.includes(true)) return;
    for await (const { picture, turned, embeddings } of round(number))
      heads.forEach((head, i) => {
        if (learning[i]) head.take(embeddings[i].data, picture, turned);
      });
    for (const [i, head] of heads.entries()) {
      if (!learning[i]) continue;
      for (const share of head.finishRound()) await tell(i, share);
      if (head.ready && shares[i] < 1) await tell(i, 1);
    }
  }
}
