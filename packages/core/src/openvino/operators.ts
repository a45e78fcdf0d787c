/**
 * The operators of OpenVINO that models of Anomalib hold, as operators of ONNX (opset 18). Source: OpenVINO's operator sets 1 to 13,
 * ONNX 1.16. What is not here is refused by name.
 */
import { pointwiseOperators } from "./pointwise-operators.js";
import { shapeOperators } from "./shape-operators.js";
import type { Operator } from "./translation.js";
import { windowOperators } from "./window-operators.js";

/** By the layer's type. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...Object.entries(pointwiseOperators),
  ...Object.entries(shapeOperators),
  ...Object.entries(windowOperators),
]);
