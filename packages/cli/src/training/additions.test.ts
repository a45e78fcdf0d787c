import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrainedModelFile } from "@blemish/core";
import { saveModel } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { readAdditions } from "./additions.js";

let folder = "";
const at = (name: string) => join(folder, name);

function modelOf(size: number, ...hashes: string[]): TrainedModelFile {
  const { manifest, ...rest } = smallModel();
  const files = hashes.map((sha256) => ({ path: `${sha256}.png`, sha256 }));
  const options = { size, head: "padim" } as const;
  return { ...rest, manifest: { ...manifest, training: { ...manifest.training, options, files } } };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-additions-"));
  await saveModel(at("a.blemish"), modelOf(96, "1", "2"));
  await saveModel(at("b.blemish"), modelOf(96, "2", "3"));
  await saveModel(at("c.blemish"), modelOf(96, "4"));
  await saveModel(at("large.blemish"), modelOf(128, "5"));
  await saveModel(at("imported.blemish"), smallImported());
  await writeFile(at("broken.blemish"), (await readFile(at("a.blemish"))).subarray(0, 900));
});
afterAll(() => rm(folder, { recursive: true }));

describe("readAdditions", () => {
  it("is everything that is learnt from, without a model to add to", async () =>
    expect(await readAdditions({ addTo: null, inputs: ["good/", at("a.blemish")] })).toMatchObject({
      ...{ addTo: null, merge: [], merged: [], known: [], words: "" },
      inputs: ["good/", at("a.blemish")],
    }));

  it("tells models from pictures, and says what they bring", async () => {
    const inputs = ["more/", at("b.blemish"), "x.png", at("c.blemish")];
    const {
      addTo,
      merge,
      merged,
      known,
      inputs: others,
      words,
    } = await readAdditions({
      addTo: at("a.blemish"),
      inputs,
    });
    expect(addTo?.manifest.training.files).toHaveLength(2);
    expect(merge).toHaveLength(2);
    expect(merged.map(({ path }) => path)).toEqual(["3.png", "4.png"]);
    expect(known.map(({ sha256 }) => sha256)).toEqual(["1", "2", "3", "4"]);
    expect(others).toEqual(["more/", "x.png"]);
    expect(words).toBe(
      `${at("b.blemish")}: a model of 2 pictures, 1 of them known already\n${at("c.blemish")}: a model of 1 picture`,
    );
  });

  it.each([
    ["large.blemish", "MODEL_MERGE"],
    ["imported.blemish", "MODEL_NOT_TRAINED"],
    ["broken.blemish", "MODEL_BROKEN"],
  ])("refuses %s with the reason %s", async (name, code) => {
    const request = { addTo: at("a.blemish"), inputs: [at(name)] };
    await expect(readAdditions(request)).rejects.toMatchObject({ code, subject: at(name) });
  });

  it("refuses to add to what Anomalib trained", async () => {
    const request = { addTo: at("imported.blemish"), inputs: ["more/"] };
    await expect(readAdditions(request)).rejects.toMatchObject({ code: "MODEL_NOT_TRAINED" });
  });
});
