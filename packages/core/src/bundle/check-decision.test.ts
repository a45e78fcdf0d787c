import { expect, it } from "vitest";
import { isDecision } from "./check-decision.js";

const zone = {
  name: "a",
  runs: [0, 4],
  weight: 1,
  unit: 0.5,
  minArea: 0,
  minPeak: 0.5,
  ignoreTouchingBorder: false,
};

it("takes zones that lie on the map and share no pixel", () => {
  expect(isDecision({ zones: [zone] }, 10)).toBe(true);
  expect(isDecision({ zones: [zone, { ...zone, name: "b", runs: [4, 5, 8, 10], minArea: 2.5 }] }, 10)).toBe(
    true,
  );
});

it.each([
  null,
  {},
  { zones: [] },
  { zones: [{ ...zone, runs: [] }] },
  { zones: [{ ...zone, runs: [0, 11] }] },
  { zones: [zone, { ...zone, runs: [3, 5] }] },
  { zones: [{ ...zone, weight: 0 }] },
  { zones: [{ ...zone, unit: Number.NaN }] },
  { zones: [{ ...zone, minArea: -1 }] },
  { zones: [{ ...zone, minPeak: 0.4 }] },
  { zones: [{ ...zone, minPeak: 1.1 }] },
  { zones: [{ ...zone, name: 3 }] },
  { zones: [{ ...zone, ignoreTouchingBorder: "no" }] },
])("refuses %j", (value) => expect(isDecision(value, 10)).toBe(false));
