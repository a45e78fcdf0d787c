/** Start of a worker thread: opens the model and serves inspections. */
import { parentPort, workerData } from "node:worker_threads";
import { createHelpers } from "./helpers.js";
import { type InspectionSetup, inspector } from "./inspector.js";
import type { WorkerData } from "./messages.js";
import { openDetector } from "./open-detector.js";
import { serveJobs } from "./serve-jobs.js";

const { setup, gate } = workerData as WorkerData<InspectionSetup>;

await serveJobs(parentPort!, async () => {
  const helpers = createHelpers(setup.part ?? null, setup.threads - 1);
  const detector = await openDetector(setup, gate, helpers?.share);
  return inspector(detector, setup, helpers);
});
