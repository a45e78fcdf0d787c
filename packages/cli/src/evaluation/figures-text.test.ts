import { PassThrough } from "node:stream";
import { evaluator, type LabelledPicture } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { figuresText } from "./figures-text.js";

function text(...pictures: readonly Partial<LabelledPicture>[]): string {
  return textOf(null, pictures);
}

function textOf(uncertain: number | null, pictures: readonly Partial<LabelledPicture>[]): string {
  const counting = evaluator(5, undefined, uncertain);
  for (const [i, picture] of pictures.entries()) {
    const base = { path: `${i}.png`, label: "good", defect: "", score: 1, map: null, mask: null } as const;
    const score = picture.score ?? 1;
    counting.add({ ...base, predLabel: score >= 5, ...picture });
  }
  return figuresText(counting.figures(), new PassThrough());
}

const bad = { label: "anomalous", defect: "dent" } as const;

describe("figuresText", () => {
  it("says what a grey zone leaves to a person", () => {
    const found = textOf(3, [{ score: 1 }, { score: 4 }, { ...bad, score: 9 }, { ...bad, score: 3 }]);
    expect(found).toMatch(/Escapes {7}0 of 2/);
    expect(found).toMatch(/Uncertain {5}1 of 2 good pictures \(50 %; true rate 1\.2 to 99 %\)/);
    expect(found).toMatch(/ {16}1 of 2 anomalous pictures/);
    expect(found).toContain("from 3 up to the threshold");
    expect(found).toMatch(/found {2}uncertain {2}escapes/);
    expect(found).toMatch(/dent {11}2 {6}1 {10}1 {8}0 {2}/);
  });

  it("says what was found, what escaped, and for each kind of defect", () => {
    const found = text({ score: 1 }, { score: 6 }, { ...bad, score: 9 }, { ...bad, defect: "", score: 4 });
    expect(found).toContain("2 good, 2 anomalous");
    expect(found).toContain("Threshold     5; ");
    expect(found).toMatch(/False alarms {2}1 of 2 good pictures \(50 %; true rate 1\.2 to 99 %\)/);
    expect(found).toMatch(/Escapes {7}1 of 2 anomalous pictures/);
    expect(found).toMatch(/Image AUROC {3}0\.750 \(95 %: /);
    expect(found).toMatch(/dent {14}1 {6}1 {8}0 {2}1\.000/);
    expect(found).toMatch(/anomalous {9}1 {6}0 {8}1 {2}0\.500/);
    expect(found).not.toContain("Pixel");
  });

  it("leaves out what cannot be known", () => {
    const goods = text({ score: 1 }, { score: 2 });
    expect(goods).not.toMatch(/Escapes|AUROC|Defect/);
    expect(text({ ...bad, score: 9 })).not.toContain("False alarms");
  });

  it("shows pixel figures where there are masks", () => {
    const data = Float32Array.of(1, 1, 8, 9);
    const map = { width: 2, height: 2, data };
    const mask = { width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 0, 1, 1) } as const;
    const found = text({ score: 1, map }, { ...bad, score: 9, map, mask });
    expect(found).toMatch(/Pixel AUROC {3}0\.\d{3}/);
    expect(found).toContain("AUPRO (0.3)");
  });
});
