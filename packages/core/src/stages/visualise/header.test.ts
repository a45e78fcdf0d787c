import { describe, expect, it } from "vitest";
import { judged } from "../../../../../fixtures/visualise/judged.js";
import { createCanvas } from "./canvas.js";
import { drawHeader, HEADER_HEIGHT, headerText, headerWidth } from "./header.js";

describe("words", () => {
  it("say which numbers are normalised and which raw", () => {
    expect(headerText(judged())).toEqual({
      verdict: "ANOMALOUS",
      score: "Score 0.785 (normalised, 0.5 = threshold)",
      detail: "raw score 12.5 ≥ image threshold 5.833 (raw units)  ·  60 × 40 px  ·  2 anomalous regions",
    });
  });

  it("for a model without normalisation", () => {
    const text = headerText(judged({ normalised: false, predScore: 12.5 }));
    expect(text.score).toBe("Score 12.5 (raw)");
    expect(text.detail).toMatch(/^≥ image threshold 5.833 \(raw units\)/);
  });

  it("for a model that normalises in its graph", () => {
    const good = { predLabel: false, verdict: "good" as const, regions: [] };
    const text = headerText(judged({ ...good, rawScore: null, predScore: 0.5, imageThreshold: 0.5 }));
    expect(text.verdict).toBe("GOOD");
    expect(text.score).toBe("Score 0.5 (normalised)");
    expect(text.detail).toBe("score ≤ threshold 0.5 (normalised)  ·  60 × 40 px  ·  no anomalous region");
  });

  it("leave the regions out where there is no mask", () => {
    expect(headerText(judged({ predMask: null })).detail).not.toMatch(/region/);
    expect(headerText(judged({ regions: judged().regions.slice(1) })).detail).toMatch(/1 anomalous region$/);
  });

  it("show a close call with enough digits", () => {
    const close = headerText(judged({ rawScore: 5.83272, imageThreshold: 5.83271 }));
    expect(close.detail).toMatch(/raw score 5.83272 ≥ image threshold 5.83271/);
  });
});

it("names the zones that are anomalous, and counts what filters left out", () => {
  const zone = (name: string, anomalous: boolean) => ({ name, score: 3, threshold: 2, anomalous });
  const zones = [zone("seal", true), zone("thread", false), zone("rest", true)];
  const [region] = judged().regions;
  const filtered = [{ ...region!, reason: "area" as const }];
  const { detail } = headerText(judged({ zones, filtered }));
  expect(detail).toMatch(/2 anomalous regions {2}· {2}1 filtered out {2}· {2}zones seal, rest$/);
});

it("names both thresholds of an uncertain picture", () => {
  const grey = { verdict: "uncertain", predLabel: false, rawScore: 5, uncertainThreshold: 4.5 } as const;
  const text = headerText(judged(grey));
  expect(text.verdict).toBe("UNCERTAIN");
  expect(text.detail).toMatch(/raw score 5 < image threshold 5.8\d* .*uncertain from 4\.5/);
  expect(headerText(judged({ uncertainThreshold: 4.5 })).detail).not.toContain("uncertain");
});

it("draws inside its own rectangle", () => {
  const text = headerText(judged());
  const width = headerWidth(text);
  const canvas = createCanvas(width + 40, HEADER_HEIGHT + 40, [255, 255, 255]);
  drawHeader(canvas, 20, 20, text);
  let [inside, outside] = [0, 0];
  for (let y = 0; y < canvas.height; y++)
    for (let x = 0; x < canvas.width; x++) {
      if (canvas.data[(y * canvas.width + x) * 3 + 1] === 255) continue;
      if (x >= 20 && x < 20 + width && y >= 20 && y < 20 + HEADER_HEIGHT) inside++;
      else outside++;
    }
  expect(inside).toBeGreaterThan(HEADER_HEIGHT * 50);
  expect(outside).toBe(0);
});
