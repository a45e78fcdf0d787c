/** The last part: facts about the model, hashes, and how long things took. */
import { escapeHtml } from "../../html/escape.js";
import type { Section } from "../../report/section.js";
import { durationText } from "../rate-words.js";
import type { ReportData } from "../report-data.js";

/** HTML of the section. */
export function factsSection({ model, durations }: ReportData): string {
  const times: Section = {
    title: "Time taken",
    rows: durations.map(({ stage, seconds }) => [stage, durationText(seconds)] as const),
    remarks: [],
  };
  const sections = [...model.sections, times].filter(({ rows, remarks }) => rows.length + remarks.length > 0);
  return `<section id="model">
<h2>The model</h2>
<p><code>${escapeHtml(model.file)}</code></p>
<div class="facts">${sections.map(factList).join("\n")}</div>
</section>`;
}

function factList({ title, rows, remarks }: Section): string {
  const list = rows
    .map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join("");
  const bullets = remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`).join("");
  return `<div><h3>${escapeHtml(title)}</h3>${list && `<dl>${list}</dl>`}${bullets && `<ul>${bullets}</ul>`}</div>`;
}
