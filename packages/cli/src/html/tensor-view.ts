/** A stored tensor as the page shows it: type, shape, range, mean and first values. */
import { dataTypeName, type ExternalFiles, type OnnxTensor, tensorValues } from "@blemish/core";
import type { TensorView } from "./graph-view.js";

/** How many values are shown. */
const FIRST_VALUES = 12;

/** Digits of a shown float32. */
const DIGITS = 7;

/**
 * What there is to see of a tensor. Numbers that are not finite count for nothing in the range and the mean.
 * @param files Contents of the files that hold external weights; without them their values are not shown.
 */
export function tensorView(tensor: OnnxTensor, files: ExternalFiles): TensorView {
  const { name, dims: shape, dataType, payload } = tensor;
  const empty = { name, dtype: dataTypeName(dataType), shape, min: null, max: null, mean: null };
  if (payload.kind === "strings") {
    return {
      ...empty,
      first: payload.values.slice(0, FIRST_VALUES).map((text) => text.slice(0, 80)),
      note: "",
    };
  }
  const values = tensorValues(tensor, files);
  if (values === null) {
    const note =
      payload.kind === "external" ? `values in ${payload.location}` : "values not shown for this type";
    return { ...empty, first: [], note };
  }
  const first = Array.from(values.subarray(0, FIRST_VALUES) as ArrayLike<number | bigint>, valueText);
  return { ...empty, ...rangeOf(values as ArrayLike<number | bigint>), first, note: "" };
}

function rangeOf(values: ArrayLike<number | bigint>): Pick<TensorView, "min" | "max" | "mean"> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const value = Number(values[index]);
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  return count === 0 ? { min: null, max: null, mean: null } : { min, max, mean: sum / count };
}

function valueText(value: number | bigint): string {
  return typeof value === "bigint" ? String(value) : String(Number(value.toPrecision(DIGITS)));
}
