/** A user's network file becomes a backbone: read with the files that hold its weights, cut, and tried once. */
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  BlemishError,
  type ExternalFiles,
  elementCount,
  externalDataFiles,
  extractTaps,
  type ImportedBackbone,
  type ImportOptions,
  importBackbone,
  readBackboneSource,
} from "@blemish/core";
import { ortSession } from "../session/ort-session.js";
import { sha256 } from "../sha256.js";

/** Smallest side in pixels that the trial uses, so that no layer is left with a single cell. */
const TRIAL_SIDE = 64;

/**
 * The backbone that a file holds. It is run once on grey, so that a manifest that does not fit its network is never
 * written. Core's `importBackbone` says what is taken and what the options mean.
 *
 * @throws BlemishError BACKBONE, MODEL_DATA_MISSING, MODEL_UNSUPPORTED, MODEL_INPUT, OPTION_VALUE.
 */
export async function importBackboneFile(path: string, options: ImportOptions): Promise<ImportedBackbone> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new BlemishError("BACKBONE", { subject: path, expected: "a file that can be read", found, cause });
  });
  const source = readBackboneSource(bytes, path);
  const files =
    source.format === "onnx" ? await externalFiles(path, externalDataFiles(source.model, path)) : new Map();
  const origin = `imported from ${basename(path)}, sha256 ${sha256([bytes])}`;
  const imported = importBackbone(source, { source: origin, ...options }, files);
  await tryOnce(imported, path);
  return imported;
}

/** The files that are there; `importBackbone` names one that is missing. */
async function externalFiles(
  path: string,
  wanted: ReturnType<typeof externalDataFiles>,
): Promise<ExternalFiles> {
  const files = new Map<string, Uint8Array>();
  for (const { location } of wanted) {
    const bytes = await readFile(join(dirname(path), location)).catch(() => null);
    if (bytes !== null) files.set(location, bytes);
  }
  return files;
}

async function tryOnce({ manifest, model }: ImportedBackbone, path: string): Promise<void> {
  const session = await ortSession({ bytes: model, name: path }, { threads: 1, spinning: false });
  try {
    const { multipleOf } = manifest.input;
    const side = multipleOf * Math.ceil(TRIAL_SIDE / multipleOf);
    const shape = [1, 3, side, side];
    const grey = { data: new Float32Array(elementCount(shape)), shape };
    await extractTaps(session, { ...manifest, sha256: "" }, grey);
  } finally {
    await session.close();
  }
}
