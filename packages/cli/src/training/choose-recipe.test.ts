import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSmallSet } from "../../../../tests/support/small-set.js";
import { startTalk } from "../output/talk.js";
import { chooseRecipe } from "./choose-recipe.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-choose-"));
  await writeSmallSet(folder, { train: 7, testGood: 0, testBad: 0 });
});
afterAll(() => rm(folder, { recursive: true }));

const talk = startTalk(
  { json: false, quiet: true },
  { stdout: new PassThrough(), stderr: new PassThrough() },
);
const goods = () => Array.from({ length: 7 }, (_, i) => join(folder, `train/good/00${i}.png`));
const given = { maxMs: null, fusion: false, bad: [] };

describe("chooseRecipe", () => {
  it("chooses nothing unless it is asked to", async () =>
    expect(await chooseRecipe({ choice: given }, goods(), {}, talk)).toMatchObject({
      options: {},
      section: null,
    }));

  it("chooses PaDiM's weight and shows what spoke for it", async () => {
    const request = { choice: { ...given, fusion: true } };
    const { options, fusion, section } = await chooseRecipe(request, goods(), { size: 64, workers: 1 }, talk);
    expect(options.padimWeight).toBe(fusion!.weight);
    expect(section!.rows.map(([name]) => name)).toEqual([
      "PaDiM alone",
      "PatchCore alone",
      "Difference",
      "Weight of PaDiM",
    ]);
    expect(section!.remarks[0]).toContain("2 good pictures");
  });

  it("hands on that no quality is quick enough", async () => {
    const request = { choice: { ...given, maxMs: 0 } };
    await expect(chooseRecipe(request, goods().slice(0, 3), {}, talk)).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
  });
});
