/** Arrays of a container by name, with the type and shape that they must have. */
import { BlemishError } from "../errors.js";
import type { NamedArray, SafeTensors } from "./safetensors.js";

/**
 * Gives an array's numbers.
 * @param shape null = any.
 * @throws MODEL_BROKEN when there is none of that name, type and shape.
 */
export type TakeArray = (
  name: string,
  type: NamedArray["type"],
  shape: readonly number[] | null,
) => NamedArray["data"];

/** Takes from these arrays; errors name the subject. */
export function takeArray(arrays: SafeTensors["arrays"], subject: string): TakeArray {
  return (name, type, shape) => {
    const array = arrays[name];
    if (array?.type === type && (shape === null || shape.join() === array.shape.join())) return array.data;
    throw new BlemishError("MODEL_BROKEN", {
      subject,
      expected: `array ${name} of ${type}${shape === null ? "" : ` [${shape.join(", ")}]`}`,
      found: array === undefined ? "none" : `${array.type} [${array.shape.join(", ")}]`,
    });
  };
}
