import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { changeThreshold } from "@blemish/core";
import { decodeImage, readTrainedModel, saveModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallTrained } from "../../../../tests/support/small-trained.js";
import type { ExplainWords } from "../options/explain-options.js";
import { explainCommand } from "./explain.js";

let folder = "";
let blind = "";
let missed = "";
let mask = "";
let goods = "";
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-explain-"));
  const { set, model } = await writeSmallTrained(folder);
  blind = at("blind.blemish");
  await saveModel(
    blind,
    changeThreshold(await readTrainedModel(model), { threshold: 1000 }, "for this test"),
  );
  missed = join(set, "test/missing/000.png");
  mask = join(set, "ground_truth/missing/000_mask.png");
  goods = join(set, "test/good");
});
afterAll(() => rm(folder, { recursive: true }));

async function explain(
  words: ExplainWords,
  positional = [blind, missed],
  signal = new AbortController().signal,
) {
  const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
  const code = await explainCommand(positional, words, terminal, signal);
  return { code, out: String(terminal.stdout.read() ?? ""), err: String(terminal.stderr.read() ?? "") };
}

describe("explainCommand", () => {
  it("says everything in words and draws the place", async () => {
    const before = await readFile(blind);
    const { code, out, err } = await explain({ mask, goods: [goods], output: at("out/why.png") });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(
      /missing.000\.png is called good\. It scores [\d.]+, [\d.]+ % of the threshold 1000\./,
    );
    expect(out).toContain("The picture is hottest at the marked place.");
    expect(out).toMatch(/Of 10 good training pictures, .* \d+ scores? less/);
    const threshold = /A threshold of ([\d.]+) would call the picture anomalous/.exec(out)?.[1];
    expect(out).toContain(`blemish threshold ${blind} --set ${threshold}`);
    expect(out).toContain("Of 3 further good pictures:");
    expect(out).toMatch(/PatchCore at 64 px: nearest good/);
    expect(out).toContain("One defect is no evidence about others.");
    expect(out).toContain(`Picture  ${at("out/why.png")}`);
    expect((await decodeImage(await readFile(at("out/why.png")), "why.png")).height).toBeGreaterThan(400);
    // Nothing was tuned.
    expect(Buffer.compare(await readFile(blind), before)).toBe(0);
  });

  it("prints the same as one JSON object", async () => {
    const box = "10,12,20,8";
    const words = { box, json: true, quiet: true, try: true, candidates: "64", workers: "1" };
    const { out, err } = await explain(words);
    expect(err).toBe("");
    const found = JSON.parse(out);
    expect(found).toMatchObject({
      schemaVersion: 1,
      model: blind,
      picture: missed,
      output: null,
      units: "raw",
      width: 64,
      height: 64,
      threshold: 1000,
      anomalous: false,
      place: { area: 160 / 4096 },
      rank: { picture: { count: 10 }, place: { count: 10 } },
      catching: { promise: { count: 10 } },
      goods: null,
      tried: [{ name: "64", own: true }],
    });
    expect(found.explanation.detectors).toHaveLength(2);
    expect(found.catching.threshold).toBeLessThan(found.score);
    expect(found.view).toBeUndefined();
  });

  it.each<[string, ExplainWords]>([
    ["no place", {}],
    ["a box outside the picture", { box: "60,60,10,10" }],
    ["both", { mask: "m.png", box: "1,1,2,2" }],
    ["an unknown candidate", { box: "1,1,2,2", try: true, candidates: "best" }],
  ])("refuses %s", async (_, words) => {
    await expect(explain(words)).rejects.toMatchObject({ code: "OPTION_VALUE" });
  });

  it("refuses what cannot be read or written, and can be cancelled", async () => {
    await expect(explain({ mask }, [blind, at("none.png")])).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
    await expect(explain({ mask: at("none.png") })).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    await expect(explain({ mask, goods: [at("none")] })).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });
    await writeFile(at("file"), "");
    await expect(explain({ mask, output: join(at("file"), "x.png") })).rejects.toMatchObject({
      code: "OUTPUT_WRITE",
    });
    await expect(
      explain({ mask, try: true, output: at("never.png") }, [blind, missed], AbortSignal.abort()),
    ).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(stat(at("never.png"))).rejects.toThrow();
  });
});
