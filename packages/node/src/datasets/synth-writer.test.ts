import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folderNotEmpty, synthWriter } from "./synth-writer.js";

it("writes a mask exactly where one is asked for", async () => {
  const folder = await mkdtemp(join(tmpdir(), "blemish-writer-"));
  const writer = synthWriter();
  const part = { seed: 1, width: 32, height: 32 };
  const path = join(folder, "a.png");
  expect((await writer.run({ kind: "cap", part, path, maskPath: null })).value).toBe(path);
  const bad = { ...part, defect: { type: "stain" as const } };
  await writer.run({
    kind: "cap",
    part: bad,
    path: join(folder, "b.png"),
    maskPath: join(folder, "m/b.png"),
  });
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(["a.png", "b.png", "m", "m/b.png"]);
  await writer.close();
  await rm(folder, { recursive: true });
});

it("names the folder that is not empty", () =>
  expect(folderNotEmpty("parts")).toMatchObject({ code: "OUTPUT_WRITE", subject: "parts" }));
