/** How well the test's pictures are told apart: curves, figures, and a table by kind of defect. */
import type { DefectFigures, Evaluation } from "@blemish/core";
import { escapeHtml } from "../../html/escape.js";
import { figure, percent, percentRange, scoreText } from "../rate-words.js";
import type { ReportData } from "../report-data.js";

/** HTML of the section, "" without a test. */
export function figuresSection({ test }: ReportData): string {
  if (test === null) return "";
  const { figures, curves } = test;
  const both = figures.good > 0 && figures.anomalous > 0;
  const plots = [
    both ? plot("roc", "ROC of pictures", rocWords(figures)) : "",
    curves.pro === null ? "" : plot("pro", "PRO of pixels", proWords(figures)),
  ].join("");
  return `<section id="figures">
<h2>How well it tells good from anomalous</h2>
<p>Measured on <b>${escapeHtml(test.name)}</b>: ${figures.good} good and ${figures.anomalous} anomalous pictures, at the model's threshold ${scoreText(figures.imageThreshold)}.</p>
${plots === "" ? "" : `<div class="plots js">${plots}</div>`}
${figures.anomalous > 0 ? defectTable(figures) : ""}
${figureTable(figures)}
</section>`;
}

function plot(id: string, name: string, words: string): string {
  return `<figure><figcaption><b>${name}</b> ${words}</figcaption><div id="${id}" data-height="290" role="img" aria-label="${name}. ${words}"></div></figure>`;
}

function rocWords({ imageAUROC }: Evaluation): string {
  return `Up and to the left is better. Area ${figure(imageAUROC)}. The dot is the threshold above.`;
}

function proWords({ AUPRO }: Evaluation): string {
  return `How much of each defect the map marks. Area up to 30 %: ${figure(AUPRO)}.`;
}

function defectTable(figures: Evaluation): string {
  const { anomalous, escapes, escapeRate, escapeInterval, imageAUROC } = figures;
  const all: DefectFigures = {
    count: anomalous,
    found: anomalous - escapes,
    escapes,
    escapeRate,
    escapeInterval,
    imageAUROC,
  };
  const rows = Object.entries(figures.defects).map(([name, row]) => defectRow(name || "anomalous", row));
  return `<div class="scroll"><table>
<caption>By kind of defect</caption>
<thead><tr><th scope="col">Defect</th><th scope="col">Pictures</th><th scope="col">Found</th><th scope="col">Escapes</th><th scope="col">Escape rate</th><th scope="col">True rate (95 %)</th><th scope="col">AUROC</th></tr></thead>
<tbody>${rows.join("")}</tbody>
${rows.length > 1 ? `<tfoot>${defectRow("All defects", all)}</tfoot>` : ""}
</table></div>`;
}

function defectRow(name: string, row: DefectFigures): string {
  const cells = [
    row.count,
    row.found,
    row.escapes,
    percent(row.escapeRate),
    percentRange(row.escapeInterval),
    figure(row.imageAUROC),
  ];
  const warn = row.escapes > 0 ? ` class="warn"` : "";
  return `<tr${warn}><th scope="row">${escapeHtml(name)}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

function figureTable(figures: Evaluation): string {
  const rows: [string, string, string][] = [
    ["Image AUROC", figure(figures.imageAUROC), "chance that an anomalous picture scores above a good one"],
    ["Image average precision", figure(figures.imageAP), "area under precision over recall"],
    ["F1 at the threshold", figure(figures.imageF1), "balance of escapes and false alarms as it is set"],
    [
      "Best F1",
      figure(figures.imageMaxF1),
      `would take threshold ${scoreText(figures.imageMaxF1Threshold)}, found by looking at the labels`,
    ],
    ["Pixel AUROC", figure(figures.pixelAUROC), "the same for pixels of the map"],
    ["Pixel average precision", figure(figures.pixelAP), "the same for pixels of the map"],
    ["Best pixel F1", figure(figures.pixelMaxF1), "overlap with the hand-drawn masks at the best threshold"],
    ["AUPRO", figure(figures.AUPRO), "share of each defect region that is marked, up to 30 % false marks"],
  ];
  return `<details><summary>All figures</summary><div class="scroll"><table class="figures">
<tbody>${rows.map(([name, value, words]) => `<tr><th scope="row">${name}</th><td>${value}</td><td>${words}</td></tr>`).join("")}</tbody>
</table></div></details>`;
}
