import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { importModelFile } from "../model/import-model-file.js";
import { fastEngine } from "./engines.js";
import { exportEngines } from "./exported-engines.js";

it("engines answer in raw units, whatever the graph normalises", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "blemish-engines-")), "model.ckpt");
  writeFileSync(path, smallCheckpoint({ method: "padim", version: "2", saved: "lightning" }));
  const { model } = await importModelFile(path);
  const own = await fastEngine(model);
  const engines = await exportEngines(model);
  const image = { data: new Uint8Array(40 * 40 * 3).fill(90), width: 40, height: 40, channels: 3 } as const;
  const { score, map } = await own.judge(image);
  expect(Math.max(...map.data)).toBeCloseTo(score, 4);
  for (const engine of engines) {
    if (!("judge" in engine)) continue;
    expect(Math.abs((await engine.judge(image)).score / score - 1)).toBeLessThan(1e-5);
    await engine.close();
  }
  await own.close();
});
