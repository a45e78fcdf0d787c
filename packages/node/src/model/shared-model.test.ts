import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bufferOf, detectorBytes, readModelFile, type StoredDetector, writeModelFile } from "@blemish/core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { smallImported, smallModel } from "../../../../tests/support/small-model.js";
import { smallVersion1 } from "../../../../tests/support/small-version-1.js";
import { sha256 } from "../sha256.js";
import { readSharedModel, type SharedModel, shareModel } from "./shared-model.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-shared-"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.unstubAllGlobals());

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** The model as a worker reads it. */
function asWorker({ takePart }: SharedModel) {
  const { part, release } = takePart();
  const bytes = new Uint8Array(bufferOf(part.memory), part.fileStart, part.fileLength);
  release();
  return readModelFile(bytes, "worker", null);
}

describe("readSharedModel", () => {
  it("has the file in memory that threads share, its arrays in place", async () => {
    const shared = await readSharedModel(
      await written("part.blemish", writeModelFile(smallModel(), sha256)),
      2,
    );
    expect(shared.model).toEqual(smallModel());
    expect(asWorker(shared)).toEqual(smallModel());
    const { memory } = shared.takePart().part;
    expect(bufferOf(memory)).toBeInstanceOf(SharedArrayBuffer);
    const [{ head }] = asWorker(shared).detectors as [StoredDetector];
    expect(head.kind === "padim" && head.gaussians.factor.buffer).toBe(bufferOf(memory));
  });

  it("gives every worker a part of its own, and what a dead one had to the next", async () => {
    const shared = await readSharedModel(
      await written("part.blemish", writeModelFile(smallModel(), sha256)),
      2,
    );
    const [one, two, three] = [shared.takePart(), shared.takePart(), shared.takePart()];
    const places = [one.part.scratch, two.part.scratch];
    const [first, second] = places as [NonNullable<(typeof places)[0]>, NonNullable<(typeof places)[0]>];
    expect(first.start).toBeGreaterThanOrEqual(one.part.fileStart + one.part.fileLength);
    expect(first.end - first.start).toBeGreaterThanOrEqual(detectorBytes(smallModel().manifest));
    expect(second.start).toBe(first.end);
    expect(second.end).toBeLessThanOrEqual(bufferOf(one.part.memory).byteLength);
    expect(three.part.scratch).toBeNull();
    one.release();
    expect(shared.takePart().part.scratch).toEqual(first);
  });

  it("turns a file of version 1 into today's form", async () => {
    const shared = await readSharedModel(await written("old.blemish", smallVersion1()), 1);
    const today = readModelFile(smallVersion1(), "old.blemish", sha256);
    expect(shared.model).toEqual(today);
    expect(asWorker(shared)).toEqual(shared.model);
  });

  it("reads headers of any length", async () => {
    const files = Array.from({ length: 3000 }, (_, i) => ({
      path: `good/${i}.png`,
      sha256: "ab".repeat(32),
    }));
    const { manifest, ...rest } = smallModel();
    const model = { ...rest, manifest: { ...manifest, training: { ...manifest.training, files } } };
    const shared = await readSharedModel(await written("many.blemish", writeModelFile(model, sha256)), 1);
    expect(asWorker(shared)).toEqual(model);
  });

  it("works without WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    const shared = await readSharedModel(
      await written("part.blemish", writeModelFile(smallModel(), sha256)),
      1,
    );
    expect(shared.takePart().part.memory).toBeInstanceOf(SharedArrayBuffer);
    expect(asWorker(shared)).toEqual(smallModel());
  });

  it("refuses a missing, changed or cut file and one whose header has no end", async () => {
    await expect(readSharedModel(join(folder, "none.blemish"), 1)).rejects.toThrow(
      /none\.blemish.*MODEL_NOT_FOUND/,
    );
    const bytes = writeModelFile(smallModel(), sha256);
    for (const length of [0, 7, 8, 9, 100, bytes.length - 1])
      await expect(
        readSharedModel(await written("cut.blemish", bytes.subarray(0, length)), 1),
      ).rejects.toThrow(/cut\.blemish.*MODEL_(BROKEN|FORMAT)/);
    const changed = bytes.slice();
    changed[changed.length - 5]! ^= 1;
    await expect(readSharedModel(await written("changed.blemish", changed), 1)).rejects.toThrow(
      /MODEL_BROKEN/,
    );
    const endless = bytes.slice();
    endless.fill(255, 0, 7);
    await expect(readSharedModel(await written("endless.blemish", endless), 1)).rejects.toThrow(
      /MODEL_FORMAT/,
    );
  });
});

describe("shareModel", () => {
  it("is the file in memory, without a file and without a hash", () => {
    const shared = shareModel(smallImported(), "model.onnx", 1);
    expect(asWorker(shared)).toEqual(smallImported());
    const { part } = shared.takePart();
    const bytes = new Uint8Array(bufferOf(part.memory), part.fileStart, part.fileLength);
    expect(Buffer.compare(bytes, writeModelFile(smallImported(), null))).toBe(0);
  });
});
