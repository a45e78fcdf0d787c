import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import { readTrainedModel } from "../model/trained-model-file.js";
import { timeModel } from "./time-model.js";

let folder = "";
let files: { set: string; model: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-time-"));
  files = await writeSmallTrained(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe("timeModel", () => {
  it("gives milliseconds and bytes, and leaves nothing behind", async () => {
    const own = join(folder, "temporary");
    await mkdir(own);
    vi.stubEnv("TMPDIR", own);
    const model = await readTrainedModel(files.model);
    const { ms, bytes } = await timeModel(model, [join(files.set, "train/good/000.png")]);
    expect(ms).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(100_000);
    // A loader of the tests may have a folder of its own there.
    expect((await readdir(own)).filter((name) => name.startsWith("blemish"))).toEqual([]);
    vi.unstubAllEnvs();
  });

  it("can be cancelled, and says what it cannot read", async () => {
    const model = await readTrainedModel(files.model);
    const picture = join(files.set, "train/good/000.png");
    await expect(timeModel(model, [picture], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    await expect(timeModel(model, ["missing.png"])).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
  });
});
