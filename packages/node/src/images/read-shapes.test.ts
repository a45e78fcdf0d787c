import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodePng } from "./encode-png.js";
import { readShapes } from "./read-shapes.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-shapes-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("reads words, a list in JSON and a mask picture", async () => {
  const circle = { type: "circle", x: 5, y: 6, radius: 3 } as const;
  expect(await readShapes("circle:5,6,3")).toEqual([circle]);
  await writeFile(join(folder, "two.json"), JSON.stringify([circle, { type: "border", width: 2 }]));
  expect(await readShapes(join(folder, "two.json"))).toEqual([circle, { type: "border", width: 2 }]);
  const data = new Uint8Array(3 * 12);
  data.fill(255, 3 * 5, 3 * 8);
  await writeFile(join(folder, "mask.png"), await encodePng({ width: 4, height: 3, channels: 3, data }));
  expect(await readShapes(join(folder, "mask.png"))).toEqual([
    { type: "mask", width: 4, height: 3, runs: [5, 8] },
  ]);
});

it("refuses JSON that holds no shapes, text that is no JSON, and files that are not there", async () => {
  await writeFile(join(folder, "odd.json"), '{"type":"star"}');
  await writeFile(join(folder, "text.json"), "circle");
  await expect(readShapes(join(folder, "odd.json"))).rejects.toThrow("a list of shapes");
  await expect(readShapes(join(folder, "text.json"))).rejects.toThrow("a file with JSON");
  await expect(readShapes(join(folder, "none.json"))).rejects.toThrow("no file");
  await expect(readShapes(join(folder, "none.png"))).rejects.toThrow("none.png");
});
