/** Checkpoints of torch as plain data: what the package offers of it. */
export { type Checkpoint, readCheckpoint } from "./read-checkpoint.js";
export { looksLikeZip } from "./read-zip.js";
