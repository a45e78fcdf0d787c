/** What the inspect page draws: plain data made from a model (`view-model.ts`), laid out by `graph-layout.ts`. */

/** Part of the detector that a node belongs to; decides its colour. */
export type NodeKind = "input" | "preprocessing" | "backbone" | "head" | "blur" | "postprocessing" | "output";

/** A stored tensor as the page shows it. Statistics are null where the values are not at hand or not numbers. */
export interface TensorView {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** The first values as text. */
  readonly first: readonly string[];
  /** Why values are missing, or "". */
  readonly note: string;
}

/** One input of a node. */
export interface InputView {
  /** Name of the value in the file. */
  readonly name: string;
  /** The node that makes it; null for stored tensors and absent inputs. */
  readonly from: number | null;
  /** The stored tensor itself. */
  readonly tensor: TensorView | null;
}

/** One box of the graph. `id` is its index in the list of nodes. */
export interface NodeView {
  readonly id: number;
  readonly op: string;
  readonly name: string;
  readonly kind: NodeKind;
  /** Second line of the box: the weight's shape, an axis, a mode. */
  readonly caption: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly inputs: readonly InputView[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
}

/** An arrow: the value that goes from one node to another. */
export interface EdgeView {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Boxes and arrows. */
export interface GraphView {
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
}
