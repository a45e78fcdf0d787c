import { describe, expect, it } from "vitest";
import { BlemishError } from "../../errors.js";
import type { RgbImage } from "../image/image.js";
import { checkValidity, validityError } from "./check-validity.js";
import type { ValidityModel } from "./validity-rules.js";

const grey = (value: number): RgbImage => ({
  width: 50,
  height: 40,
  channels: 3,
  data: new Uint8Array(6000).fill(value),
});
const good = { low: 90, high: 110 };
const model: ValidityModel = {
  pictures: 12,
  rules: [
    { rule: "contrast", low: 5, high: null, good },
    { rule: "brightness", low: 96, high: 131, good },
    { rule: "size", low: 25, high: null, good },
  ],
  notLearnt: [],
  look: null,
};

describe("checkValidity", () => {
  it("gives every rule with its value and limits, in the order of their names", () => {
    expect(checkValidity(grey(100), model)).toEqual([
      { rule: "size", value: 50, low: 25, high: null, ok: true },
      { rule: "brightness", value: 100, low: 96, high: 131, ok: true },
      { rule: "contrast", value: 0, low: 5, high: null, ok: false },
    ]);
  });

  it("takes limits as still allowed", () => {
    for (const [value, ok] of [
      [95, false],
      [96, true],
      [131, true],
      [132, false],
    ] as const)
      expect(checkValidity(grey(value), model)[1]).toMatchObject({ rule: "brightness", ok });
  });
});

describe("validityError", () => {
  it("says what is wrong, how good pictures are, what to check, and carries the evidence", () => {
    const evidence = checkValidity(grey(12), model);
    const error = validityError(evidence, "a.png")!;
    expect(error.code).toBe("PICTURE_INVALID");
    expect(error.message).toBe(
      "a.png was not taken like the good training pictures, so it is not judged: expected mean brightness 96 to 131, found 12: the picture is too dark, too flat (check lamp and exposure). Take it as they were taken, or train with good pictures that are like it. [PICTURE_INVALID]",
    );
    expect(error.evidence).toEqual(evidence);
    const again = BlemishError.fromJSON(JSON.parse(JSON.stringify(error)));
    expect([again.message, again.evidence]).toEqual([error.message, evidence]);
  });

  it("is null where no rule is broken", () => {
    expect(
      validityError(checkValidity(grey(100), { ...model, rules: model.rules.slice(1) }), "a"),
    ).toBeNull();
    expect(validityError([], "a")).toBeNull();
  });

  it("says in pixels where the part lies", () => {
    const place = { rule: "place", value: 0.12, low: null, high: 0.04, ok: false, shift: { x: 108, y: -3 } };
    expect(validityError([place], "a")!.message).toMatch(
      /up to 0.04, found 0.12 \(108 px to the right, -3 px down\).*out of place/,
    );
  });
});
