/** The operator set that an integer network needs: 13, the first with a scale for each channel. */
import { BlemishError } from "../../errors.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";

const NEEDED = { opset: 13, ir: 7 };

/** Operators that mean the same in sets 11 and 12 as in 13 (ONNX's change log), for what backbones do with them. */
const UNCHANGED = new Set([
  ...[
    "Add",
    "AveragePool",
    "BatchNormalization",
    "Clip",
    "Concat",
    "Constant",
    "Conv",
    "Div",
    "Exp",
    "Flatten",
  ],
  ...[
    "Gather",
    "Gemm",
    "GlobalAveragePool",
    "HardSigmoid",
    "Identity",
    "LeakyRelu",
    "MatMul",
    "MaxPool",
    "Mul",
  ],
  ...[
    "Pad",
    "PRelu",
    "Relu",
    "Reshape",
    "Resize",
    "Shape",
    "Sigmoid",
    "Slice",
    "Sqrt",
    "Sub",
    "Tanh",
    "Transpose",
  ],
]);
const OLDEST = 11;

/**
 * Versions for the network's integer form: its own when they are new enough, else the oldest that will do.
 * @throws BlemishError BACKBONE when its nodes may mean something else in the newer set.
 */
export function integerOperators(
  { irVersion, opsets, graph }: OnnxModel,
  subject: string,
): Pick<OnnxModel, "irVersion" | "opsets"> {
  const isStandard = (domain: string) => domain === "" || domain === "ai.onnx";
  const version = opsets.find(({ domain }) => isStandard(domain))?.version ?? 1;
  const ir = Math.max(irVersion, NEEDED.ir);
  if (version >= NEEDED.opset) return { irVersion: ir, opsets };
  const changed = graph.nodes.find(({ domain, opType }) => isStandard(domain) && !UNCHANGED.has(opType));
  if (version < OLDEST || changed !== undefined)
    throw new BlemishError("BACKBONE", {
      subject,
      expected: `ONNX operator set ${NEEDED.opset} or later`,
      found: `${version}${changed === undefined ? "" : ` with operator ${changed.opType}`}`,
    });
  const raised = opsets.map((one) => (isStandard(one.domain) ? { ...one, version: NEEDED.opset } : one));
  return { irVersion: ir, opsets: raised };
}
