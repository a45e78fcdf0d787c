import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { runCli } from "./run-cli.js";
import { PIPE_CLOSED } from "./terminal.js";

async function run(args: readonly string[], signal = new AbortController().signal) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const code = await runCli(args, terminal, signal);
  return { code, out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-run-"));
  await writeFile(join(folder, "a.png"), "");
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

describe("runCli", () => {
  it.each([
    ["an unknown option", ["predict", "m", "a", "--shwo"], "OPTION"],
    ["an unknown option before the command", ["--verbose"], "OPTION"],
    ["an unknown command", ["predcit", "m", "a"], "COMMAND"],
    ["an option without its value", ["predict", "m", "a", "--csv"], "OPTION_VALUE"],
    ["no input", ["predict", "m"], "OPTION_VALUE"],
    ["nothing to predict", ["predict"], "OPTION_VALUE"],
    ["another device", ["predict", "m", "a", "--device", "GPU"], "OPTION_VALUE"],
    ["a word as number", ["predict", "m", "a", "--workers", "many"], "OPTION_VALUE"],
    ["no model to inspect", ["inspect"], "OPTION_VALUE"],
    ["two models to inspect", ["inspect", "a", "b"], "OPTION_VALUE"],
    ["a profile that is none", ["inspect", "a", "--profile", "x"], "OPTION_VALUE"],
  ])("ends with 64 and one sentence for %s", async (_name, args, error) => {
    const { code, out, err } = await run(args);
    expect(code).toBe(64);
    expect(out).toBe("");
    expect(err).toMatch(new RegExp(`^blemish: .*\\[${error}\\]\\n$`));
  });

  it("suggests what was meant", async () => {
    expect((await run(["predict", "m", "a", "--shwo"])).err).toContain(
      "--shwo is not a valid option: expected --show.",
    );
    expect((await run(["predcit"])).err).toContain("predcit is not a command: expected predict.");
  });

  it("ends with 64 and help without a command, with 0 when help or version is asked for", async () => {
    expect(await run([])).toMatchObject({
      code: 64,
      out: "",
      err: expect.stringContaining("Usage: blemish"),
    });
    expect(await run(["--help"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("predict"),
      err: "",
    });
    const help = await run(["predict", "--help"]);
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining("Examples:"), err: "" });
    expect((await run(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("ends with 2 for what is missing", async () => {
    const model = await run(["inspect", join(folder, "no.onnx")]);
    expect(model).toMatchObject({ code: 2, err: expect.stringContaining("[MODEL_NOT_FOUND]") });
    const picture = await run(["predict", join(folder, "no.onnx"), join(folder, "no.png")]);
    expect(picture).toMatchObject({ code: 2, err: expect.stringContaining("[IMAGE_NOT_FOUND]") });
  });

  it("ends with 130 when it was cancelled before it began", async () => {
    const cancelled = AbortSignal.abort();
    const { code, err } = await run(["predict", join(folder, "no.onnx"), join(folder, "a.png")], cancelled);
    expect(code).toBe(130);
    expect(err).toContain("[CANCELLED]");
  });

  it("shows a stack only when asked", async () => {
    const args = ["inspect", join(folder, "no.onnx")];
    expect((await run(args)).err).not.toContain("    at ");
    vi.stubEnv("BLEMISH_DEBUG", "1");
    const { err } = await run(args);
    expect(err).toContain("    at ");
    expect(err).toContain("caused by");
  });

  it("says nothing to a reader that has gone", async () => {
    const args = ["predict", join(folder, "no.onnx"), join(folder, "a.png")];
    expect(await run(args, AbortSignal.abort(PIPE_CLOSED))).toEqual({ code: 130, out: "", err: "" });
  });
});
