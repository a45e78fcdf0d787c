/** Packed Gaussians as named arrays of a model file, of today's version and of version 2. */
import { BlemishError } from "../errors.js";
import { packWhole } from "../stages/padim/pack-whole.js";
import {
  BLOCK_CELLS,
  blockCount,
  blockPlace,
  type FactorPrecision,
  groupCount,
  type PackedGaussians,
  packedRows,
  scaleRows,
  storedCells,
} from "../stages/padim/packed-gaussians.js";
import type { NamedArray } from "./safetensors.js";
import type { TakeArray } from "./take-array.js";

const FACTOR_TYPE = { float32: "F32", int16: "I16", int8: "I8" } as const;

/** The arrays to be written. */
export function headArrays(head: PackedGaussians): Record<string, NamedArray> {
  const { channels, precision, mean, linkedGroups, order, factor, scale } = head;
  const blocks = linkedGroups.length;
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

/** What decides the sizes of a head's arrays. */
export interface HeadSize {
  readonly channels: number;
  readonly cells: number;
  readonly precision: FactorPrecision;
  /** One Gaussian for all cells. */
  readonly shared?: boolean;
}

/**
 * The Gaussians in a file, as views of it.
 * @throws MODEL_BROKEN when an array is missing or not of the size that the manifest and the other arrays say.
 */
export function readHead(size: HeadSize, take: TakeArray, subject: string): PackedGaussians {
  const { channels, cells, precision, shared } = size;
  const blocks = blockCount(storedCells(size));
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
    ...meanAndScale(size, take),
    ...(shared === true && { shared }),
  };
}

/** The Gaussians in a file of format version 2, whose factors hold all zeros of their triangles. */
export function readWholeHead(size: HeadSize, take: TakeArray): PackedGaussians {
  const { channels, cells, precision } = size;
  const shape = [blockCount(cells), packedRows(channels), BLOCK_CELLS];
  const factor = take("padim.factor", FACTOR_TYPE[precision], shape) as PackedGaussians["factor"];
  return packWhole({ ...size, ...meanAndScale(size, take), factor });
}

function meanAndScale(size: HeadSize, take: TakeArray) {
  const { channels, precision } = size;
  const shape = (rows: number) => [blockCount(storedCells(size)), rows, BLOCK_CELLS];
  return {
    mean: take("padim.mean", "F32", shape(channels)) as Float32Array,
    scale:
      precision === "float32"
        ? null
        : (take("padim.scale", "F32", shape(scaleRows(channels))) as Float32Array),
  };
}
