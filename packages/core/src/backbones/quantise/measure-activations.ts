/** A network that also says how large its inner values are, and the running figures of what it says. */
import { BlemishError } from "../../errors.js";
import { ONNX_TYPE } from "../../onnx/data-types.js";
import type { OnnxAttribute, OnnxModel, OnnxNode } from "../../onnx/onnx-model.js";
import type { Session } from "../../stages/detector/detector.js";
import type { Tensor } from "../../tensor.js";
import type { ActivationFacts } from "./activation-steps.js";
import { planQuantisation } from "./plan-quantisation.js";

/** A probing network. */
export interface ActivationProbe {
  /** Takes what the network takes; its outputs are small: two numbers for a value, or one for a channel. */
  readonly model: OnnxModel;
  /** Values that are measured. */
  readonly values: readonly string[];
  /** Those of them whose channels' means are measured too. */
  readonly convolved: readonly string[];
  /** Those that are still the picture, before the first integer node. */
  readonly entries: readonly string[];
}

/**
 * The network with the smallest and the largest number of every value that is to become integer as its outputs, in
 * place of its own, and the mean of every channel that is convolved. The reductions are done in the graph, so nothing
 * large leaves the session.
 * @throws BlemishError BACKBONE for a network without anything that can become integer.
 */
export function activationProbe(model: OnnxModel, subject: string): ActivationProbe {
  const { nodes, values: ranged, entries } = planQuantisation(model, subject);
  const convolved = [...new Set(nodes.flatMap(({ node, inputs }) => (node.opType === "Conv" ? inputs : [])))];
  const values = [...new Set([...ranged, ...convolved])];
  const all = { name: "keepdims", type: "int", value: 0n } as const;
  const reductions = [
    ...values.map((value) => reduction("ReduceMin", value, smallest(value), [all])),
    ...values.map((value) => reduction("ReduceMax", value, largest(value), [all])),
    ...convolved.map((value) => reduction("GlobalAveragePool", value, mean(value), [])),
  ];
  const outputs = reductions.map(({ name }) => ({ name, elementType: ONNX_TYPE.float32, dims: null }));
  const graph = { ...model.graph, nodes: [...model.graph.nodes, ...reductions], outputs };
  return { model: { ...model, graph }, values, convolved, entries };
}

const smallest = (value: string) => `${value}/smallest`;
const largest = (value: string) => `${value}/largest`;
const mean = (value: string) => `${value}/mean`;

function reduction(opType: string, input: string, output: string, attributes: OnnxAttribute[]): OnnxNode {
  return { name: output, opType, domain: "", inputs: [input], outputs: [output], attributes };
}

/** What a probe is fed with. */
export interface ProbeInputs {
  /** Name of the network's input. */
  readonly name: string;
  /** At least one. */
  readonly tensors: AsyncIterable<Tensor> | Iterable<Tensor>;
  /** Black and white: the darkest and the brightest that pictures can be. They widen the ranges of `entries` only. */
  readonly extremes: readonly Tensor[];
}

/**
 * What every value is over all inputs: minimum and maximum as they are, nothing is cut off; means over all inputs, each
 * counted once. Memory does not grow.
 *
 * @param session runs the probe's model.
 * @throws BlemishError BACKBONE without a tensor, or for a value that is not finite.
 */
export async function measureActivations(
  session: Session,
  { values, convolved, entries }: Omit<ActivationProbe, "model">,
  { name, tensors, extremes }: ProbeInputs,
): Promise<Map<string, ActivationFacts>> {
  const ranges = new Map<string, Range>(values.map((value) => [value, { min: Infinity, max: -Infinity }]));
  const sums = new Map<string, Float64Array>();
  let count = 0;
  for await (const tensor of tensors) {
    const results = await session.run({ [name]: tensor });
    count++;
    for (const value of values) widen(ranges, value, results);
    for (const value of convolved) addTo(sums, value, results[mean(value)]?.data ?? []);
  }
  if (count === 0) throw wrong("at least one picture", "none");
  for (const tensor of extremes) {
    const results = await session.run({ [name]: tensor });
    for (const value of entries) widen(ranges, value, results);
  }
  const factsOf = ([value, range]: [string, Range]): [string, ActivationFacts] => {
    const means = sums.get(value)?.map((sum) => sum / count) ?? null;
    return [value, { ...range, means }];
  };
  return new Map([...ranges].map(factsOf));
}

interface Range {
  readonly min: number;
  readonly max: number;
}

type Results = Readonly<Record<string, Tensor>>;

function widen(ranges: Map<string, Range>, value: string, results: Results): void {
  const { min, max } = ranges.get(value) as Range;
  const low = only(results[smallest(value)], value);
  const high = only(results[largest(value)], value);
  ranges.set(value, { min: Math.min(min, low), max: Math.max(max, high) });
}

function only(tensor: Tensor | undefined, value: string): number {
  const number = tensor?.data[0] ?? Number.NaN;
  if (Number.isFinite(number)) return number;
  throw wrong(`finite numbers in ${value}`, "others");
}

function addTo(sums: Map<string, Float64Array>, value: string, numbers: ArrayLike<number>): void {
  const sum = sums.get(value) ?? new Float64Array(numbers.length);
  for (let channel = 0; channel < sum.length; channel++) sum[channel] += numbers[channel];
  sums.set(value, sum);
}

function wrong(expected: string, found: string): BlemishError {
  return new BlemishError("BACKBONE", { subject: "Measuring the network's values", expected, found });
}
