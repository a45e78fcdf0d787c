/** Reads a backbone's folder, the one that comes with Blemish or one that a user made, and checks it against its hash. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  type BackboneManifest,
  type BackbonePrecision,
  BlemishError,
  parseBackboneManifest,
  withPrecision,
} from "@blemish/core";
import { sha256 } from "../sha256.js";

/** The backbone that comes with Blemish, in a package of its own. */
export const EMBEDDED_BACKBONE = "efficientnet-lite0";

/** A backbone in memory. */
export interface Backbone {
  readonly manifest: BackboneManifest;
  /** The network's ONNX file, whose SHA-256 is the manifest's. */
  readonly modelBytes: Uint8Array;
  /** Where it was read. */
  readonly folder: string;
}

/** No manifest is larger, in bytes. */
const MAX_MANIFEST = 1_000_000;

/**
 * A backbone, read and checked.
 *
 * @param idOrFolder {@link EMBEDDED_BACKBONE} (the default), or a folder with `manifest.json` and the network that it
 *   names; write `./efficientnet-lite0` for a folder of that name.
 * @param precision which of its networks; the manifest that is given describes that one alone.
 * @throws BlemishError BACKBONE: no such folder, no manifest or one with a wrong field, no network (of this precision),
 *   another SHA-256.
 */
export async function loadBackbone(
  idOrFolder: string = EMBEDDED_BACKBONE,
  precision: BackbonePrecision = "float32",
): Promise<Backbone> {
  const folder = idOrFolder === EMBEDDED_BACKBONE ? embeddedFolder() : idOrFolder;
  const path = join(folder, "manifest.json");
  const text = await readPart(path, folder, "a manifest.json in this folder");
  const manifest = withPrecision(parseBackboneManifest(jsonOf(text, path), path), precision);
  const modelPath = join(folder, manifest.model);
  const modelBytes = await readPart(
    modelPath,
    folder,
    `${manifest.model}, the network that its manifest names`,
  );
  const found = sha256([modelBytes]);
  if (found === manifest.sha256) return { manifest, modelBytes, folder };
  const expected = `sha256 ${manifest.sha256}, as manifest.json says`;
  throw new BlemishError("BACKBONE", { subject: modelPath, expected, found });
}

function embeddedFolder(): string {
  const name = `@blemish/backbone-${EMBEDDED_BACKBONE}`;
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/manifest.json`));
  } catch (cause) {
    throw new BlemishError("BACKBONE", {
      subject: `The backbone ${EMBEDDED_BACKBONE}`,
      expected: `the package ${name}`,
      found: "none installed",
      cause,
    });
  }
}

async function readPart(path: string, folder: string, expected: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BlemishError("BACKBONE", { subject: folder, expected, found, cause });
  }
}

function jsonOf(bytes: Uint8Array, path: string): unknown {
  const expected = "JSON";
  if (bytes.length > MAX_MANIFEST)
    throw new BlemishError("BACKBONE", { subject: path, expected, found: `${bytes.length} bytes` });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new BlemishError("BACKBONE", { subject: path, expected, found: "other text", cause });
  }
}
