import type { ModelDescription } from "@blemish/core";
import { expect, it } from "vitest";
import { readOptionsRefused } from "./read-options-refused.js";

const description = { profile: "blemish", scoreSource: "output" } as ModelDescription;

it("lets through what says the same, and refuses the rest by name", () => {
  expect(() =>
    readOptionsRefused("a.blemish", description, { profile: "blemish", score: "output" }),
  ).not.toThrow();
  for (const options of [{ metadata: "m.json" }, { profile: "anomalib-2" }, { score: "map-max" }] as const)
    expect(() => readOptionsRefused("a.blemish", description, options)).toThrowError(
      expect.objectContaining({ code: "OPTION_VALUE", subject: Object.keys(options)[0] }),
    );
});
