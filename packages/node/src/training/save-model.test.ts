import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { readTrainedModel } from "../model/trained-model-file.js";
import { saveModel } from "./save-model.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-save-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("saveModel", () => {
  it("writes what can be read, into new folders too", async () => {
    const path = join(folder, "a/b/part.blemish");
    const bytes = await saveModel(path, smallModel());
    expect((await stat(path)).size).toBe(bytes);
    expect(await readTrainedModel(path)).toEqual(smallModel());
  });

  it("lets one of many writers win whole", async () => {
    const path = join(folder, "race.blemish");
    const models = Array.from({ length: 12 }, (_, i) => ({
      ...smallModel(),
      backbone: new Uint8Array(200_000 * (1 + (i % 3))).fill(i),
    }));
    await Promise.all(models.map((model) => saveModel(path, model)));
    const { backbone } = await readTrainedModel(path);
    expect(models.map((model) => model.backbone)).toContainEqual(backbone);
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/\.tmp$/));
  });

  it("keeps the old file when the new one cannot be written", async () => {
    const path = join(folder, "kept.blemish");
    await saveModel(path, smallModel());
    const before = await readFile(path);
    await expect(saveModel(join(path, "below"), smallModel())).rejects.toMatchObject({
      code: "OUTPUT_WRITE",
    });
    expect(await readFile(path)).toEqual(before);
  });
});
