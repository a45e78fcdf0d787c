/** OpenVINO IRs (`model.xml` with its `model.bin`) as ONNX models: read, checked, translated. */
import { readFile } from "node:fs/promises";
import { BlemishError, type OnnxModel, readIr, translateIr } from "@blemish/core";
import { firstBytes } from "./first-bytes.js";
import { readXml } from "./read-xml.js";

/** Far larger than any network's description. */
const MAX_XML_BYTES = 64 * 2 ** 20;

/** An IR that has been read. */
export interface IrFile {
  readonly onnx: OnnxModel;
  /** Both files, one behind the other. */
  readonly content: Uint8Array;
}

/** Whether a path is a file that begins like XML. Decided by content, not by name. */
export async function isIr(path: string): Promise<boolean> {
  const start = new TextDecoder().decode(await firstBytes(path, 64));
  return /^\uFEFF?\s*<(\?xml|net\b|!)/.test(start);
}

/**
 * Reads an IR and the weights beside it: the same name with `.bin`.
 * @throws BlemishError MODEL_NOT_FOUND, MODEL_DATA_MISSING, MODEL_FORMAT, MODEL_BROKEN, MODEL_UNSUPPORTED naming an operator that is
 *   not known.
 */
export async function readIrFile(path: string): Promise<IrFile> {
  const xml = await readFile(path).catch((cause: unknown) => {
    throw new BlemishError("MODEL_NOT_FOUND", { subject: path, cause });
  });
  if (xml.length > MAX_XML_BYTES)
    throw new BlemishError("MODEL_UNSUPPORTED", {
      subject: path,
      expected: `at most ${MAX_XML_BYTES} bytes of XML`,
      found: `${xml.length}`,
    });
  const graph = readIr(readXml(new TextDecoder().decode(xml), path), path);
  const weightsPath = `${path.replace(/\.xml$/i, "")}.bin`;
  const weights = await readFile(weightsPath).catch((cause: unknown) => {
    throw new BlemishError("MODEL_DATA_MISSING", {
      subject: path,
      expected: weightsPath,
      found: "no such file",
      cause,
    });
  });
  return { onnx: translateIr(graph, weights, path), content: Buffer.concat([xml, weights]) };
}
