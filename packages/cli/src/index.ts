/** The command line as a library, for tests and for programs that embed it. */
export { createProgram, type Report } from "./program.js";
export { runCli } from "./run-cli.js";
export type { OutputStream, Terminal } from "./terminal.js";
