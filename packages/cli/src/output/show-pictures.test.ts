import { type ChildProcess, spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { showPicture } from "./show-pictures.js";

const run = (code: string) => async (): Promise<ChildProcess> => spawn(process.execPath, ["-e", code]);

describe("showPicture", () => {
  beforeEach(() => {
    vi.stubEnv("DISPLAY", ":0");
  });
  afterEach(() => vi.unstubAllEnvs());

  it("is content with a viewer that works", async () => {
    const stderr = new PassThrough();
    expect(await showPicture("a.png", { stderr }, run(""))).toBe(true);
    expect(stderr.read()).toBeNull();
  });
  it.each([
    ["fails", run("process.exit(3)")],
    ["does not exist", async () => spawn("no-such-viewer-here")],
    ["cannot be started", () => Promise.reject(new Error("no"))],
  ])("hints at the file when the viewer %s", async (_name, launch) => {
    const stderr = new PassThrough();
    expect(await showPicture("a.png", { stderr }, launch)).toBe(false);
    expect(String(stderr.read())).toContain("a.png");
  });
  it.runIf(process.platform === "linux")("does not even try without a display", async () => {
    for (const name of ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]) vi.stubEnv(name, "");
    const launch = vi.fn();
    expect(await showPicture("a.png", { stderr: new PassThrough() }, launch)).toBe(false);
    expect(launch).not.toHaveBeenCalled();
  });
});
