import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { firstBytes } from "./first-bytes.js";

it("gives how a file begins, and nothing of what is none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "blemish-first-"));
  const path = join(folder, "file");
  await writeFile(path, Uint8Array.of(1, 2, 3));
  expect([...(await firstBytes(path, 2))]).toEqual([1, 2]);
  expect([...(await firstBytes(path, 9))]).toEqual([1, 2, 3]);
  for (const none of [folder, join(folder, "missing")]) expect(await firstBytes(none, 4)).toHaveLength(0);
  await rm(folder, { recursive: true });
});
