import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { isIr, readIrFile } from "./ir-file.js";

const FIXTURE = resolve(import.meta.dirname, "../../../../fixtures/openvino/padim-070");
const folder = mkdtempSync(join(tmpdir(), "blemish-ir-"));
const xml = readFileSync(join(FIXTURE, "model.xml"), "utf8");

function written(name: string, text: string, weights: Uint8Array | null): string {
  const path = join(folder, `${name}.xml`);
  writeFileSync(path, text);
  if (weights !== null) writeFileSync(join(folder, `${name}.bin`), weights);
  return path;
}

describe("readIrFile", () => {
  const weights = readFileSync(join(FIXTURE, "model.bin"));

  it("reads both files, whatever they are called", async () => {
    const path = written("other.name", xml, weights);
    const { onnx, content } = await readIrFile(path);
    expect(onnx.graph.outputs.map(({ name }) => name)).toEqual(["output"]);
    expect(onnx.producerName).toMatch(/^OpenVINO IR 11 by Model Optimizer 2023/);
    expect(content.length).toBe(Buffer.byteLength(xml) + weights.length);
  });

  it("tells an IR by its beginning", async () => {
    expect(await isIr(join(FIXTURE, "model.xml"))).toBe(true);
    expect(await isIr(join(FIXTURE, "model.bin"))).toBe(false);
    expect(await isIr(join(folder, "nothing"))).toBe(false);
    copyFileSync(join(FIXTURE, "model.xml"), join(folder, "model.onnx"));
    expect(await isIr(join(folder, "model.onnx"))).toBe(true);
  });

  it.each([
    ["weights that are cut off", "short", xml, weights.subarray(0, 1000), /model\.bin.*MODEL_BROKEN/s],
    ["no weights", "alone", xml, null, /alone\.bin.*MODEL_DATA_MISSING/s],
    ["a cut off description", "cut", xml.slice(0, 5000), weights, /MODEL_BROKEN/],
    ["another XML file", "page", "<html></html>", weights, /OpenVINO IR.*MODEL_FORMAT/s],
    ["a bomb", "bomb", `<!DOCTYPE n [<!ENTITY a "aaaa">]>${xml.slice(21)}`, weights, /MODEL_BROKEN/],
    [
      "an operator that is not known",
      "strange",
      xml.replace('type="Sqrt"', 'type="LSTMSequence"'),
      weights,
      /LSTMSequence.*MODEL_UNSUPPORTED/s,
    ],
  ])("refuses %s", async (_, name, text, bytes, message) => {
    await expect(readIrFile(written(name, text, bytes))).rejects.toThrow(message);
  });

  it("says where nothing is", async () => {
    await expect(readIrFile(join(folder, "none.xml"))).rejects.toThrow(/MODEL_NOT_FOUND/);
  });
});
