/** Models as files of format version 2: factors of all channels in their own order, with all zeros of their triangles. */
import { headArrays } from "../../packages/core/src/bundle/head-arrays.js";
import { type ModelFile, writeModelFile } from "../../packages/core/src/bundle/model-file.js";
import {
  readSafeTensors,
  type SafeTensors,
  writeSafeTensors,
} from "../../packages/core/src/bundle/safetensors.js";
import {
  entryIndex,
  entryStep,
  type PackedGaussians,
  packedRows,
} from "../../packages/core/src/stages/padim/packed-gaussians.js";
import { storedEntries } from "../../packages/core/src/stages/padim/round-block.js";
import { unpackFactor } from "../../packages/core/src/stages/padim/unpack-factor.js";
import { sha256 } from "./small-model.js";

/** The factors of a head as version 2 had them. */
export function version2Factor(head: PackedGaussians): PackedGaussians["factor"] {
  const { channels, cells, precision } = head;
  const size = packedRows(channels) * 8;
  const factor = storedEntries(precision, Math.ceil(cells / 8) * size);
  for (let cell = 0; cell < cells; cell++) {
    const triangle = unpackFactor({ ...head, scale: null }, cell);
    const first = Math.floor(cell / 8) * size + (cell % 8) * entryStep(precision);
    for (let i = 0, at = 0; i < channels; i++)
      for (let j = 0; j <= i; j++, at++) factor[first + entryIndex(precision, i, j)] = triangle[at];
  }
  return factor;
}

/** The model's bytes in version 2. @param change arrays to replace. */
export function writeVersion2(model: ModelFile, change: SafeTensors["arrays"] = {}): Uint8Array {
  const written = readSafeTensors(writeModelFile(model, sha256), "today's");
  const { channels, cells } = model.head;
  const { "padim.linked": _linked, "padim.order": _order, ...arrays } = written.arrays;
  const old = {
    ...arrays,
    "padim.factor": {
      type: headArrays(model.head)["padim.factor"].type,
      shape: [Math.ceil(cells / 8), packedRows(channels), 8],
      data: version2Factor(model.head),
    },
    ...change,
  };
  const manifest = (written.metadata.manifest as string).replace('"version":3', '"version":2');
  return writeSafeTensors({ metadata: { manifest, sha256: hashOf(manifest, old) }, arrays: old });
}

/** The hash that a file carries, of every version. */
export function hashOf(manifest: string, arrays: SafeTensors["arrays"]): string {
  const sorted = Object.entries(arrays).sort(([a], [b]) => (a < b ? -1 : 1));
  const described = JSON.stringify([manifest, sorted.map(([name, { type, shape }]) => [name, type, shape])]);
  const bytes = sorted.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return sha256([new TextEncoder().encode(described), ...bytes]);
}
