import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadBackbone } from "./load-backbone.js";
import { writeBackbone } from "./write-backbone.js";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-write-backbone-"));
});
afterEach(() => rm(root, { recursive: true }));

async function embedded() {
  const { manifest, modelBytes } = await loadBackbone();
  const { sha256: _, ...draft } = manifest;
  return { manifest: { ...draft, id: "copy" }, model: modelBytes };
}

describe("a written backbone", () => {
  it("is what is read again, hash included, and nothing else lies there", async () => {
    const folder = join(root, "deep/down/copy");
    const manifest = await writeBackbone(folder, await embedded());
    const read = await loadBackbone(folder);
    expect(read.manifest).toEqual(manifest);
    expect(read.manifest).toEqual({ ...(await loadBackbone()).manifest, id: "copy" });
    expect((await readdir(folder)).sort()).toEqual(["manifest.json", "model.onnx"]);
    expect(await readdir(join(root, "deep/down"))).toEqual(["copy"]);
  });

  it("holds an int8 network beside the other, and each is read by its precision", async () => {
    const folder = join(root, "both");
    const one = await embedded();
    const int8 = (await loadBackbone(undefined, "int8")).modelBytes;
    const manifest = await writeBackbone(folder, { ...one, int8 });
    expect((await readdir(folder)).sort()).toEqual(["manifest.json", "model-int8.onnx", "model.onnx"]);
    const { int8: entry, ...own } = manifest;
    const exact = await loadBackbone(folder);
    expect(exact.manifest).toEqual(own);
    const rounded = await loadBackbone(folder, "int8");
    expect(rounded.manifest).toEqual({ ...own, ...entry, precision: "int8" });
    expect(Buffer.compare(rounded.modelBytes, int8)).toBe(0);
    await rm(join(folder, "model-int8.onnx"));
    await expect(loadBackbone(folder, "int8")).rejects.toThrow(/expected model-int8\.onnx/);
    expect((await loadBackbone(folder)).manifest.id).toBe("copy");
  });

  it("takes an empty folder", async () => {
    await mkdir(join(root, "copy"));
    await writeBackbone(join(root, "copy"), await embedded());
    expect((await loadBackbone(join(root, "copy"))).manifest.id).toBe("copy");
  });
});

describe("a folder that is taken", () => {
  it("keeps what it holds", async () => {
    const folder = join(root, "full");
    await mkdir(folder);
    await writeFile(join(folder, "notes.txt"), "mine");
    const failure = writeBackbone(folder, await embedded());
    await expect(failure).rejects.toThrow("expected a folder that does not exist yet or is empty");
    await expect(failure).rejects.toMatchObject({ code: "OUTPUT_WRITE", subject: folder });
    expect(await readdir(root)).toEqual(["full"]);
    expect(await readdir(folder)).toEqual(["notes.txt"]);
  });

  it("may be a file, or stand below one", async () => {
    await writeFile(join(root, "file"), "mine");
    for (const folder of [join(root, "file"), join(root, "file/below")]) {
      await expect(writeBackbone(folder, await embedded())).rejects.toMatchObject({
        code: "OUTPUT_WRITE",
        subject: folder,
      });
    }
    expect(await readdir(root)).toEqual(["file"]);
    expect(await readFile(join(root, "file"), "utf8")).toBe("mine");
  });

  it("of two writers one wins, whole", async () => {
    const folder = join(root, "copy");
    const one = await embedded();
    const other = { ...one, manifest: { ...one.manifest, id: "other" } };
    const results = await Promise.allSettled([writeBackbone(folder, one), writeBackbone(folder, other)]);
    expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
    expect(["copy", "other"]).toContain((await loadBackbone(folder)).manifest.id);
    expect(await readdir(root)).toEqual(["copy"]);
  });
});
