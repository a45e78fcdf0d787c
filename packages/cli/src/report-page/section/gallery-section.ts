/** The gallery and the suspect goods; the page's program fills both with cards. */
import { counted, scoreText } from "../rate-words.js";
import type { ReportData } from "../report-data.js";

/** HTML of the gallery, "" without pictures. */
export function gallerySection({ gallery, test, calibration }: ReportData): string {
  if (gallery.length === 0) return "";
  const grey = calibration.uncertain === undefined ? "" : `<option value="uncertain">Uncertain</option>`;
  const all = test === null || gallery.length >= test.pictures.length;
  return `<section id="pictures">
<h2>Pictures</h2>
<p class="no-js">${counted(gallery.length, "picture")}; they need JavaScript.</p>
<div class="js">
${all ? "" : `<p class="soft">${gallery.length} of ${test?.pictures.length} tested pictures are kept in this page.</p>`}
<div class="tools filters">
<label>Sort <select id="order"><option value="mistakes">Mistakes first</option><option value="near">Nearest the threshold</option><option value="high">Highest score</option><option value="low">Lowest score</option><option value="name">File name</option></select></label>
<label>Show <select id="outcome"><option value="all">All</option><option value="mistakes">Mistakes</option><option value="escape">Escapes</option><option value="alarm">False alarms</option>${grey}<option value="right">Right</option></select></label>
<label>Kind <select id="kind"><option value="all">All</option></select></label>
<label>Set <select id="set"><option value="all">All</option><option value="training">Training</option><option value="test">Test</option></select></label>
<label>Score <input type="number" id="from" step="any" placeholder="from" aria-label="Lowest score"> <input type="number" id="to" step="any" placeholder="to" aria-label="Highest score"></label>
<label>File <input type="search" id="find" placeholder="part of a name"></label>
</div>
<div class="tools" id="view-controls"></div>
<div class="legend" id="colour-bar"></div>
<p id="shown" class="soft" role="status"></p>
<p id="nothing" hidden>No picture passes these filters.</p>
<div id="cards" class="cards"></div>
<p class="print-only soft">Only the first 24 pictures are printed.</p>
</div>
</section>`;
}

/** HTML of the suspect goods, "" when there are none. */
export function suspectsSection({ suspects, calibration }: ReportData): string {
  if (suspects.length === 0) return "";
  const over = suspects.filter(({ score }) => score >= calibration.imageThreshold).length;
  const words =
    over === 0
      ? "None of them reaches the threshold."
      : `${over === 1 ? "One of them reaches" : `${over} of them reach`} the threshold ${scoreText(calibration.imageThreshold)}.`;
  return `<section id="suspects">
<h2>Suspect good pictures</h2>
<p>These training pictures are least like all the others: each was scored by a model that had not seen it. ${words}
Look at them. If one shows a defect, take it out and train again: it has taught the model that this defect is good.</p>
<div id="suspect-cards" class="cards js"></div>
<p class="no-js">${counted(suspects.length, "picture")}; they need JavaScript.</p>
</section>`;
}
