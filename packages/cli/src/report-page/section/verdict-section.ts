/** The top of the report: the verdict in words, the four numbers that matter, and what the reader must know. */
import { promiseOf } from "@blemish/core";
import { escapeHtml } from "../../html/escape.js";
import { tooFew } from "../promise-words.js";
import { figure, ofHundred, percent, percentRange } from "../rate-words.js";
import type { ReportData, ReportTest } from "../report-data.js";
import { type Tone, verdictOf } from "../verdict.js";

/** A word and a sign beside the colour of each tone. */
const TONES: Readonly<Record<Tone, readonly [sign: string, word: string]>> = {
  good: ["✓", "No mistakes in the test"],
  attention: ["!", "Some mistakes in the test"],
  bad: ["✕", "Not usable"],
  open: ["?", "Not yet tested"],
};

/** HTML of the verdict. */
export function verdictSection(data: ReportData): string {
  const { tone, headline, details } = verdictOf(data);
  const [sign, word] = TONES[tone];
  const warnings = [...(data.test?.figures.warnings ?? []), ...data.warnings];
  return `<section id="verdict" class="tone-${tone}">
<div class="verdict"><span class="sign" aria-hidden="true">${sign}</span><div>
<p class="tone-word">${word}</p>
<h2 class="headline">${escapeHtml(headline)}</h2>
${details.map((detail) => `<p>${escapeHtml(detail)}</p>`).join("\n")}
</div></div>
${tiles(data)}
${warnings.length === 0 ? "" : `<ul class="warnings">${warnings.map((one) => `<li>${escapeHtml(one)}</li>`).join("")}</ul>`}
</section>`;
}

function tiles(data: ReportData): string {
  const all = [...(data.test === null ? [] : testTiles(data.test)), ...promiseTiles(data)];
  return all.length === 0 ? "" : `<div class="tiles">${all.join("")}</div>`;
}

function testTiles({ figures }: ReportTest): string[] {
  const { anomalous, escapes, escapeRate, escapeInterval, good, falseAlarms, falseAlarmRate } = figures;
  const found: string[] = [];
  if (anomalous > 0)
    found.push(
      tile(
        "Escapes",
        `${escapes} of ${anomalous}`,
        `Anomalous pictures called good: ${percent(escapeRate)}; true rate ${percentRange(escapeInterval)}`,
        escapes > 0,
      ),
    );
  if (good > 0)
    found.push(
      tile(
        "False alarms",
        `${falseAlarms} of ${good}`,
        `Good pictures called anomalous: ${percent(falseAlarmRate)}; true rate ${percentRange(figures.falseAlarmInterval)}`,
        falseAlarms > 0,
      ),
    );
  if (figures.uncertain !== undefined)
    found.push(
      tile(
        "For a person",
        `${figures.uncertain.good + figures.uncertain.anomalous} of ${good + anomalous}`,
        `Uncertain pictures: ${figures.uncertain.good} good, ${figures.uncertain.anomalous} anomalous`,
        false,
      ),
    );
  if (good > 0 && anomalous > 0)
    found.push(
      tile(
        "Image AUROC",
        figure(figures.imageAUROC),
        `How well scores part good from anomalous, at any threshold; 1 is perfect (95 %: ${figures.imageAUROCInterval.map(figure).join(" to ")})`,
        figures.imageAUROC < 0.5,
      ),
    );
  return found;
}

function promiseTiles({ calibration }: ReportData): string[] {
  const { scores, imageThreshold, askedRate } = calibration;
  if (scores.length === 0) return [];
  const promise = {
    ...promiseOf(
      scores.map(({ score }) => score),
      imageThreshold,
    ),
    asked: askedRate,
  };
  const guaranteed = ofHundred(promise.guaranteedRate, "up");
  return [
    tile(
      "Expected false alarms",
      ofHundred(promise.expectedRate),
      `Good parts called anomalous; with 95 % confidence not more than ${guaranteed}`,
      tooFew(promise) !== "",
    ),
  ];
}

function tile(name: string, value: string, small: string, warn: boolean): string {
  return `<div class="tile${warn ? " warn" : ""}"><span>${escapeHtml(name)}</span><b>${escapeHtml(value)}</b><small>${escapeHtml(small)}</small></div>`;
}
