import { expect, it } from "vitest";
import { asDictionary, asObject } from "./pickle-value.js";

it("tells dictionaries and objects from everything else", () => {
  const object = { kind: "object", name: "a.B", args: [], state: null } as const;
  const map = new Map();
  expect([asDictionary(map), asDictionary([]), asDictionary(undefined), asDictionary(object)]).toEqual([
    map,
    null,
    null,
    null,
  ]);
  expect([
    asObject(object),
    asObject(map),
    asObject({ kind: "name", name: "a.B" }),
    asObject(null),
    asObject("x"),
  ]).toEqual([object, null, null, null, null]);
});
