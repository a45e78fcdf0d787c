/** The two streams a command writes to, and what they can do: colour, and lines with back pressure. */
import type { Writable } from "node:stream";
import util from "node:util";

/** A stream that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean };

/** Where a command writes: data and one-line results to `stdout`, everything else to `stderr`. */
export interface Terminal {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** Colours that the output uses. */
export type Colour = "green" | "red" | "yellow" | "magenta" | "dim" | "bold";

/** Text in a colour where the stream is a terminal and NO_COLOR is not set; unchanged elsewhere. */
export function paint(stream: OutputStream, colour: Colour, text: string): string {
  if (!stream.isTTY || process.env.NO_COLOR) return text;
  // Node 20.0 to 20.11 have no styleText. Its own check looks at stdout, whichever stream is meant.
  return util.styleText?.(colour, text, { validateStream: false }) ?? text;
}

/**
 * Writes one line and waits until the stream has taken it, so a slow reader slows the batch and memory stays flat.
 * A closed pipe is not an error here: the stream's own `error` event tells whoever started the process.
 */
export function writeLine(stream: OutputStream, line: string): Promise<void> {
  return new Promise((done) => {
    stream.write(`${line}\n`, () => done());
  });
}

/** Reason of the abort signal when the reader of standard output has gone, so that there is nobody to talk to. */
export const PIPE_CLOSED = "standard output was closed";

/** Text from a file or a file name with its control characters as spaces, so that it cannot steer a terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
}
