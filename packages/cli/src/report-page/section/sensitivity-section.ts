/** What the model will see and what it will not: drawn defects by size and contrast, as sentences, curve and table. */
import { FOUND_SHARE, type SensitivityGroup } from "@blemish/core";
import {
  cellAt,
  contrastWords,
  groupName,
  limitWords,
  sensitivityBasis,
  sizesOf,
  sizeWords,
} from "../../evaluation/sensitivity-words.js";
import { escapeHtml } from "../../html/escape.js";
import { percent, percentRange } from "../rate-words.js";
import type { ReportData } from "../report-data.js";

type Measured = NonNullable<ReportData["sensitivity"]>;

/** HTML of the section, "" where nothing was measured. */
export function sensitivitySection({ sensitivity }: ReportData): string {
  if (sensitivity === undefined) return "";
  const { groups, millimetresPerPixel } = sensitivity;
  const verdict = groups.map(
    (group) => `<li><b>${escapeHtml(groupName(group))}</b>: ${limitWords(group, millimetresPerPixel)}.</li>`,
  );
  const basis = sensitivityBasis(sensitivity).map((sentence) => escapeHtml(sentence));
  return `<section id="sensitivity">
<h2>What it will see, and what it will not</h2>
<ul>${verdict.join("")}</ul>
<p>${basis.join(" ")}</p>
${curve(sensitivity)}
<div class="scroll"><table>
<caption>Found of tried, and the true share (95 %); <b>bold</b> where it is ${percent(FOUND_SHARE)} or more beyond doubt</caption>
${head(groups)}
${groups.map((group) => body(group, millimetresPerPixel)).join("\n")}
</table></div>
</section>`;
}

/** The keys have the inks of `curves-script.ts`. */
function curve({ groups }: Measured): string {
  const [all] = groups;
  if (all === undefined || sizesOf(all).length < 2) return "";
  const keys = all.limits
    .toReversed()
    .map(({ contrast }, i) => `<span class="key ink-${i % 4}"></span>contrast ${contrastWords(contrast)}`);
  const words = "Share of all kinds of drawn defects that is found, by size";
  return `<figure class="js"><figcaption><b>Found</b> ${words}: ${keys.join(" ")}. The dashed line is ${percent(FOUND_SHARE)}.</figcaption>
<div id="sensitivity-plot" data-height="260" role="img" aria-label="${words}"></div></figure>`;
}

function head(groups: readonly SensitivityGroup[]): string {
  const contrasts = groups[0]?.limits ?? [];
  const cells = contrasts.map(({ contrast }) => `<th scope="col">Contrast ${contrastWords(contrast)}</th>`);
  return `<thead><tr><th scope="col">Defects</th><th scope="col">Size</th>${cells.join("")}</tr></thead>`;
}

function body(group: SensitivityGroup, millimetresPerPixel: number | null): string {
  const rows = sizesOf(group).map((size, i) => {
    const name = i === 0 ? escapeHtml(groupName(group)) : "";
    const cells = group.limits.map(({ contrast }) => cellHtml(group, size, contrast));
    return `<tr><th scope="row">${name}</th><td>${sizeWords(size, millimetresPerPixel)}</td>${cells.join("")}</tr>`;
  });
  return `<tbody>${rows.join("")}</tbody>`;
}

function cellHtml(group: SensitivityGroup, size: number, contrast: number): string {
  const cell = cellAt(group, size, contrast);
  if (cell === undefined || cell.tried === 0) return "<td>–</td>";
  const words = `${cell.found}/${cell.tried} <span class="soft">${percentRange(cell.interval)}</span>`;
  return `<td>${cell.interval[0] >= FOUND_SHARE ? `<b>${words}</b>` : words}</td>`;
}
