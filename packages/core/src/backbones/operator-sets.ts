/** ONNX operators of networks by what they do to places. */

/** A result has the shape of its inputs, and each value depends on the same place of them alone. */
export const VALUE_BY_VALUE: readonly string[] = [
  ..."Relu LeakyRelu PRelu Clip Sigmoid HardSigmoid HardSwish Elu Selu Gelu Erf Tanh Softplus Mish".split(
    " ",
  ),
  ..."Add Sub Mul Div Max Min Pow Neg Abs Sqrt Exp".split(" "),
  ..."BatchNormalization Identity Dropout Cast QuantizeLinear DequantizeLinear".split(" "),
];

/** Windows that take a value of all that they show. */
export const POOLS: ReadonlySet<string> = new Set(["MaxPool", "AveragePool", "LpPool"]);
