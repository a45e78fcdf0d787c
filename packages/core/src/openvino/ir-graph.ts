/** An OpenVINO IR as plain data: layers with their edges resolved, in an order in which they can be computed. */

/** A graph of layers. */
export interface IrGraph {
  readonly name: string;
  /** Version of the IR format: 10 and 11 are read. */
  readonly version: number;
  /** What wrote the file, as it says itself; null where it does not. */
  readonly converter: string | null;
  /** Each after the layers that it takes values of. */
  readonly layers: readonly IrLayer[];
}

/** One operation. */
export interface IrLayer {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Operator set: `opset1` and later. */
  readonly opset: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Where its inputs come from, in the order of its ports. */
  readonly inputs: readonly IrPort[];
  readonly outputs: readonly IrPort[];
}

/** A value: an output of a layer. */
export interface IrPort {
  readonly layer: string;
  readonly port: string;
  /** Upper case: `FP32`, `FP16`, `I64`, `BOOL`. */
  readonly precision: string;
  /** -1 = any size. */
  readonly dims: readonly number[];
  /** What the converter called it, in any number. */
  readonly names: readonly string[];
}
