/** A B C A B C: everybody once each round, while the others wait. */
import { setTimeout as pause } from "node:timers/promises";
import type { Entrant, PeerHouse } from "./peer-house.js";
import type { Peer } from "./peer-process.js";

/** Threads of the one before may spin for a while; nobody is to suffer from that. */
const SETTLE_MS = 250;

/**
 * One round to warm up, then the rounds. Another one begins each round, so that nobody always follows the same one. Who
 * fails takes no further part.
 * @returns the answers of each, by id, one for each round.
 */
export async function inTurns<Answer>(
  house: PeerHouse,
  entrants: readonly Entrant[],
  rounds: number,
  ask: (peer: Peer) => Promise<Answer>,
): Promise<Map<string, Answer[]>> {
  const answers = new Map(entrants.map(({ plan }) => [plan.id, [] as Answer[]]));
  for (let round = -1; round < rounds; round++)
    for (let i = 0; i < entrants.length; i++) {
      const { plan, peer } = entrants[(i + round + 1) % entrants.length]!;
      if (!answers.has(plan.id)) continue;
      await pause(SETTLE_MS);
      try {
        const answer = await ask(peer);
        if (round >= 0) answers.get(plan.id)!.push(answer);
      } catch (error) {
        house.fail(plan, error);
        answers.delete(plan.id);
      }
    }
  return answers;
}
