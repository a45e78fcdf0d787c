/** What a pickled value says, without the classes around it: configurations become plain containers. */
import type { JsonValue } from "../anomalib/parse-json.js";
import { asDictionary, asObject, type PickleValue } from "./pickle-value.js";

/** Containers within containers; far more than any configuration has. */
const DEEPEST = 40;

/**
 * Texts, numbers, lists and dictionaries with names as keys; what is nothing of the kind is null. OmegaConf's containers and nodes
 * (Anomalib 0.x) are what they hold.
 */
export function plainValue(value: PickleValue | undefined, depth = 0): JsonValue {
  if (value === undefined || depth > DEEPEST) return null;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1));
  const dictionary = asDictionary(value);
  if (dictionary !== null) {
    const object = new Map<string, JsonValue>();
    for (const [key, item] of dictionary)
      if (typeof key === "string") object.set(key, plainValue(item, depth + 1));
    return object;
  }
  const state = asDictionary(asObject(value)?.state);
  if (state?.has("_content")) return plainValue(state.get("_content"), depth + 1);
  if (state?.has("_val")) return plainValue(state.get("_val"), depth + 1);
  return null;
}

/** A value inside of nested dictionaries; null where there is none. */
export function at(value: JsonValue, ...keys: readonly string[]): JsonValue {
  return keys.reduce<JsonValue>(
    (inner, key) => (inner instanceof Map ? (inner.get(key) ?? null) : null),
    value,
  );
}
