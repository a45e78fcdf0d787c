import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../sha256.js";
import { EMBEDDED_BACKBONE, loadBackbone } from "./load-backbone.js";

const SHIPPED = resolve(import.meta.dirname, "../../../../backbones", EMBEDDED_BACKBONE);
let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-backbones-"));
});
afterAll(() => rm(root, { recursive: true }));

describe("the embedded backbone", () => {
  it("is found without a path, and is the file of the repository", async () => {
    const { manifest, modelBytes } = await loadBackbone();
    expect(manifest.id).toBe(EMBEDDED_BACKBONE);
    expect(manifest.taps.map(({ name, channels, stride }) => [name, channels, stride])).toEqual([
      ["s3", 40, 8],
      ["s5", 112, 16],
    ]);
    expect(sha256([modelBytes])).toBe(manifest.sha256);
    expect(Buffer.compare(modelBytes, await readFile(join(SHIPPED, "model.onnx")))).toBe(0);
    expect((await loadBackbone(EMBEDDED_BACKBONE)).folder).toBe((await loadBackbone()).folder);
  });

  it("brings its licence, its notice and the full text of the licence", async () => {
    expect((await loadBackbone()).manifest.licence).toBe("Apache-2.0");
    expect(await readFile(join(SHIPPED, "LICENSE"), "utf8")).toContain("Copyright (c) 2020, ML Illustrated");
    expect(await readFile(join(SHIPPED, "APACHE-2.0.txt"), "utf8")).toContain("Version 2.0, January 2004");
    expect(await readFile(join(SHIPPED, "NOTICE"), "utf8")).toContain("579344248a93e23026e6b78f1f6faf0b");
    const { files, version } = JSON.parse(await readFile(join(SHIPPED, "package.json"), "utf8"));
    expect(files).toEqual(
      expect.arrayContaining(["model.onnx", "manifest.json", "LICENSE", "APACHE-2.0.txt", "NOTICE"]),
    );
    expect(version).toBe(
      JSON.parse(await readFile(resolve(SHIPPED, "../../packages/node/package.json"), "utf8")).version,
    );
  });
});

/** A folder with the embedded backbone's files, some of them changed or (null) left out. */
async function folderWith(
  name: string,
  changes: { manifest?: object | string | null; model?: Uint8Array | null },
) {
  const folder = join(root, name);
  await mkdir(folder);
  const { manifest, modelBytes } = await loadBackbone();
  const { manifest: change = {}, model = modelBytes } = changes;
  if (change !== null)
    await writeFile(
      join(folder, "manifest.json"),
      typeof change === "string" ? change : JSON.stringify({ ...manifest, ...change }),
    );
  if (model !== null) await writeFile(join(folder, "model.onnx"), model);
  return folder;
}

describe("a user's folder", () => {
  it("is read", async () => {
    const folder = await folderWith("own", { manifest: { id: "own" } });
    const { manifest, folder: where } = await loadBackbone(folder);
    expect(manifest.id).toBe("own");
    expect(where).toBe(folder);
  });

  const flipped = async () =>
    (await loadBackbone()).modelBytes.map((byte, at) => (at === 1000 ? byte ^ 1 : byte));
  it.each<[string, () => Promise<Parameters<typeof folderWith>[1]>, RegExp]>([
    [
      "no manifest",
      async () => ({ manifest: null }),
      /expected a manifest\.json in this folder, found ENOENT/,
    ],
    [
      "no network",
      async () => ({ model: null }),
      /expected model\.onnx, the network that its manifest names, found ENOENT/,
    ],
    ["no JSON", async () => ({ manifest: "taps: s3" }), /expected JSON, found other text/],
    ["half a manifest", async () => ({ manifest: '{"id": "x"' }), /expected JSON, found other text/],
    ["a list", async () => ({ manifest: "[]" }), /expected id: a text/],
    [
      "a huge manifest",
      async () => ({ manifest: " ".repeat(1_000_001) }),
      /expected JSON, found 1000001 bytes/,
    ],
    ["a wrong field", async () => ({ manifest: { taps: [] } }), /expected taps: at least one/],
    [
      "a network elsewhere",
      async () => ({ manifest: { model: "../model.onnx" } }),
      /expected model: a file name without folders/,
    ],
    [
      "one flipped bit",
      async () => ({ model: await flipped() }),
      /expected sha256 [0-9a-f]{64}, as manifest\.json says, found [0-9a-f]{64}/,
    ],
    ["an empty network", async () => ({ model: new Uint8Array() }), /found e3b0c44298fc1c149afbf4c8996fb924/],
  ])("with %s is refused", async (name, changes, words) => {
    const folder = await folderWith(name, await changes());
    await expect(loadBackbone(folder)).rejects.toThrow(words);
    await expect(loadBackbone(folder)).rejects.toMatchObject({ code: "BACKBONE" });
  });

  it("that does not exist is refused by name", async () => {
    await expect(loadBackbone(join(root, "nowhere"))).rejects.toThrow(
      /nowhere is not a usable backbone: .*ENOENT/,
    );
    await expect(loadBackbone("efficientnet-lite9")).rejects.toMatchObject({
      code: "BACKBONE",
      subject: "efficientnet-lite9",
    });
  });
});
