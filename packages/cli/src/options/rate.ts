/** Rates as people write them: 0.05, 5%, 5 %. */
import { badValue } from "./values.js";

/**
 * A share between 0 and 1, both excluded.
 * @throws BlemishError OPTION_VALUE for anything else; a bare number from 1 on is not taken for a percentage.
 */
export function rateValue(option: string, text: string): number {
  const [, digits = "", percent] = /^\s*([0-9]*\.?[0-9]+(?:e-?[0-9]+)?)\s*(%?)\s*$/i.exec(text) ?? [];
  const value = digits === "" ? Number.NaN : Number(digits) / (percent === "%" ? 100 : 1);
  if (value > 0 && value < 1) return value;
  throw badValue(option, "a share between 0 and 1, such as 0.05 or 5%", text);
}
