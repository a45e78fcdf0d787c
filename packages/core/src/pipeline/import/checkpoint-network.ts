/** The network of a checkpoint as a graph: its ResNet, and before it what a 2.x export does to pictures itself. */
import { resnetGraph } from "../../backbones/resnet-graph.js";
import type { NamedArray } from "../../bundle/safetensors.js";
import type { CheckpointFacts } from "../../checkpoint/checkpoint-facts.js";
import { BlemishError } from "../../errors.js";
import { ONNX_TYPE } from "../../onnx/data-types.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import { type GraphBuilder, graphBuilder, sizesEndingIn } from "../export/graph-builder.js";

/** A network that ends in the layers. */
export interface CheckpointNetwork {
  readonly model: OnnxModel;
  /** In the order of the facts' layers. */
  readonly taps: readonly { readonly name: string; readonly channels: number; readonly stride: number }[];
}

/**
 * @param tensors of the checkpoint, whatever prefix their names have.
 * @throws BlemishError BACKBONE when they are no ResNet, METADATA_TRANSFORM for preprocessing that no 2.x export has.
 */
export function checkpointNetwork(
  tensors: Readonly<Record<string, NamedArray>>,
  { layers, profile, steps }: CheckpointFacts,
  subject: string,
): CheckpointNetwork {
  const network = resnetGraph({ metadata: {}, arrays: tensors }, layers, subject);
  const { model, taps } = network;
  return profile === "anomalib-2"
    ? { model: withPreprocessing(model, steps, subject), taps }
    : { model, taps };
}

/** The name that the network's own input gets behind the preprocessing. */
const PREPARED = "prepared";

/** Resize without antialiasing and Normalize on values 0 to 1, inside of the graph. Source: Anomalib 2.7 `export_transform`. */
function withPreprocessing(model: OnnxModel, steps: CheckpointFacts["steps"], subject: string): OnnxModel {
  const builder = graphBuilder(model.opsets[0]?.version ?? 17);
  const end = steps.reduce((value, step) => addStep(builder, value, step, subject), "input");
  builder.add("Identity", [end], {}, PREPARED);
  const { graph } = model;
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((name) => (name === "input" ? PREPARED : name)),
  }));
  return {
    ...model,
    graph: {
      ...graph,
      nodes: [...builder.nodes, ...nodes],
      initialisers: [...builder.initialisers, ...graph.initialisers],
      inputs: [{ name: "input", elementType: ONNX_TYPE.float32, dims: [1, 3, "height", "width"] }],
    },
  };
}

function addStep(
  builder: GraphBuilder,
  value: string,
  step: CheckpointFacts["steps"][number],
  subject: string,
): string {
  if (step.type === "resize") {
    const sizes = sizesEndingIn(builder, value, [step.height, step.width]);
    const attributes = { mode: "linear", coordinate_transformation_mode: "half_pixel" };
    return builder.add("Resize", [value, "", "", sizes], attributes);
  }
  if (step.type === "normalize") {
    const centred = builder.add("Sub", [value, builder.floats([1, 3, 1, 1], step.mean)]);
    return builder.add("Div", [centred, builder.floats([1, 3, 1, 1], step.std)]);
  }
  throw new BlemishError("METADATA_TRANSFORM", {
    subject,
    expected: "Resize and Normalize",
    found: step.type,
  });
}
