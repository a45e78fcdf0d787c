import { execFile, execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeFileAtomic } from "./write-file-atomic.js";

const disk = vi.hoisted(() => ({ full: false }));

/** The real file system, which says ENOSPC after the first half of a file while `disk.full`. */
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const open: typeof real.open = async (...args) => {
    const handle = await real.open(...args);
    if (!disk.full) return handle;
    handle.writeFile = async () => {
      await handle.write("ne");
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    };
    return handle;
  };
  return { ...real, open };
});

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-write-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("writeFileAtomic", () => {
  it("writes bytes and text, makes folders and replaces what was there", async () => {
    const path = join(folder, "a/b/c.bin");
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    await writeFileAtomic(path, "ä");
    expect(await readFile(path, "utf8")).toBe("ä");
    expect(await readdir(join(folder, "a/b"))).toEqual(["c.bin"]);
  });

  it.skipIf(process.platform === "win32")("writes into a pipe and leaves it a pipe", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = promisify(execFile)("cat", [pipe]);
    await writeFileAtomic(pipe, "through");
    expect((await reader).stdout).toBe("through");
    expect((await stat(pipe)).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(["pipe"]);
  });

  it("takes names up to the limit of file systems", async () => {
    const name = `${"n".repeat(251)}.png`;
    await writeFileAtomic(join(folder, name), "x");
    expect(await readdir(folder)).toEqual([name]);
  });

  it("lets the last of many writers win, whole", async () => {
    const path = join(folder, "many");
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(100_000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    expect(texts).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder)).toEqual(["many"]);
  });

  it("says what is in the way, keeps the old file and leaves nothing behind", async () => {
    const file = join(folder, "file");
    await writeFile(file, "old");
    await mkdir(join(folder, "full/inside"), { recursive: true });
    const failing = async (path: string) => {
      await expect(writeFileAtomic(path, "new")).rejects.toMatchObject({
        code: "OUTPUT_WRITE",
        subject: path,
      });
    };
    await failing(join(file, "below.png"));
    await failing(join(folder, "full"));
    await failing(join(folder, "x".repeat(300)));
    await failing(join(folder, "zero\0byte"));
    expect(await readFile(file, "utf8")).toBe("old");
    expect((await readdir(folder)).sort()).toEqual(["file", "full"]);
  });

  it("fails with the system's code where it may not write", async ({ skip }) => {
    if (process.getuid?.() === 0) return skip("root may write everywhere");
    const closed = join(folder, "closed");
    await mkdir(closed);
    await chmod(closed, 0o500);
    await expect(writeFileAtomic(join(closed, "a.png"), "x")).rejects.toMatchObject({ found: "EACCES" });
    await chmod(closed, 0o700);
  });

  it("removes what it began when the disk is full", async () => {
    const path = join(folder, "map.npy");
    await writeFile(path, "old");
    disk.full = true;
    await expect(writeFileAtomic(path, "new")).rejects.toMatchObject({
      code: "OUTPUT_WRITE",
      found: "ENOSPC",
    });
    disk.full = false;
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["map.npy"]);
  });
});
