import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import { measureStart } from "./measure-start.js";

let folder = "";
let model = "";
let picture = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-start-"));
  model = await writeTinyModel(folder);
  picture = join(folder, "a.png");
  await writeTinyPicture(picture, 20);
});
afterAll(() => rm(folder, { recursive: true }));

describe("measureStart", () => {
  it("tells how a process of its own began and how much memory it took", async () => {
    const start = await measureStart({
      model,
      options: { workers: 2 },
      pictures: [picture, picture, picture],
    });
    expect(start.openMs).toBeGreaterThan(0);
    expect(start.firstMs).toBeGreaterThan(0);
    expect(start.startMs).toBeGreaterThan(start.openMs + start.firstMs);
    expect(start.peakRss).toBeGreaterThan(30e6);
  });

  it("passes on what opening and judging throw", async () => {
    const missing = { model: join(folder, "none.onnx"), options: {}, pictures: [picture] };
    await expect(measureStart(missing)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    const broken = join(folder, "broken.png");
    await writeFile(broken, "no picture");
    const unreadable = { model, options: {}, pictures: [picture, broken] };
    await expect(measureStart(unreadable)).rejects.toMatchObject({ subject: broken });
  });

  it("ends the process after the signal", async () => {
    const task = { model, options: {}, pictures: [picture] };
    await expect(measureStart(task, AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(measureStart(task, AbortSignal.timeout(50))).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
