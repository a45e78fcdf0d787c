import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readTable } from "./read-table.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-table-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("reads UTF-8 and keeps the byte order mark, which is for the parser", async () => {
  await writeFile(join(folder, "a.csv"), "\uFEFFpath;ö\n");
  expect(await readTable(join(folder, "a.csv"))).toBe("\uFEFFpath;ö\n");
});

it("refuses other bytes and missing files", async () => {
  await writeFile(join(folder, "b.csv"), Buffer.from("path;ö", "latin1"));
  await expect(readTable(join(folder, "b.csv"))).rejects.toMatchObject({
    code: "DATASET",
    expected: "text in UTF-8",
  });
  await expect(readTable(join(folder, "c.csv"))).rejects.toMatchObject({ code: "DATASET", found: "ENOENT" });
});
