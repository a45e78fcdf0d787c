import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatasetItem } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { leakedPictures, leakWarning } from "./leaked-pictures.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-leak-"));
  for (const name of ["a", "b", "copy-of-a"]) await writeFile(join(folder, name), name.slice(-1));
});
afterAll(() => rm(folder, { recursive: true }));

const item = (name: string) => ({ path: join(folder, name) }) as DatasetItem;
const sha256 = createHash("sha256").update("a").digest("hex");

describe("leakedPictures", () => {
  it("knows a training picture by its bytes, whatever it is called", async () => {
    const training = { ...smallModel().manifest.training, files: [{ path: "elsewhere.png", sha256 }] };
    const items = ["a", "b", "copy-of-a", "gone"].map(item);
    expect(await leakedPictures({ training }, items)).toEqual([item("a"), item("copy-of-a")]);
  });
});

describe("leakWarning", () => {
  it("is said only when there is something to say", () => {
    expect(leakWarning([], 4)).toBe("");
    expect(leakWarning([item("a")], 4)).toMatch(/^1 of 4 test pictures took part in the training, such as /);
  });
});
