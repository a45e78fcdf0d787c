/** Test pictures that could not be judged, each with the reason: they are in no figure, and never count as good. */
import { escapeHtml } from "../../html/escape.js";
import { counted } from "../rate-words.js";
import type { ReportData } from "../report-data.js";

/** Pictures that are listed; of more only the number is told. */
const LISTED = 50;

/** HTML of the section; "" when every picture was judged. */
export function unjudgedSection({ test }: ReportData): string {
  const failed = test?.failed ?? [];
  if (failed.length === 0) return "";
  const rows = failed
    .slice(0, LISTED)
    .map(
      ({ path, label, reason }) =>
        `<tr><td>${escapeHtml(path)}</td><td>${label}</td><td>${escapeHtml(reason)}</td></tr>`,
    );
  const more = failed.length > LISTED ? `<p class="soft">And ${failed.length - LISTED} more.</p>` : "";
  return `<section id="unjudged">
<h2>Not judged</h2>
<p>${counted(failed.length, "test picture")} could not be judged. They are in no figure of this report, neither as good nor as anomalous.</p>
<div class="scroll"><table><thead><tr><th>Picture</th><th>Label</th><th>Why</th></tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>
${more}
</section>`;
}
