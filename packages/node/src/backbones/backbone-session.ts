/** A backbone in the network runtime. */
import type { Session } from "@blemish/core";
import { ortSession } from "../session/ort-session.js";
import type { Backbone } from "./load-backbone.js";

/** How a backbone uses the machine. */
export interface BackboneSessionOptions {
  /** Threads of one run. */
  readonly threads: number;
  /** Let idle threads burn time for a faster start of the next run. Default false. */
  readonly spinning?: boolean;
  /** See `OrtSessionOptions`. */
  readonly frugal?: boolean;
}

/**
 * Opens the backbone's network, from the bytes that were checked. Core's `extractTaps` runs it and checks what it gives.
 * @throws BlemishError MODEL_BROKEN, MODEL_UNSUPPORTED.
 */
export function backboneSession(
  { manifest, modelBytes, folder }: Backbone,
  { threads, spinning = false, frugal = false }: BackboneSessionOptions,
): Promise<Session> {
  const name = `${folder} (${manifest.model})`;
  return ortSession({ bytes: modelBytes, name }, { threads, spinning, frugal });
}
