import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OnnxTensor, writeOnnx } from "@blemish/core";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { tinyMetadata, tinyModel } from "../../../../tests/support/tiny-model.js";
import { checkExternalData, findModel, readMetadataFile, readOnnxFile } from "./model-files.js";

let folder: string;
beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), "blemish-files-"));
  folder = made;
  onTestFinished(() => rm(made, { recursive: true }));
});

async function save(name: string, content: string | Uint8Array = ""): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, content);
  return path;
}

describe("findModel", () => {
  it.each(["model.onnx", "weights/onnx/model.onnx", "onnx/model.onnx", "bottle.onnx"])(
    "finds %s in a folder",
    async (name) => {
      const path = await save(name);
      await save("notes.txt");
      expect(await findModel(folder)).toBe(path);
      expect(await findModel(path)).toBe(path);
    },
  );

  it("prefers model.onnx", async () => {
    await save("another.onnx");
    await save("weights/onnx/model.onnx");
    const path = await save("model.onnx");
    expect(await findModel(folder)).toBe(path);
  });

  it("does not choose among several, and says what there is", async () => {
    const refused = () => expect(findModel(folder)).rejects;
    await refused().toMatchObject({ code: "MODEL_NOT_FOUND", found: "none" });
    await save("a.onnx");
    await save("b.onnx");
    await refused().toMatchObject({ code: "MODEL_NOT_FOUND", found: "2 models: a.onnx, b.onnx" });
  });

  it("says that nothing is there", async () => {
    const path = join(folder, "none");
    await expect(findModel(path)).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
      subject: path,
      found: "ENOENT",
    });
  });
});

describe("readOnnxFile", () => {
  it("reads a model and its size", async () => {
    const bytes = writeOnnx(tinyModel());
    const path = await save("model.onnx", bytes);
    expect(await readOnnxFile(path)).toEqual({
      path,
      bytes: bytes.length,
      onnx: tinyModel(),
      content: Buffer.from(bytes),
    });
  });

  it("refuses a file that is larger than any model", async () => {
    const path = await save("large.onnx", "");
    await truncate(path, 2 ** 31);
    await expect(readOnnxFile(path)).rejects.toMatchObject({
      code: "MODEL_UNSUPPORTED",
      expected: "at most 2 GB in one file",
    });
  });

  it.each([
    ["an empty file", new Uint8Array(0), "MODEL_FORMAT"],
    ["text", "not a model at all, only words", "MODEL_FORMAT"],
    ["a model that is cut off", writeOnnx(tinyModel()).subarray(0, 100), "MODEL_BROKEN"],
  ])("refuses %s", async (_, bytes, code) => {
    const path = await save("model.onnx", bytes);
    await expect(readOnnxFile(path)).rejects.toMatchObject({ code, subject: path });
  });
});

describe("readMetadataFile", () => {
  const text = JSON.stringify(tinyMetadata());

  it.each(["metadata.json", "meta_data.json"])("finds %s beside the model", async (name) => {
    const path = await save(name, text);
    const found = await readMetadataFile(join(folder, "model.onnx"), undefined);
    expect(found).toMatchObject({ path, metadata: { imageThreshold: 5 } });
  });

  it("takes the file that is named", async () => {
    await save("metadata.json", "{}");
    const path = await save("other.json", text);
    expect(await readMetadataFile(join(folder, "model.onnx"), path)).toMatchObject({ path });
  });

  it("gives null when there is none, unless it was named", async () => {
    const model = join(folder, "model.onnx");
    expect(await readMetadataFile(model, undefined)).toBe(null);
    const named = join(folder, "none.json");
    await expect(readMetadataFile(model, named)).rejects.toMatchObject({
      code: "METADATA_NOT_FOUND",
      subject: named,
    });
    await expect(readMetadataFile(model, folder)).rejects.toMatchObject({ code: "METADATA_NOT_FOUND" });
  });

  it("refuses what is no metadata", async () => {
    const path = await save("metadata.json", '{"image_threshold": ');
    const refused = readMetadataFile(join(folder, "model.onnx"), undefined);
    await expect(refused).rejects.toMatchObject({ code: "METADATA_FORMAT", subject: path });
  });
});

describe("checkExternalData", () => {
  const weight: OnnxTensor = {
    name: "weight",
    dataType: 1,
    dims: [1, 3, 1, 1],
    payload: { kind: "external", location: "model.onnx.data", offset: 4, length: 12 },
  };
  const model = { ...tinyModel(), graph: { ...tinyModel().graph, initialisers: [weight] } };
  const check = () => checkExternalData({ path: join(folder, "model.onnx"), onnx: model });

  it("asks for nothing where nothing is outside", async () => {
    await checkExternalData({ path: join(folder, "model.onnx"), onnx: tinyModel() });
  });

  it("is content with a file that is long enough", async () => {
    await save("model.onnx.data", new Uint8Array(16));
    await check();
  });

  it("names a file that is missing or too short", async () => {
    const expected = "model.onnx.data with 16 bytes";
    await expect(check()).rejects.toMatchObject({
      code: "MODEL_DATA_MISSING",
      expected,
      found: "no such file",
    });
    await save("model.onnx.data", new Uint8Array(15));
    await expect(check()).rejects.toMatchObject({ code: "MODEL_DATA_MISSING", expected, found: "15 bytes" });
  });
});
