/** One run of the command line: arguments in, exit code out, every failure one sentence on standard error. */
import { BlemishError } from "@blemish/core";
import { type Command, CommanderError } from "commander";
import { createProgram } from "./program.js";
import { PIPE_CLOSED, paint, type Terminal, writeLine } from "./terminal.js";

/** Exit codes besides those of the error table. */
const USAGE = 64;
const FAILED = 2;

/**
 * Runs a command.
 * @param argv Arguments without node and script.
 * @param signal Cancels the command; it then ends with 130, without a word when the reason is PIPE_CLOSED.
 * @returns 0, 1, 2, 64 or 130; see docs/cli.md.
 */
export async function runCli(
  argv: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  let exitCode = 0;
  const program = createProgram(terminal, signal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    const known = error instanceof CommanderError ? usageError(error, namesOf(program)) : error;
    return reportError(known, error, terminal, signal);
  }
}

/** Says what went wrong. @param error what was really thrown: commander's complaint, or the same as `known`. */
async function reportError(
  known: unknown,
  error: unknown,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (error instanceof CommanderError && error.code === "commander.help") return USAGE;
  const exitCode = known instanceof BlemishError ? known.exit : FAILED;
  if (signal.reason === PIPE_CLOSED) return exitCode;
  const text = known instanceof Error ? known.message : String(known);
  await writeLine(terminal.stderr, `${paint(terminal.stderr, "red", "blemish:")} ${text}`);
  if (process.env.BLEMISH_DEBUG === "1" && error instanceof Error) {
    await writeLine(terminal.stderr, `${error.stack}${causes(error)}`);
  }
  return exitCode;
}

/** Commander's complaint as an error of the table. */
function usageError(error: CommanderError, commands: string): BlemishError {
  const subject = /'([^']*)'/.exec(error.message)?.[1] ?? "the command line";
  const suggestion = /\(Did you mean (.*)\?\)/.exec(error.message)?.[1];
  switch (error.code) {
    case "commander.unknownOption":
      return new BlemishError("OPTION", { subject, ...(suggestion && { expected: suggestion }) });
    case "commander.unknownCommand":
      return new BlemishError("COMMAND", { subject, expected: suggestion ?? `one of ${commands}` });
    case "commander.optionMissingArgument":
      return new BlemishError("OPTION_VALUE", { subject, found: "no value" });
    default:
      return new BlemishError("OPTION", {
        subject: "the command line",
        found: error.message.replace(/^error: /, ""),
      });
  }
}

function namesOf({ commands }: Command): string {
  return commands.map((command) => command.name()).join(", ");
}

function causes(error: Error): string {
  return error.cause instanceof Error ? `\ncaused by ${error.cause.stack}${causes(error.cause)}` : "";
}
