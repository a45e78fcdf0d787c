import { expect, it } from "vitest";
import { eachRow, eachRun } from "./pixel-kernels.js";

it("interpolates each source row once and blends the rows that an output row reads", () => {
  const steps: string[] = [];
  eachRow(
    { low: Int32Array.of(0, 0, 1, 4), high: Int32Array.of(0, 1, 2, 5) },
    (source, slot) => steps.push(`source ${source} to slot ${slot}`),
    (row, upper, lower) => steps.push(`row ${row} of slots ${upper} and ${lower}`),
  );
  expect(steps).toEqual([
    "source 0 to slot 0",
    "row 0 of slots 0 and 0",
    "source 1 to slot 1",
    "row 1 of slots 0 and 1",
    "source 2 to slot 0",
    "row 2 of slots 1 and 0",
    "source 4 to slot 0",
    "source 5 to slot 1",
    "row 3 of slots 0 and 1",
  ]);
});

it("puts each source row that a run reads into the ring once, and skips those between runs", () => {
  const steps: string[] = [];
  eachRun(
    { first: Int32Array.of(0, 1, 1, 5), offset: Int32Array.of(0, 2, 4, 7, 8) },
    3,
    (source, slot) => steps.push(`source ${source} to slot ${slot}`),
    (row, slot) => steps.push(`row ${row} from slot ${slot}`),
  );
  expect(steps).toEqual([
    "source 0 to slot 0",
    "source 1 to slot 1",
    "row 0 from slot 0",
    "source 2 to slot 2",
    "row 1 from slot 1",
    "source 3 to slot 0",
    "row 2 from slot 1",
    "source 5 to slot 2",
    "row 3 from slot 2",
  ]);
});
