/** What a pickle holds, as plain data: types only. Classes and functions are names; nothing is ever called. */

/** Any value of a pickle. Tuples and sets are lists; dictionaries keep their order and may have keys of any kind. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleValue[]
  | PickleDictionary
  | PickleName
  | PickleObject
  | PickleStorage;

/** A dictionary; also what an ordered or a default one becomes. */
export type PickleDictionary = Map<PickleValue, PickleValue>;

/** A class or a function, by name alone. */
export interface PickleName {
  readonly kind: "name";
  /** Module and name with a dot between, `torch._utils._rebuild_tensor_v2`. */
  readonly name: string;
}

/** What a class or function would have made of its arguments; it was not asked to. */
export interface PickleObject {
  readonly kind: "object";
  /** Of the class or function. */
  readonly name: string;
  readonly args: readonly PickleValue[];
  /** What the object was to be filled with; null when nothing. */
  state: PickleValue;
}

/** A reference to bytes outside of the pickle: torch's `("storage", type, key, device, count)`. */
export interface PickleStorage {
  readonly kind: "storage";
  readonly reference: readonly PickleValue[];
}

/** The value where it is a dictionary. */
export function asDictionary(value: PickleValue | undefined): PickleDictionary | null {
  return value instanceof Map ? value : null;
}

/** The value where it is an object of any class. */
export function asObject(value: PickleValue | undefined): PickleObject | null {
  const isRecord = typeof value === "object" && value !== null && "kind" in value;
  return isRecord && value.kind === "object" ? value : null;
}
