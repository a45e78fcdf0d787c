import { expect, it } from "vitest";
import { POOLS, VALUE_BY_VALUE } from "./operator-sets.js";

it("operators are named once, and what looks at other places is not value by value", () => {
  expect(new Set(VALUE_BY_VALUE).size).toBe(VALUE_BY_VALUE.length);
  expect(VALUE_BY_VALUE.every((name) => /^[A-Z][A-Za-z]+$/.test(name))).toBe(true);
  // Softmax and the normalisations of a picture look at all places of a channel or at all channels.
  for (const name of [...POOLS, "Conv", "Softmax", "InstanceNormalization", "GlobalAveragePool"])
    expect(VALUE_BY_VALUE).not.toContain(name);
});
