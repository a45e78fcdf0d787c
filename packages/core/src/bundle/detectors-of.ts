/** The detectors of a recipe or a manifest in one list, and back. */

/** All in the order of the passes: the order of everything that there is one of for each detector. */
export function detectorsOf<D>({
  passes,
}: {
  readonly passes: readonly { readonly detectors: readonly D[] }[];
}): D[] {
  return passes.flatMap(({ detectors }) => detectors);
}

/** What there is one of for each detector, in the order of `detectorsOf`, divided by the passes. */
export function byPass<T>(
  { passes }: { readonly passes: readonly { readonly detectors: readonly unknown[] }[] },
  values: readonly T[],
): T[][] {
  const rest = [...values];
  return passes.map(({ detectors }) => rest.splice(0, detectors.length));
}
