import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isStreamTarget } from "./is-stream-target.js";

it("tells devices and pipes from files, folders and what is not there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "blemish-target-"));
  const [file, pipe] = [join(folder, "file"), join(folder, "pipe")];
  await writeFile(file, "");
  expect(await Promise.all([file, folder, join(folder, "missing")].map(isStreamTarget))).toEqual([
    false,
    false,
    false,
  ]);
  if (process.platform !== "win32") {
    execFileSync("mkfifo", [pipe]);
    expect(await Promise.all([pipe, devNull].map(isStreamTarget))).toEqual([true, true]);
  }
  await rm(folder, { recursive: true });
});
