/** Small checks of parsed JSON, put together to say what a manifest or the metadata of an export must be. */

/** Whether parsed JSON is such a value. */
export type Check = (value: unknown) => boolean;

/** A number, neither NaN nor an infinity. */
export const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);

/** A whole number from 0 to less than 10⁹. */
export const isCount: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 1e9;

/** A whole number from 1 to less than 10⁹. */
export const isPositive: Check = (value) => isCount(value) && (value as number) > 0;

/** A number from 0 to 1. */
export const isRate: Check = (value) => isNumber(value) && (value as number) >= 0 && (value as number) <= 1;

/** Text. */
export const isText: Check = (value) => typeof value === "string";

/** true or false. */
export const isBoolean: Check = (value) => typeof value === "boolean";

/** One of these values. */
export const oneOf =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value);

/** What one of the checks takes. */
export const anyOf =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

/** A list of such values. */
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** Such a value, or null. */
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

/** Such a value, or none. */
export const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** An object whose fields are such; others may stand beside them. */
export const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
