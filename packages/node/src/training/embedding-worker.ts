/** Start of a training worker: opens the backbone's session and serves embeddings. */
import { parentPort, workerData } from "node:worker_threads";
import { isCut } from "@blemish/core";
import type { WorkerData } from "../workers/messages.js";
import { gatedSession } from "../workers/open-detector.js";
import { serveJobs } from "../workers/serve-jobs.js";
import { type EmbeddingSetup, embedder } from "./embedder.js";

const { setup, gate } = workerData as WorkerData<EmbeddingSetup>;

await serveJobs(parentPort!, async () => {
  const { manifest, modelBytes } = setup.backbone;
  const model = { bytes: modelBytes, name: `The backbone ${manifest.id}` };
  const { threads, passes } = setup;
  const options = { threads, spinning: false, frugal: passes.some(isCut) };
  return embedder(await gatedSession(model, options, gate), setup);
});
