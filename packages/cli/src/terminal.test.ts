import { Writable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type OutputStream, paint, printable, writeLine } from "./terminal.js";

const stream = (isTTY: boolean): OutputStream =>
  Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), { isTTY });

describe("paint", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("colours on a terminal only", () => {
    vi.stubEnv("NO_COLOR", "");
    expect(paint(stream(true), "red", "x")).toBe("\u001b[31mx\u001b[39m");
    expect(paint(stream(false), "red", "x")).toBe("x");
  });
  it("obeys NO_COLOR", () => {
    vi.stubEnv("NO_COLOR", "1");
    expect(paint(stream(true), "red", "x")).toBe("x");
  });
});

describe("writeLine", () => {
  it("waits until a slow reader has taken the line", async () => {
    const taken: string[] = [];
    const slow = new Writable({
      write(chunk, _encoding, done) {
        setTimeout(() => {
          taken.push(String(chunk));
          done();
        }, 20);
      },
    });
    await writeLine(slow, "one");
    expect(taken).toEqual(["one\n"]);
  });
  it("comes back from a closed pipe", async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE")) });
    broken.on("error", () => undefined);
    await writeLine(broken, "one");
    await writeLine(broken, "two");
    expect(broken.destroyed).toBe(true);
  });
});

describe("printable", () => {
  it("keeps text and takes control characters out", () => {
    expect(printable("prüf\u001b[31m/a\nb\u009bc.png")).toBe("prüf [31m/a b c.png");
  });
});
