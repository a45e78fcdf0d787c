/** The detectors of a recipe or a manifest in one list. */

/** All in the order of the passes: the order of everything that there is one of for each detector. */
export function detectorsOf<D>({
  passes,
}: {
  readonly passes: readonly { readonly detectors: readonly D[] }[];
}): D[] {
  return passes.flatMap(({ detectors }) => detectors);
}
