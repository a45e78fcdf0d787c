/** What the check of the data set found, in the order of the check: the gravest first. */
import type { HealthFinding } from "@blemish/core";
import { escapeHtml } from "../../html/escape.js";
import { counted } from "../rate-words.js";
import type { ReportData } from "../report-data.js";

const SIGNS: Readonly<Record<HealthFinding["severity"], readonly [sign: string, word: string]>> = {
  error: ["✕", "Error"],
  warning: ["!", "Warning"],
  note: ["i", "Note"],
};

/** Paths that are named before the rest is folded away. */
const PATHS = 4;

/** HTML of the section, "" when nothing was checked. */
export function healthSection({ health }: ReportData): string {
  if (health === null) return "";
  const { pictures, findings } = health;
  const body =
    findings.length === 0
      ? `<p>${counted(pictures, "picture")} checked: nothing unreadable, no duplicates, no odd sizes, no outliers of sharpness or exposure.</p>`
      : `<p>${counted(pictures, "picture")} checked, ${counted(findings.length, "finding")}.</p><ul class="findings">${findings.map(finding).join("\n")}</ul>`;
  return `<section id="health">
<h2>Health of the data set</h2>
${body}
</section>`;
}

function finding({ kind, severity, message, paths, thumbnails }: HealthFinding): string {
  const [sign, word] = SIGNS[severity];
  const [shown, rest] = [paths.slice(0, PATHS), paths.slice(PATHS)].map((list) =>
    list.map((path) => `<li>${escapeHtml(path)}</li>`).join(""),
  );
  const more =
    rest === "" ? "" : `<details><summary>${paths.length - PATHS} more</summary><ul>${rest}</ul></details>`;
  const strip = thumbnails.map(
    ({ path, png }) =>
      `<img src="data:image/png;base64,${escapeHtml(png)}" alt="${escapeHtml(path)}" title="${escapeHtml(path)}">`,
  );
  const pictures = strip.length === 0 ? "" : `<div class="strip">${strip.join("")}</div>`;
  const what = `${word}, ${escapeHtml(kind.replaceAll("-", " "))}`;
  return `<li class="finding ${severity}"><span class="sign" aria-hidden="true">${sign}</span><div><p><span class="kind">${what}</span> ${escapeHtml(message)}</p>${pictures}<ul class="paths">${shown}</ul>${more}</div></li>`;
}
