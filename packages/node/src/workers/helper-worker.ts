/** Start of a thread that helps a worker, for as long as their board is open. */
import { parentPort, workerData } from "node:worker_threads";
import { type HelperSetup, helperTasks } from "./helper-tasks.js";
import type { WorkerData } from "./messages.js";
import { awaitTask, takeParts } from "./part-board.js";

const { setup } = workerData as WorkerData<HelperSetup>;
const work = helperTasks(setup);

if (work !== null) {
  Atomics.add(setup.present, 0, 1);
  while (awaitTask(setup.board)) takeParts(setup.board, work);
  Atomics.sub(setup.present, 0, 1);
}
parentPort?.close();
