/** The peers that run: each is started when it is first needed and stays until the end, so that it is warm. */

import { missingFile, type PeerPlan, type Use } from "./peer-plans.js";
import { asOne, type Peer, startPeer } from "./peer-process.js";

/** A peer that takes part. */
export interface Entrant {
  readonly plan: PeerPlan;
  readonly peer: Peer;
}

/** Running peers. */
export interface PeerHouse {
  /** Those that run or can be started for a use; the others are noted in `skipped`. */
  entrants(use: Use): Promise<Entrant[]>;
  /** Notes that a peer failed; it takes no further part. */
  fail(plan: PeerPlan, error: unknown): void;
  /** Why peers do not take part, by id. */
  readonly skipped: Readonly<Record<string, string>>;
  /** Versions that the peers told, by id. */
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  close(): Promise<void>;
}

/** @param first the picture that each judges once it is started. */
export function openPeerHouse(plans: readonly PeerPlan[], first: string): PeerHouse {
  const running = new Map<string, Peer>();
  const skipped: Record<string, string> = {};
  const versions: Record<string, Readonly<Record<string, string>>> = {};
  // Python peers do not change with the use.
  const keyOf = (plan: PeerPlan, use: Use) => (plan.side === "blemish" ? `${plan.id} ${use}` : plan.id);

  async function start(plan: PeerPlan, use: Use): Promise<Peer> {
    const missing = missingFile(plan);
    if (missing !== null) throw new Error(`${missing} is missing`);
    const command = plan.command(use, first);
    if (plan.processes === 1) return startPeer(command);
    return asOne(await Promise.all(Array.from({ length: plan.processes }, () => startPeer(command))));
  }

  const house: PeerHouse = {
    skipped,
    versions,
    async entrants(use) {
      const entrants: Entrant[] = [];
      for (const plan of plans) {
        if (plan.id in skipped || (plan.processes > 1 && use !== "throughput")) continue;
        try {
          const known = running.get(keyOf(plan, use));
          if (known === undefined) console.error(`starting ${plan.name} …`);
          const peer = known ?? (await start(plan, use));
          running.set(keyOf(plan, use), peer);
          versions[plan.id] = peer.head.versions;
          entrants.push({ plan, peer });
        } catch (error) {
          house.fail(plan, error);
        }
      }
      return entrants;
    },
    fail({ id, name }, error) {
      const why = error instanceof Error ? error.message : String(error);
      console.error(`${name} takes no part: ${why}`);
      skipped[id] = why;
    },
    async close() {
      await Promise.all([...running.values()].map((peer) => peer.close().catch(() => {})));
      running.clear();
    },
  };
  return house;
}
