/** The histogram of scores with the threshold to drag; the page's program draws it and counts. */
import { escapeHtml } from "../../html/escape.js";
import { scoreText } from "../rate-words.js";
import type { ReportData } from "../report-data.js";

/** HTML of the section, "" when there are no scores or no threshold. */
export function scoresSection({ calibration, test }: ReportData): string {
  const training = calibration.scores.length;
  const tested = test?.pictures.length ?? 0;
  if (training + tested === 0 || !Number.isFinite(calibration.imageThreshold)) return "";
  const bad = test?.pictures.some(({ label }) => label === "anomalous");
  const good = test?.pictures.some(({ label }) => label === "good");
  return `<section id="scores">
<h2>Scores and threshold</h2>
<p>Bars count pictures by their score (raw units). A part is called anomalous when its score reaches the threshold.
Drag the line, or focus it and use the arrow keys, to see what another threshold would do.
The model's own threshold is <b>${scoreText(calibration.imageThreshold)}</b>.${greyWords(calibration)}</p>
<div id="lanes" class="js">
<div id="lane-good"></div>
${bad ? `<div id="lane-bad"></div>` : ""}
<p class="lane-name good-name">Good parts${training > 0 ? `<i class="swatch solid"></i>training<span class="long">, left out one by one</span>` : ""}${good ? `<i class="swatch dots"></i>test` : ""}</p>
${bad ? `<p class="lane-name bad-name">Anomalous parts<i class="swatch hatch"></i>test</p>` : ""}
${calibration.uncertain === undefined ? "" : `<div id="lower-line" aria-hidden="true"><span>uncertain</span></div>`}
<div id="line"><span id="grip" role="slider" tabindex="0" aria-label="Image threshold" aria-orientation="horizontal"><span id="grip-value"></span></span><span class="side left">called good</span><span class="side right">called anomalous</span></div>
</div>
<div class="tools js">
<label>Threshold <input type="number" id="threshold-field" step="any"></label>
<button type="button" id="reset">Back to the model's threshold</button>
<label><input type="checkbox" id="log-axis"> Logarithmic axis</label>
</div>
<div class="tiles live js" role="status" aria-live="polite">
${bad ? liveTile("live-escapes", "Escapes in the test") : ""}
${good ? liveTile("live-alarms", "False alarms in the test") : ""}
${calibration.uncertain !== undefined && tested > 0 ? liveTile("live-uncertain", "For a person in the test") : ""}
${training > 0 ? liveTile("live-training", "Good training pictures called anomalous") : ""}
${training > 0 ? liveTile("live-promise", "Expected of good parts to come") : ""}
</div>
<ul id="live-defects" class="chips js"></ul>
<div id="command-row" hidden>
<p>To keep this threshold, run this; the change is recorded in the model:</p>
<div class="command"><code id="command"></code><button type="button" id="copy">Copy</button><span id="copied" role="status"></span></div>
${test === null ? "" : `<p class="soft">A threshold chosen by looking at test pictures makes this test look better than it is. The promise for good parts rests on training pictures alone.</p>`}
</div>
<p class="no-js">${escapeHtml("The plot, the pictures and the live counts need JavaScript, which is switched off here.")}</p>
</section>`;
}

/** What a grey zone is; "" without one. */
function greyWords({ uncertain }: ReportData["calibration"]): string {
  if (uncertain === undefined) return "";
  return ` Between <b>${scoreText(uncertain.threshold)}</b> (dashed line) and it a picture is uncertain: a person is to look at it.`;
}

function liveTile(id: string, name: string): string {
  return `<div class="tile" id="${id}"><span>${name}</span><b></b><small></small></div>`;
}
