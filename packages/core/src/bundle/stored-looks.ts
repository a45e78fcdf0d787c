/** Small grey pictures of the good parts as arrays of a model file: what pictures are compared with before they are judged. */
import type { AlignmentModel } from "../stages/alignment/alignment-model.js";
import { REFERENCE_SIDE } from "../stages/alignment/alignment-model.js";
import { LOOK_SIDE, type ValidityModel } from "../stages/validity/validity-rules.js";
import type { CommonManifest } from "./manifest.js";
import type { NamedArray } from "./safetensors.js";
import type { TakeArray } from "./take-array.js";

/** The mean good picture, as rules of validity and as the alignment see it; row-major, 0–255. */
export interface StoredLooks {
  /** `[32, 32]`; absent where no rule compares with it. */
  readonly validityLook?: Uint8Array;
  /** `[128, 128]`; absent where pictures are not aligned. */
  readonly alignmentReference?: Uint8Array;
}

/** The arrays to be written. */
export function lookArrays({ validityLook, alignmentReference }: StoredLooks): Record<string, NamedArray> {
  const square = (side: number, data: Uint8Array): NamedArray => ({ type: "U8", shape: [side, side], data });
  return {
    ...(validityLook && { "validity.look": square(LOOK_SIDE, validityLook) }),
    ...(alignmentReference && { "alignment.reference": square(REFERENCE_SIDE, alignmentReference) }),
  };
}

/** The arrays that the manifest asks for. @throws MODEL_BROKEN when one is missing or has another size. */
export function readLooks(manifest: CommonManifest, take: TakeArray): StoredLooks {
  const square = (name: string, side: number) => take(name, "U8", [side, side]) as Uint8Array;
  return {
    ...(comparesLooks(manifest) && { validityLook: square("validity.look", LOOK_SIDE) }),
    ...(manifest.alignment && { alignmentReference: square("alignment.reference", REFERENCE_SIDE) }),
  };
}

/** Rules and alignment of a model with their pictures, copied out of the file. */
export function describeLooks(
  { validity, alignment }: CommonManifest,
  { validityLook, alignmentReference }: StoredLooks,
): { readonly validity?: ValidityModel; readonly alignment?: AlignmentModel } {
  return {
    ...(validity && { validity: { ...validity, look: validityLook?.slice() ?? null } }),
    ...(alignment &&
      alignmentReference && { alignment: { ...alignment, reference: alignmentReference.slice() } }),
  };
}

function comparesLooks({ validity }: CommonManifest): boolean {
  return validity?.rules.some(({ rule }) => rule === "likeness" || rule === "place") ?? false;
}
