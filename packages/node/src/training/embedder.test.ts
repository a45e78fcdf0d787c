import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backboneSteps, renderPart, turnedPictures } from "@blemish/core";
import { afterAll, describe, expect, it } from "vitest";
import { backboneSession } from "../backbones/backbone-session.js";
import { loadBackbone } from "../backbones/load-backbone.js";
import { encodePng } from "../images/encode-png.js";
import { embedder } from "./embedder.js";

describe("embedder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "blemish-embedder-"));
  const backbone = await loadBackbone();
  const session = await backboneSession(backbone, { threads: 1 });
  const plain = {
    grid: "coarsest" as const,
    neighbourhood: 1 as const,
    scales: [24.492, 34.412],
    channels: null,
    projection: null,
  };
  const limits = { maxPixels: 10_000 };
  const pass = { preprocessing: backboneSteps(backbone.manifest, 64, 64), embeddings: [plain] };
  const server = embedder(session, { backbone, passes: [pass], limits, threads: 1 });
  const { image } = renderPart("washer", { seed: 1, width: 80, height: 72 });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it("embeds a file and pixels alike, and hashes the file", async () => {
    const png = await encodePng(image);
    const path = join(folder, "a.png");
    await writeFile(path, png);
    const file = await server.run({ source: path, turned: false });
    const pixels = await server.run({ source: image, turned: false });
    expect(file.value.copies).toMatchObject([[{ channels: 152, width: 4, height: 4 }]]);
    expect(pixels.value.copies).toEqual(file.value.copies);
    expect(file.value.sha256).toBe(createHash("sha256").update(png).digest("hex"));
    expect([file.value.width, file.value.height, pixels.value.sha256]).toEqual([80, 72, ""]);
    expect(file.transfer).toEqual([file.value.copies[0]![0]!.data.buffer]);
  });

  it("embeds turned copies behind the picture, in the order of turnedPictures", async () => {
    const { value, transfer } = await server.run({ source: image, turned: true });
    const images = [image, ...turnedPictures(image)];
    expect(value.copies).toHaveLength(images.length);
    for (const [i, one] of images.entries()) {
      const alone = await server.run({ source: one, turned: false });
      expect(value.copies[i]).toEqual(alone.value.copies[0]);
      if (i > 0) expect(value.copies[i]).not.toEqual(value.copies[0]);
    }
    // Every copy's own memory is handed over: none is a view of another.
    expect(new Set(transfer).size).toBe(images.length);
    expect([value.width, value.height]).toEqual([80, 72]);
  });

  it("gives one embedding for each detector, pass after pass", async () => {
    const large = { ...pass, preprocessing: backboneSteps(backbone.manifest, 96, 96) };
    const smoothed = { ...plain, neighbourhood: 3 as const };
    const passes = [
      { ...large, embeddings: [smoothed] },
      { ...pass, embeddings: [smoothed, plain] },
    ];
    const both = embedder(session, { backbone, passes, limits, threads: 1 });
    const { value, transfer } = await both.run({ source: image, turned: true });
    for (const copy of value.copies) expect(copy.map(({ width }) => width)).toEqual([6, 4, 4]);
    const [, near, far] = value.copies[0]!;
    expect(near).not.toEqual(far);
    const alone = await server.run({ source: image, turned: false });
    expect(far).toEqual(alone.value.copies[0]![0]);
    expect(transfer).toHaveLength(3 * value.copies.length);
  });

  it("names a file that it cannot read, and obeys the limits", async () => {
    const missing = server.run({ source: "missing.png", turned: false });
    await expect(missing).rejects.toThrow(/missing\.png.*IMAGE_NOT_FOUND/);
    const large = await encodePng(renderPart("cap", { seed: 1, width: 128, height: 96 }).image);
    await expect(server.run({ source: large, turned: true })).rejects.toThrow(/IMAGE_TOO_LARGE/);
  });
});
