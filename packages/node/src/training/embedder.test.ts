import { createHash } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backboneSteps, renderPart } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { backboneSession } from "../backbones/backbone-session.js";
import { loadBackbone } from "../backbones/load-backbone.js";
import { encodePng } from "../images/encode-png.js";
import { embedder } from "./embedder.js";

describe("embedder", async () => {
  const backbone = await loadBackbone();
  const session = await backboneSession(backbone, { threads: 1 });
  const setup = {
    backbone,
    preprocessing: backboneSteps(backbone.manifest, 64, 64),
    embedding: { grid: "coarsest" as const, scales: [24.492, 34.412], channels: null, projection: null },
    limits: { maxPixels: 10_000 },
    threads: 1,
  };
  const server = embedder(session, setup);
  const { image } = renderPart("washer", { seed: 1, width: 80, height: 72 });

  it("embeds a file and pixels alike, and hashes the file", async () => {
    const png = await encodePng(image);
    const path = join(await mkdtemp(join(tmpdir(), "blemish-")), "a.png");
    await writeFile(path, png);
    const [file, pixels] = [await server.run({ source: path }), await server.run({ source: image })];
    expect(file.value.embedding).toMatchObject({ channels: 152, width: 4, height: 4 });
    expect(pixels.value.embedding.data).toEqual(file.value.embedding.data);
    expect(file.value.sha256).toBe(createHash("sha256").update(png).digest("hex"));
    expect([file.value.width, file.value.height, pixels.value.sha256]).toEqual([80, 72, ""]);
    expect(file.transfer).toEqual([file.value.embedding.data.buffer]);
  });

  it("names a file that it cannot read, and obeys the limits", async () => {
    await expect(server.run({ source: "missing.png" })).rejects.toThrow(/missing\.png.*IMAGE_NOT_FOUND/);
    const large = await encodePng(renderPart("cap", { seed: 1, width: 128, height: 96 }).image);
    await expect(server.run({ source: large })).rejects.toThrow(/IMAGE_TOO_LARGE/);
  });
});
