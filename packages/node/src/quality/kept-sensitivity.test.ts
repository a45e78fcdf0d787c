import { sensitivityGroups, sensitivityOf } from "@blemish/core";
import { expect, it } from "vitest";
import { keptSensitivity } from "./kept-sensitivity.js";

it("keeps the counts, from which everything that was said follows", () => {
  const tries = Array.from({ length: 120 }, (_, i) => ({
    type: i % 2 === 0 ? "scratch" : "dent",
    size: [6, 12, 24][i % 3]!,
    contrast: 0.5,
    zone: i % 5 === 0 ? "rim" : "rest",
    found: i % 3 > 0,
  }));
  const groups = sensitivityGroups(tries);
  const settings = {
    types: ["scratch", "dent"],
    sizes: [6, 12, 24],
    contrasts: [0.5],
    places: 20,
    seed: 7,
  } as const;
  const kept = keptSensitivity({ pictures: 4, settings, groups }, "held-out");
  expect(kept).toMatchObject({ measuredOn: "held-out", pictures: 4, places: 20, seed: 7 });
  expect(kept.groups.map(sensitivityOf)).toEqual(groups);
  expect(JSON.stringify(kept)).not.toContain("interval");
});
