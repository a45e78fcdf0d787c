/** A process of its own that opens a model and judges: what `measureStart` starts. */
import type { StartTask } from "./measure-start.js";
import { reportStart } from "./report-start.js";

await reportStart(
  JSON.parse(process.argv[2] ?? "") as StartTask,
  (message) => new Promise<void>((resolve) => process.send?.(message, () => resolve())),
);
process.disconnect?.();
