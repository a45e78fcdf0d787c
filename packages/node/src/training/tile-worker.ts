/** Start of a thread that does tiles of the training's arithmetic, for as long as its board is open. */
import { parentPort, workerData } from "node:worker_threads";
import { arenaOver, tileOperations } from "@blemish/core";
import type { WorkerData } from "../workers/messages.js";
import { awaitTask, takeTiles } from "./tile-board.js";
import type { TileThreadSetup } from "./tile-threads.js";

const { board, memory, start, end } = (workerData as WorkerData<TileThreadSetup>).setup;
const operations = tileOperations(arenaOver(memory, start, end));

// Without the operations there is nothing to do: the thread that puts up the tasks does them all.
if (operations !== null) while (awaitTask(board)) takeTiles(board, operations.work);
parentPort?.close();
