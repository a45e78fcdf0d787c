import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../sha256.js";
import { hashesOf, presentFiles } from "./training-files.js";

const folder = await mkdtemp(join(tmpdir(), "blemish-files-"));
const at = (name: string) => join(folder, name);
const names = ["a.png", "b.png", "c.png"];
const files = names.map((name) => ({ path: at(name), sha256: sha256([new TextEncoder().encode(name)]) }));
beforeEach(async () => {
  for (const name of names) await writeFile(at(name), name);
  await rm(at("moved.png"), { force: true });
});
afterAll(() => rm(folder, { recursive: true }));

describe("presentFiles", () => {
  it("gives the paths where nothing changed", async () =>
    expect(await presentFiles(files)).toEqual(names.map(at)));

  it("finds by content what was moved", async () => {
    await rename(at("b.png"), at("moved.png"));
    const elsewhere = [at("a.png"), at("moved.png")];
    expect(await presentFiles(files, { elsewhere })).toEqual([at("a.png"), at("moved.png"), at("c.png")]);
    await expect(presentFiles(files)).rejects.toMatchObject({ code: "TRAINING_PICTURES" });
  });

  it("says how many are gone and how many changed", async () => {
    await rm(at("a.png"));
    await writeFile(at("c.png"), "another");
    await expect(
      presentFiles(files, { subject: "The pictures of x", elsewhere: [at("b.png")] }),
    ).rejects.toMatchObject({
      code: "TRAINING_PICTURES",
      subject: "The pictures of x",
      expected: "3 pictures where they were, unchanged",
      found: `1 that cannot be read and 1 that changed, such as ${at("a.png")}`,
    });
  });

  it("can be cancelled", async () =>
    await expect(presentFiles(files, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "CANCELLED",
    }));
});

describe("hashesOf", () => {
  it("is null for what cannot be read", async () =>
    expect(await hashesOf([at("a.png"), at("none.png"), folder])).toEqual([files[0]!.sha256, null, null]));
});
