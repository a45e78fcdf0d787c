/** Numbers as they are written on pictures: short, but never so short that two of them look alike. */

/** A number with four significant digits, or more where asked, without trailing zeros. */
export function short(value: number, digits = 4): string {
  return Number(value.toPrecision(digits)).toString();
}

/** Two numbers with the fewest digits (from four) that still show whether they differ. */
export function distinct(a: number, b: number): [string, string] {
  let digits = 4;
  while (digits < 17 && a !== b && short(a, digits) === short(b, digits)) digits++;
  return [short(a, digits), short(b, digits)];
}
