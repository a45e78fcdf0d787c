import { describe, expect, it } from "vitest";
import { plainCalibration, plainReport } from "../../../../../tests/support/plain-report.js";
import { promiseSection } from "./promise-section.js";

const section = (change: object, count = 200, asked = 0.05) =>
  promiseSection(plainReport({ calibration: { ...plainCalibration(count, asked), ...change } }));

describe("promiseSection", () => {
  it("keeps both rates apart and names the evidence", () => {
    const html = section({});
    expect(html).toMatch(/<span>Expected<\/span><b>5 of 100<\/b>/);
    expect(html).toMatch(/<span>Guaranteed<\/span><b>7\.8 of 100<\/b>/);
    expect(html).toContain(
      "Each of 200 good training pictures was scored by a model fitted on all the others.",
    );
    expect(html).toContain("10 of these scores reach the threshold 191.");
    expect(html).toContain("No test picture had any part in choosing it.");
    expect(html).toContain('id="learning"');
  });

  it("says when the asked rate is out of reach", () => {
    expect(section({}, 20, 0.01)).toContain("20 pictures are too few for 1 of 100: that takes 99.");
  });

  it("speaks of a threshold below all scores, of one that has seen labels, and of one without scores", () => {
    expect(section({ imageThreshold: 0.5 })).toMatch(/<b>100 of 100<\/b>.*<b>100 of 100<\/b>/s);
    expect(section({ method: "adaptive-f1" })).toContain("figures of that test flatter it");
    const imported = section({ method: "imported", scores: [] });
    expect(imported).toContain("nothing can be promised");
    expect(imported).not.toContain('id="learning"');
  });

  it("lists changes by hand with their reasons", () => {
    const html = section({
      changes: [
        { from: 191, to: 150, reason: "<fewer> escapes" },
        { from: 150, to: 160, reason: "" },
      ],
    });
    expect(html).toContain(
      "<li>191 → 150: &#60;fewer&#62; escapes</li><li>150 → 160: no reason was given</li>",
    );
  });
});

it("says what the lower threshold of a grey zone promises, and when there is nothing between", () => {
  const grey = section({ uncertain: { threshold: 181, askedRate: 0.1 } });
  expect(grey).toMatch(/lower threshold 181 .* 10 of 100 expected.*asked for: 10 of 100/);
  expect(grey).not.toContain("nothing is uncertain");
  expect(section({ uncertain: { threshold: 191, askedRate: 0.06 } })).toContain("nothing is uncertain");
  expect(section({})).not.toContain("lower threshold");
});
