import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { startStages } from "./stages.js";

function stream(isTTY: boolean) {
  return Object.assign(new PassThrough(), {
    isTTY,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
  });
}

describe("startStages", () => {
  it("shows each stage by name on a terminal and leaves it clean", () => {
    const stderr = stream(true);
    const stages = startStages({ stderr }, false);
    stages.at("Learning", 0, 2);
    stages.at("Learning", 2, 2);
    stages.at("Calibrating", 1, 2);
    stages.clear();
    stages.clear();
    const text = String(stderr.read());
    expect(text).toContain("Learning");
    expect(text.indexOf("Calibrating")).toBeGreaterThan(text.indexOf("Learning"));
  });

  it.each([
    ["elsewhere", false, false],
    ["when it is to be quiet", true, true],
  ])("shows nothing %s", (_name, isTTY, quiet) => {
    const stderr = stream(isTTY);
    const stages = startStages({ stderr }, quiet);
    stages.at("Learning", 1, 2);
    stages.clear();
    expect(stderr.read()).toBeNull();
  });
});
