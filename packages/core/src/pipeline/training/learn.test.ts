import { describe, expect, it } from "vitest";
import { firstNumbers } from "../../../../../tests/support/small-training.js";
import type { HeadTraining } from "./head-training.js";
import { type EmbeddedTraining, learn } from "./learn.js";

/** A head that is ready after so many rounds, and writes down what happens to it. */
function countingHead(rounds: number, events: string[], name: string): HeadTraining {
  let round = 0;
  const never = () => {
    throw new Error("not asked for here");
  };
  return {
    get ready() {
      return round === rounds;
    },
    take(embedding, picture, turned) {
      events.push(`${name} takes ${embedding[0]} of ${picture}${turned ? " turned" : ""}`);
    },
    *finishRound() {
      for (const step of [1, 2]) yield (round + step / 2) / rounds;
      round++;
      events.push(`${name} finishes`);
    },
    leaveOneOut: never,
    head: never,
  };
}

/** Pictures 0 and 1, the second with a turned copy; each head has an embedding of its own. */
async function* pictures(heads: number): AsyncGenerator<EmbeddedTraining> {
  for (const [picture, turned] of [
    [0, false],
    [1, false],
    [1, true],
  ] as const) {
    const embeddings = firstNumbers(heads).map((head) => ({
      ...{ channels: 1, width: 1, height: 1 },
      data: Float32Array.of(10 * head + picture),
    }));
    yield { picture, turned, embeddings };
  }
}

describe("learn", () => {
  it("gives every head its embedding of every picture, as many rounds as the head wants", async () => {
    const events: string[] = [];
    const rounds: number[] = [];
    const heads = [countingHead(1, events, "A"), countingHead(2, events, "B")];
    const round = (number: number) => {
      rounds.push(number);
      return pictures(2);
    };
    await learn(heads, round, async () => {});
    expect(rounds).toEqual([0, 1]);
    expect(heads.every(({ ready }) => ready)).toBe(true);
    const both = [
      ...["A takes 0 of 0", "B takes 10 of 0"],
      ...["A takes 1 of 1", "B takes 11 of 1"],
      ...["A takes 1 of 1 turned", "B takes 11 of 1 turned"],
    ];
    expect(events).toEqual([
      ...both,
      ...["A finishes", "B finishes"],
      ...both.filter((event) => event.startsWith("B")),
      "B finishes",
    ]);
  });

  it("reads nothing when all heads are ready", async () => {
    const never = () => {
      throw new Error("a round");
    };
    await learn([], never, async () => {});
    await learn([countingHead(0, [], "A")], never, async () => {});
  });

  it("tells shares that never go back and end at 1", async () => {
    const shares: number[] = [];
    const heads = [countingHead(1, [], "A"), countingHead(2, [], "B"), countingHead(2, [], "C")];
    await learn(
      heads,
      () => pictures(3),
      async (share) => {
        shares.push(share);
      },
    );
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.length).toBeGreaterThanOrEqual(10);
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares.at(-1)).toBeCloseTo(1, 12);
  });

  it("stops where the caller throws between two steps", async () => {
    const events: string[] = [];
    const heads = [countingHead(1, events, "A"), countingHead(1, events, "B")];
    const cancel = async () => {
      throw new Error("enough");
    };
    await expect(learn(heads, () => pictures(2), cancel)).rejects.toThrow("enough");
    expect(events.filter((event) => event.endsWith("finishes"))).toEqual([]);
  });

  it("passes on what reading a picture throws", async () => {
    const heads = [countingHead(1, [], "A")];
    const broken = async function* (): AsyncGenerator<EmbeddedTraining> {
      yield* pictures(1);
      throw new Error("unreadable");
    };
    await expect(learn(heads, broken, async () => {})).rejects.toThrow("unreadable");
  });
});
