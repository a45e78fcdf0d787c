/** How many floating-point operations a network needs: convolutions and matrix products, a multiply-add counts as two. */
import { indexGraph, type OnnxModel } from "@blemish/core";
import { knownShapes } from "../packages/core/src/onnx/known-shapes.js";

/** @throws Error when the shape of a convolution or product cannot be told. */
export function networkFlops({ graph }: OnnxModel, width: number, height: number): number {
  const weights = new Set(graph.initialisers.map(({ name }) => name));
  const input = graph.inputs.find(({ name }) => !weights.has(name));
  if (input === undefined) throw new Error("The network has no input");
  const index = indexGraph(graph);
  const shapes = knownShapes(index, new Map([[input.name, [1, 3, height, width]]]));
  const size = (dims: readonly number[]) => dims.reduce((product, side) => product * side, 1);
  let flops = 0;
  for (const { opType, inputs, outputs } of graph.nodes) {
    if (opType !== "Conv" && opType !== "MatMul") continue;
    const [result, weight] = [shapes(outputs[0] ?? "")?.dims, shapes(inputs[1] ?? "")?.dims];
    if (result === undefined || weight === undefined)
      throw new Error(`${opType} ${outputs[0]}: unknown shape`);
    flops += 2 * size(result) * (opType === "Conv" ? size(weight.slice(1)) : (weight.at(-2) ?? 1));
  }
  return flops;
}
