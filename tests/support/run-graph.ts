/** Runs a graph in the making in ONNX Runtime: what its nodes compute, for tests. */
import { ONNX_TYPE } from "../../packages/core/src/onnx/data-types.js";
import { writeOnnx } from "../../packages/core/src/onnx/write-onnx.js";
import type { GraphBuilder } from "../../packages/core/src/pipeline/export/graph-builder.js";
import type { Tensor } from "../../packages/core/src/tensor.js";
import { ortSession } from "../../packages/node/src/session/ort-session.js";

/** @param wanted names of values. @returns them in that order. */
export async function runGraph(
  builder: GraphBuilder,
  feeds: Readonly<Record<string, Tensor>>,
  wanted: readonly string[],
): Promise<Tensor[]> {
  // Only what is wanted is an output, by a name of its own.
  const outputs = wanted.map((name, i) => builder.add("Identity", [name], {}, `wanted_${i}`));
  const bytes = writeOnnx({
    irVersion: 8,
    producerName: "test",
    producerVersion: "",
    opsets: [{ domain: "", version: builder.opset }],
    metadataProps: [],
    graph: {
      name: "test",
      nodes: builder.nodes,
      initialisers: builder.initialisers,
      inputs: Object.entries(feeds).map(([name, { shape }]) => ({
        name,
        elementType: ONNX_TYPE.float32,
        dims: shape,
      })),
      outputs: outputs.map((name) => ({ name, elementType: null, dims: null })),
      valueInfo: [],
    },
  });
  const session = await ortSession({ bytes, name: "the test's graph" }, { threads: 1, spinning: false });
  try {
    const results = await session.run(feeds);
    return outputs.map((name) => results[name] as Tensor);
  } finally {
    await session.close();
  }
}
