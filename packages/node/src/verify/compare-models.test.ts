import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../tests/support/small-checkpoint.js";
import { encodePng } from "../images/encode-png.js";
import { compareModels } from "./compare-models.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-compare-"));
const put = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const first = put("a.ckpt", smallCheckpoint({ method: "padim", version: "0.7", saved: "lightning" }));
const second = put("b.pt", smallCheckpoint({ method: "padim", version: "0.7", saved: "module" }));
const other = put("c.ckpt", smallCheckpoint({ method: "patchcore", version: "0.7", saved: "lightning" }));

async function pictures(): Promise<string[]> {
  const paths: string[] = [];
  for (const step of [1, 7, 31]) {
    const data = new Uint8Array(32 * 32 * 3).map((_, i) => (i * step) % 256);
    paths.push(put(`${step}.png`, await encodePng({ data, width: 32, height: 32, channels: 3 })));
  }
  return paths;
}

describe("compareModels", () => {
  it("finds no difference between two ways to save one model", async () => {
    const { change, disagreements, pictures: count } = await compareModels(first, second, await pictures());
    expect([count, change?.largest, disagreements]).toEqual([3, 0, []]);
  });

  it("tells how far others are apart, and names pictures that cannot be judged as far as they differ", async () => {
    const broken = put("broken.png", Uint8Array.of(1, 2, 3));
    const { change, pictures: count } = await compareModels(first, other, [...(await pictures()), broken]);
    expect(count).toBe(3);
    expect(change?.largest).toBeGreaterThan(0);
  });

  it("wants pictures, and can be cancelled", async () => {
    await expect(compareModels(first, second, [])).rejects.toThrow(/OPTION_VALUE/);
    const signal = AbortSignal.abort();
    await expect(compareModels(first, second, await pictures(), { signal })).rejects.toThrow(/CANCELLED/);
  });
});
