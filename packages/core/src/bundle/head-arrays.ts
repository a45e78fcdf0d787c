/** Packed Gaussians as named arrays of a model file, of every version that is read. */
import { BlemishError } from "../errors.js";
import { packWhole } from "../stages/padim/pack-whole.js";
import {
  BLOCK_CELLS,
  blockCount,
  blockPlace,
  groupCount,
  type PackedGaussians,
  packedRows,
  scaleRows,
} from "../stages/padim/packed-gaussians.js";
import type { ModelManifest } from "./manifest.js";
import { headFromVersion1 } from "./read-version-1.js";
import type { NamedArray } from "./safetensors.js";
import type { TakeArray } from "./take-array.js";

const FACTOR_TYPE = { float32: "F32", int16: "I16", int8: "I8" } as const;

/** The arrays to be written. */
export function headArrays(head: PackedGaussians): Record<string, NamedArray> {
  const { channels, cells, precision, mean, linkedGroups, order, factor, scale } = head;
  const blocks = blockCount(cells);
  const rows = (data: NamedArray["data"]) => [data.length / BLOCK_CELLS, BLOCK_CELLS];
  const arrays: Record<string, NamedArray> = {
    "padim.mean": { type: "F32", shape: [blocks, channels, BLOCK_CELLS], data: mean },
    "padim.linked": { type: "I16", shape: [blocks], data: linkedGroups },
    "padim.order": { type: "I16", shape: rows(order), data: order },
    "padim.factor": { type: FACTOR_TYPE[precision], shape: rows(factor), data: factor },
  };
  if (scale !== null)
    arrays["padim.scale"] = { type: "F32", shape: [blocks, scaleRows(channels), BLOCK_CELLS], data: scale };
  return arrays;
}

/**
 * The Gaussians in a file; of today's version they are views of it.
 * @param version of the format that the file has.
 * @throws MODEL_BROKEN when an array is missing or not of the size that the manifest and the other arrays say.
 */
export function readHead(
  { head }: ModelManifest,
  version: number,
  take: TakeArray,
  subject: string,
): PackedGaussians {
  if (version === 1) return version1Head(head, take);
  if (version === 2) return version2Head(head, take);
  const { channels, precision } = head;
  const cells = head.gridWidth * head.gridHeight;
  const blocks = blockCount(cells);
  const linkedGroups = take("padim.linked", "I16", [blocks]) as Int16Array;
  if (!linkedGroups.every((groups) => groups >= 0 && groups <= groupCount(channels)))
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: `0 to ${groupCount(channels)} groups in array padim.linked`,
      found: "others",
    });
  const end = blockPlace({ channels, linkedGroups }, blocks);
  const rows = (entries: number) => [entries / BLOCK_CELLS, BLOCK_CELLS];
  return {
    channels,
    cells,
    precision,
    linkedGroups,
    order: take("padim.order", "I16", rows(end.order)) as Int16Array,
    factor: take("padim.factor", FACTOR_TYPE[precision], rows(end.factor)) as PackedGaussians["factor"],
    ...meanAndScale(head, take),
  };
}

type HeadManifest = ModelManifest["head"];

function meanAndScale({ channels, gridWidth, gridHeight, precision }: HeadManifest, take: TakeArray) {
  const blocks = blockCount(gridWidth * gridHeight);
  const shape = (rows: number) => [blocks, rows, BLOCK_CELLS];
  return {
    mean: take("padim.mean", "F32", shape(channels)) as Float32Array,
    scale:
      precision === "float32"
        ? null
        : (take("padim.scale", "F32", shape(scaleRows(channels))) as Float32Array),
  };
}

function version2Head(head: HeadManifest, take: TakeArray): PackedGaussians {
  const { channels, precision } = head;
  const cells = head.gridWidth * head.gridHeight;
  const shape = [blockCount(cells), packedRows(channels), BLOCK_CELLS];
  const factor = take("padim.factor", FACTOR_TYPE[precision], shape) as PackedGaussians["factor"];
  return packWhole({ channels, cells, precision, ...meanAndScale(head, take), factor });
}

function version1Head(head: HeadManifest, take: TakeArray): PackedGaussians {
  const { meanShape, factorShape } = tiledShapes(head);
  const mean = take("padim.mean", "F32", meanShape) as Float32Array;
  const factor = take("padim.factor", "F32", factorShape) as Float32Array;
  return headFromVersion1(head, mean, factor);
}

/** Cells in a tile. */
const LANES = 64;

/** Shapes of tiled arrays (`stages/padim/tiles.ts`): a number for each channel, and one for each entry of a triangle. */
export function tiledShapes({ channels, gridWidth, gridHeight }: HeadManifest) {
  const tiles = Math.ceil((gridWidth * gridHeight) / LANES);
  return {
    meanShape: [tiles, channels, LANES],
    factorShape: [tiles, (channels * (channels + 1)) / 2, LANES],
  };
}
