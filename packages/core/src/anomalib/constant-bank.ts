/** The memory bank of a graph: a constant that exporters write several times, upright and transposed. */
import { ONNX_TYPE } from "../onnx/data-types.js";
import type { OnnxTensor } from "../onnx/onnx-model.js";
import { tensorValues } from "../onnx/tensor-values.js";
import { type GraphWalk, refusal, resolved } from "./graph-walk.js";
import { squaredLengthsOf, turnedBack } from "./pair-distances.js";

/** A bank and all constants that were found to be it. */
export interface ConstantBank {
  readonly rows: number;
  readonly channels: number;
  /** `[rows, channels]`: a view into the model's bytes where they are aligned and hold the bank upright. */
  readonly data: Float32Array;
}

/** Relative difference of a stored squared length from ours: exporters sum in another order. */
const LENGTH_TOLERANCE = 1e-4;

const BANK = "a memory bank of float32 patches";

/**
 * The bank whose transpose stands at `turned`.
 * @throws BlemishError MODEL_ENGINE when it is no constant `[channels, rows]`; errors of `tensorValues`.
 */
export function bankBehind(walk: GraphWalk, turned: string, channels: number): ConstantBank {
  const folded = floatsAt(walk, turned);
  if (folded === null) {
    const upright = floatsAt(walk, turnedBack(walk, turned, BANK));
    if (upright === null || upright.tensor.dims[1] !== channels) throw refusal(BANK, "none");
    return { rows: upright.tensor.dims[0] ?? 0, channels, data: upright.data };
  }
  const [first, rows = 0] = folded.tensor.dims;
  if (first !== channels) throw refusal(`${BANK} with ${channels} channels`, `${first}`);
  return { rows, channels, data: uprightCopy(walk, folded.data, rows, channels) };
}

/** The same numbers where the graph stores them upright as well; else transposed here. */
function uprightCopy(walk: GraphWalk, turned: Float32Array, rows: number, channels: number): Float32Array {
  for (const { name, dims } of walk.index.graph.initialisers) {
    if (dims.length !== 2 || dims[0] !== rows || dims[1] !== channels) continue;
    const found = floatsAt(walk, name)?.data;
    if (found !== undefined && isTransposed({ rows, channels, data: found }, turned)) return found;
  }
  const data = new Float32Array(turned.length);
  for (let row = 0; row < rows; row++)
    for (let d = 0; d < channels; d++) data[row * channels + d] = turned[d * rows + row];
  return data;
}

/** Whether a value is the bank `[rows, channels]`. */
export function isBank(walk: GraphWalk, name: string, { rows, channels, data }: ConstantBank): boolean {
  const found = floatsAt(walk, resolved(walk, name));
  const [first, second] = found?.tensor.dims ?? [];
  return found !== null && first === rows && second === channels && sameNumbers(found.data, data);
}

/** Whether a value is the bank's transpose `[channels, rows]`, as a constant or as a transposition of it. */
export function isTurnedBank(walk: GraphWalk, name: string, bank: ConstantBank): boolean {
  const found = floatsAt(walk, resolved(walk, name));
  if (found === null) return isBank(walk, turnedBack(walk, name, BANK), bank);
  const [first, second] = found.tensor.dims;
  return first === bank.channels && second === bank.rows && isTransposed(bank, found.data);
}

/** Whether a value is the squared lengths of the bank's rows `[1, rows]`, computed or stored. */
export function isBankLengths(walk: GraphWalk, name: string, bank: ConstantBank): boolean {
  const found = floatsAt(walk, resolved(walk, name));
  if (found === null) {
    const own = squaredLengthsOf(walk, turnedBack(walk, name, "squared lengths of the memory bank's rows"));
    return own !== null && isBank(walk, own, bank);
  }
  const [first, second] = found.tensor.dims;
  if (first !== 1 || second !== bank.rows) return false;
  return found.data.every((length, row) => {
    let sum = 0;
    for (let d = 0; d < bank.channels; d++) sum += bank.data[row * bank.channels + d] ** 2;
    return Math.abs(length - sum) <= LENGTH_TOLERANCE * sum;
  });
}

function floatsAt(walk: GraphWalk, name: string): { tensor: OnnxTensor; data: Float32Array } | null {
  const tensor = walk.index.constants.get(name);
  if (tensor?.dataType !== ONNX_TYPE.float32 || tensor.dims.length !== 2) return null;
  const data = tensorValues(tensor, walk.files);
  if (data instanceof Float32Array) return { tensor, data };
  throw refusal("the numbers of the memory bank", "none that can be read");
}

function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((value, at) => value === b[at]);
}

function isTransposed({ rows, channels, data }: ConstantBank, turned: Float32Array): boolean {
  if (turned.length !== data.length) return false;
  for (let row = 0; row < rows; row++)
    for (let d = 0; d < channels; d++) if (data[row * channels + d] !== turned[d * rows + row]) return false;
  return true;
}
