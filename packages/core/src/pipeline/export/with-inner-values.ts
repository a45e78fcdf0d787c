/** One of our exports with the raw values inside of its graph as further outputs: so every form can be held against its samples. */
import { ONNX_TYPE } from "../../onnx/data-types.js";
import type { OnnxModel, OnnxValue } from "../../onnx/onnx-model.js";
import type { ExportNotes } from "./export-notes.js";

/** The model, its nodes and weights shared; outputs that are there already stay as they are. */
export function withInnerValues(model: OnnxModel, { raw }: ExportNotes): OnnxModel {
  const { graph } = model;
  const known = new Set(graph.outputs.map(({ name }) => name));
  const inner = (name: string, dims: OnnxValue["dims"]): OnnxValue[] =>
    known.has(name) ? [] : [{ name, elementType: ONNX_TYPE.float32, dims }];
  const outputs = [
    ...graph.outputs,
    ...inner(raw.map, ["batch", 1, "map_height", "map_width"]),
    ...inner(raw.score, ["batch", 1]),
    ...raw.inputs.flatMap((name) => inner(name, ["batch", 3, "input_height", "input_width"])),
  ];
  return { ...model, graph: { ...graph, outputs } };
}
