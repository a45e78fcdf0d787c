#!/usr/bin/env node
/** The `blemish` process: connects the command line to the streams, to Ctrl-C and to a reader that goes away. */
import { runCli } from "./run-cli.js";
import { PIPE_CLOSED } from "./terminal.js";

/** Exit code of a process that a closed pipe ends, as shells know it. */
const BROKEN_PIPE = 141;
const CANCELLED = 130;

const cancel = new AbortController();

process.on("SIGINT", () => {
  if (cancel.signal.aborted) process.exit(CANCELLED);
  cancel.abort();
});
process.on("SIGTERM", () => cancel.abort());
// `blemish predict … | head -1`: the reader has what it wanted.
process.stdout.on("error", () => cancel.abort(PIPE_CLOSED));
process.stderr.on("error", () => undefined);

const exitCode = await runCli(process.argv.slice(2), process, cancel.signal);
process.exitCode = cancel.signal.reason === PIPE_CLOSED ? BROKEN_PIPE : exitCode;
