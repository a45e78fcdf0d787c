import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { readTrainedModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import { type CalibrateWords, calibrateCommand } from "./calibrate.js";

let folder = "";
let set = "";
let model = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-calibrate-"));
  ({ set, model } = await writeSmallTrained(folder));
});
afterAll(() => rm(folder, { recursive: true }));

async function calibrate(words: CalibrateWords, dataset = set) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const { signal } = new AbortController();
  const code = await calibrateCommand([model, dataset], { workers: "1", ...words }, terminal, signal);
  return { code, out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

describe("calibrateCommand", () => {
  it("tunes thresholds on labels, marks the model, and says so", async () => {
    const before = await readFile(model);
    const output = join(folder, "tuned.blemish");
    const { code, out, err } = await calibrate({ method: "adaptive-f1", output });
    expect(code).toBe(0);
    expect(out).toContain("it has seen the answers");
    expect(err).toContain("A test on the same pictures proves nothing.");
    const { calibration } = (await readTrainedModel(output)).manifest;
    expect(calibration.method).toBe("adaptive-f1");
    expect(calibration.imageRange).toEqual(calibration.pixelRange);
    expect(calibration.changes.at(-1)?.reason).toBe(
      `calibrate --method adaptive-f1 on 8 labelled pictures of ${set}`,
    );
    expect(Buffer.compare(await readFile(model), before)).toBe(0);
  });

  it("needs its method to be named, and good and anomalous pictures", async () => {
    await expect(calibrate({})).rejects.toMatchObject({ code: "OPTION_VALUE" });
    await expect(calibrate({ method: "best" })).rejects.toMatchObject({ code: "OPTION_VALUE" });
    const goods = calibrate({ method: "adaptive-f1" }, join(set, "train/good"));
    await expect(goods).rejects.toMatchObject({ code: "MODEL_STATISTICS" });
  });
});
