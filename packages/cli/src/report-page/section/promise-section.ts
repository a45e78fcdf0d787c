/** What the threshold promises about good parts to come, on what evidence, and what more pictures would change. */
import { promiseOf } from "@blemish/core";
import { escapeHtml } from "../../html/escape.js";
import { morePictures, tooFew } from "../promise-words.js";
import { counted, ofHundred, scoreText } from "../rate-words.js";
import type { ReportCalibration, ReportData } from "../report-data.js";

/** HTML of the section. */
export function promiseSection({ calibration }: ReportData): string {
  return `<section id="promise">
<h2>What is promised, and on what evidence</h2>
${calibration.scores.length === 0 ? withoutScores(calibration) : withScores(calibration)}
${changes(calibration)}
</section>`;
}

function withScores(calibration: ReportCalibration): string {
  const { scores, imageThreshold, askedRate, method } = calibration;
  const values = scores.map(({ score }) => score);
  const promise = { ...promiseOf(values, imageThreshold), asked: askedRate };
  const { count, expectedRate, guaranteedRate } = promise;
  const few = tooFew(promise);
  const more = morePictures(promise);
  const asked =
    askedRate === null
      ? ""
      : `<p>Asked for: at most ${ofHundred(askedRate)} good parts called anomalous. ${escapeHtml(few)}</p>`;
  return `${asked}
<dl class="promises">
<dt><span>Expected</span><b>${ofHundred(expectedRate)}</b></dt>
<dd>good parts will be called anomalous on average, if one trained again and again with ${count} other pictures of such parts. One training may turn out better or worse.</dd>
<dt><span>Guaranteed</span><b>${ofHundred(guaranteedRate, "up")}</b></dt>
<dd>is what the false-alarm rate of this very model will not exceed, with 95 % confidence.${more === "" ? "" : ` ${escapeHtml(more)}.`}</dd>
</dl>
${greyPromise(values, calibration)}<p>${evidence(values, imageThreshold, method)}</p>
<p class="soft">Both statements hold if the parts to come are like those in the training pictures: the same part, camera, light and position.
Nothing is promised about escapes: how many defects are found only a test with defective parts can tell.</p>
${askedRate === null || count < 2 ? "" : learning()}`;
}

/** What the lower threshold promises; "" without a grey zone. */
function greyPromise(scores: readonly number[], { uncertain, imageThreshold }: ReportCalibration): string {
  if (uncertain === undefined) return "";
  const { expectedRate, guaranteedRate } = promiseOf(scores, uncertain.threshold);
  const none =
    uncertain.threshold < imageThreshold
      ? ""
      : " There are too few pictures to tell the two thresholds apart: nothing is uncertain.";
  return `<p>From the lower threshold ${scoreText(uncertain.threshold)} on, good parts are uncertain or called anomalous: ${ofHundred(expectedRate)} expected, with 95 % confidence at most ${ofHundred(guaranteedRate, "up")} (asked for: ${ofHundred(uncertain.askedRate)}).${none}</p>
`;
}

function evidence(scores: readonly number[], threshold: number, method: ReportCalibration["method"]): string {
  const scored =
    method === "good-pictures"
      ? `The model scored ${counted(scores.length, "good picture")} that it was not trained on.`
      : `Each of ${counted(scores.length, "good training picture")} was scored by a model fitted on all the others.`;
  const reached = scores.filter((score) => score >= threshold).length;
  const place = `${counted(reached, "of these scores reaches", "of these scores reach")} the threshold ${scoreText(threshold)}.`;
  const seen =
    method === "adaptive-f1"
      ? " The threshold was chosen with labelled test pictures (Anomalib's adaptive F1), so figures of that test flatter it."
      : " No test picture had any part in choosing it.";
  return `${scored} ${place}${seen}`;
}

function withoutScores({ method, imageThreshold }: ReportCalibration): string {
  const source =
    method === "imported"
      ? "The threshold came with the model"
      : "The scores behind the threshold are not known";
  return `<p>${source} (${scoreText(imageThreshold)}). Without scores of good pictures that the model was not fitted on, nothing can be promised about false alarms; only the test above speaks.</p>`;
}

function learning(): string {
  const words = "What could be promised with fewer or more good pictures, for the rate that was asked for";
  return `<figure class="js"><figcaption><b>More pictures</b> ${words}: <span class="key whole"></span>guaranteed <span class="key dashed"></span>expected. The dot is this model.</figcaption>
<div id="learning" data-height="240" role="img" aria-label="${words}"></div></figure>`;
}

function changes({ changes }: ReportCalibration): string {
  if (changes.length === 0) return "";
  const items = changes.map(({ from, to, reason }) => {
    const why = reason === "" ? "no reason was given" : reason;
    return `<li>${scoreText(from)} → ${scoreText(to)}: ${escapeHtml(why)}</li>`;
  });
  return `<p>The threshold was changed by hand:</p><ul>${items.join("")}</ul>`;
}
