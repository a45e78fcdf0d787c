import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OnnxModel, writeOnnx, writeSafeTensors } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { floats, node, port, smallModel } from "../../../../tests/support/small-onnx.js";
import { tinyResnet } from "../../../../tests/support/tiny-resnet.js";
import { importBackboneFile } from "./import-backbone-file.js";
import { loadBackbone } from "./load-backbone.js";
import { writeBackbone } from "./write-backbone.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "blemish-import-"));
});
afterAll(() => rm(root, { recursive: true }));

async function written(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(root, name), bytes);
  return join(root, name);
}

/** Two convolutions of stride 2 that can be run; `first` is a value in between. */
function network(changes: Partial<Parameters<typeof smallModel>[0] & object> = {}): OnnxModel {
  return smallModel({
    inputs: [port("input", [1, 3, "height", "width"])],
    outputs: [port("second", null)],
    initialisers: [floats("w1", [4, 3, 3, 3]), floats("w2", [5, 4, 3, 3])],
    nodes: [
      node("Conv", ["input", "w1"], "first", { strides: [2, 2], pads: [1, 1, 1, 1] }),
      node("Conv", ["first", "w2"], "second", { strides: [2, 2], pads: [1, 1, 1, 1] }),
    ],
    ...changes,
  });
}

describe("a file", () => {
  it("of a ResNet becomes a folder that can be loaded, with the file's hash as its source", async () => {
    const tensors = tinyResnet({ bottleneck: false, blocks: [1, 1, 1], width: 4, seed: 1 });
    const path = await written("tiny.safetensors", writeSafeTensors(tensors));
    const folder = join(root, "tiny");
    await writeBackbone(folder, await importBackboneFile(path, { id: "tiny" }));
    const { manifest } = await loadBackbone(folder);
    expect(manifest.taps.map(({ name }) => name)).toEqual(["layer1", "layer2", "layer3"]);
    expect(manifest.source).toMatch(/^imported from tiny\.safetensors, sha256 [0-9a-f]{64}$/);
  });

  it("of an ONNX network is cut at values inside it", async () => {
    const path = await written("net.onnx", writeOnnx(network()));
    const { manifest } = await importBackboneFile(path, {
      id: "net",
      taps: [{ name: "first" }, { name: "second" }],
    });
    expect(manifest.taps).toEqual([
      { name: "first", channels: 4, stride: 2, scale: 1 },
      { name: "second", channels: 5, stride: 4, scale: 1 },
    ]);
  });

  it("of an ONNX network with weights beside it takes them in", async () => {
    const bytes = new Uint8Array(4 * 4 * 27);
    const external = {
      ...floats("w1", [4, 3, 3, 3]),
      payload: { kind: "external", location: "w.bin", offset: 0, length: null } as const,
    };
    const path = await written(
      "outside.onnx",
      writeOnnx(network({ initialisers: [external, floats("w2", [5, 4, 3, 3])] })),
    );
    await expect(importBackboneFile(path, { id: "net" })).rejects.toMatchObject({
      code: "MODEL_DATA_MISSING",
    });
    await written("w.bin", bytes);
    const { model } = await importBackboneFile(path, { id: "net" });
    expect(model.length).toBeGreaterThan(bytes.length);
  });
});

describe("a trial run", () => {
  it.each<[string, object, string]>([
    [
      "channels that are not so",
      { taps: [{ name: "second", channels: 7 }] },
      "expected tap second [1, 7, 16, 16]",
    ],
    [
      "a stride that is not so",
      { taps: [{ name: "second", stride: 2 }] },
      "expected tap second [1, 5, 32, 32]",
    ],
  ])("finds %s", async (_, options, words) => {
    const path = await written("wrong.onnx", writeOnnx(network()));
    await expect(importBackboneFile(path, { id: "net", ...options })).rejects.toThrow(words);
  });

  it("finds a network that loses border pixels", async () => {
    const nodes = [node("Conv", ["input", "w1"], "first", { strides: [2, 2] })];
    const path = await written("valid.onnx", writeOnnx(network({ nodes, outputs: [port("first", null)] })));
    await expect(importBackboneFile(path, { id: "net" })).rejects.toThrow("found [1, 4, 31, 31]");
  });

  it("finds operators that cannot be run", async () => {
    const nodes = [node("Mystery", ["input"], "first")];
    const path = await written("mystery.onnx", writeOnnx(network({ nodes })));
    const taps = [{ name: "first", channels: 3, stride: 1 }];
    await expect(importBackboneFile(path, { id: "net", taps })).rejects.toMatchObject({
      code: "MODEL_UNSUPPORTED",
    });
  });
});

it("a file that is not there, or is something else, is refused", async () => {
  await expect(importBackboneFile(join(root, "none.onnx"), { id: "x" })).rejects.toThrow("found ENOENT");
  const path = await written("notes.txt", new TextEncoder().encode("hello"));
  await expect(importBackboneFile(path, { id: "x" })).rejects.toThrow("found text");
});
