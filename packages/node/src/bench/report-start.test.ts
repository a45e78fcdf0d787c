import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeTinyModel, writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import type { FromStartProcess } from "./measure-start.js";
import { reportStart } from "./report-start.js";

let folder = "";
let model = "";
let picture = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-report-start-"));
  model = await writeTinyModel(folder);
  picture = join(folder, "a.png");
  await writeTinyPicture(picture, 20);
});
afterAll(() => rm(folder, { recursive: true }));

async function told(path: string, pictures: readonly string[]): Promise<FromStartProcess[]> {
  const messages: FromStartProcess[] = [];
  await reportStart({ model: path, options: {}, pictures }, async (message) => void messages.push(message));
  return messages;
}

describe("reportStart", () => {
  it("tells of the first picture, then of the memory after all of them", async () => {
    const [first, done, ...rest] = await told(model, [picture, picture]);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ type: "first", openMs: expect.any(Number), firstMs: expect.any(Number) });
    expect(done?.type === "done" && done.peakRss > 30e6).toBe(true);
  });

  it("tells what went wrong", async () => {
    const missing = await told(join(folder, "none.onnx"), [picture]);
    expect(missing).toMatchObject([{ type: "failed", error: { code: "MODEL_NOT_FOUND" } }]);
    const broken = join(folder, "broken.png");
    await writeFile(broken, "no picture");
    const later = await told(model, [picture, broken]);
    expect(later).toMatchObject([{ type: "first" }, { type: "failed", error: { subject: broken } }]);
  });
});
