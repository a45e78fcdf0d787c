/** What a file that a user brings as a backbone is: an ONNX network, or the weights of a ResNet in safetensors. */
import { readSafeTensors, type SafeTensors } from "../bundle/safetensors.js";
import { BlemishError } from "../errors.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import { readOnnx } from "../onnx/read-onnx.js";

/** A file that has been read. */
export type BackboneSource = { readonly subject: string } & (
  | { readonly format: "onnx"; readonly model: OnnxModel }
  | { readonly format: "safetensors"; readonly tensors: SafeTensors }
);

/**
 * Reads a file, whichever of the two it is. Weights stay views into `bytes`, which must not change afterwards.
 * @param subject what errors call the file.
 * @throws BlemishError BACKBONE when it is neither, and when it is damaged.
 */
export function readBackboneSource(bytes: Uint8Array, subject: string): BackboneSource {
  try {
    return looksLikeSafeTensors(bytes)
      ? { subject, format: "safetensors", tensors: readSafeTensors(bytes, subject) }
      : { subject, format: "onnx", model: readOnnx(bytes, subject) };
  } catch (cause) {
    if (!(cause instanceof BlemishError)) throw cause;
    const damaged = cause.code === "MODEL_BROKEN";
    const expected = damaged
      ? cause.expected || "an undamaged file"
      : "an ONNX network, or the weights of a ResNet in safetensors";
    throw new BlemishError("BACKBONE", { subject, expected, found: cause.found || "a damaged file", cause });
  }
}

/** A length below 2⁴⁰ and an opening brace; an ONNX file begins with other bytes. */
function looksLikeSafeTensors(bytes: Uint8Array): boolean {
  return bytes.length > 8 && bytes[8] === 0x7b && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0;
}
