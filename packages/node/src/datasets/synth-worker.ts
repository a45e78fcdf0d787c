/** Start of a worker that draws generated parts. */
import { parentPort } from "node:worker_threads";
import { serveJobs } from "../workers/serve-jobs.js";
import { synthWriter } from "./synth-writer.js";

await serveJobs(parentPort!, async () => synthWriter());
