import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { startProgress } from "./progress.js";

function terminal(isTTY: boolean) {
  const stream = () =>
    Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24, cursorTo() {}, clearLine() {} });
  return { stdout: stream(), stderr: stream() };
}

describe("startProgress", () => {
  it("draws on standard error of a terminal and takes the bar away around a line", async () => {
    const streams = terminal(true);
    const progress = startProgress(3, streams, false);
    progress.advance();
    await progress.around(async () => void streams.stdout.write("line\n"));
    progress.stop();
    expect(String(streams.stderr.read())).toContain("1/3 pictures");
    expect(String(streams.stdout.read())).toBe("line\n");
  });
  it.each([
    ["is no terminal", false, 3, false],
    ["has one picture", true, 1, false],
    ["is quiet", true, 3, true],
  ])("shows nothing when it %s", async (_name, isTTY, total, quiet) => {
    const streams = terminal(isTTY);
    const progress = startProgress(total, streams, quiet);
    progress.advance();
    await progress.around(async () => undefined);
    progress.stop();
    expect(streams.stderr.read()).toBeNull();
  });
});
