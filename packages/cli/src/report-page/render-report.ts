/**
 * One self-contained page that shows what a model does and what can be relied on. It opens from disk; nothing leaves
 * it. What matters most stands as plain HTML; the page's program adds plots, pictures and the threshold to drag.
 */
import { escapeHtml, scriptJson } from "../html/escape.js";
import { pageData } from "./page-data.js";
import { PAGE_SCRIPT } from "./page-script.js";
import { PAGE_STYLE } from "./page-style.js";
import { plotLibrary } from "./plot-library.js";
import type { ReportData } from "./report-data.js";
import { factsSection } from "./section/facts-section.js";
import { figuresSection } from "./section/figures-section.js";
import { gallerySection, suspectsSection } from "./section/gallery-section.js";
import { healthSection } from "./section/health-section.js";
import { promiseSection } from "./section/promise-section.js";
import { scoresSection } from "./section/scores-section.js";
import { sensitivitySection } from "./section/sensitivity-section.js";
import { unjudgedSection } from "./section/unjudged-section.js";
import { verdictSection } from "./section/verdict-section.js";

/** The report's parts in reading order, with their names in the list of contents. */
const PARTS: readonly (readonly [id: string, name: string, html: (data: ReportData) => string])[] = [
  ["verdict", "Verdict", verdictSection],
  ["scores", "Threshold", scoresSection],
  ["figures", "Figures", figuresSection],
  ["unjudged", "Not judged", unjudgedSection],
  ["pictures", "Pictures", gallerySection],
  ["suspects", "Suspects", suspectsSection],
  ["sensitivity", "Sensitivity", sensitivitySection],
  ["promise", "Promise", promiseSection],
  ["health", "Data", healthSection],
  ["model", "Model", factsSection],
];

/** The page's HTML. Everything that comes from files or their names is escaped. Scores that are not finite are left out. */
export function renderReport(given: ReportData): string {
  const { calibration } = given;
  const scores = calibration.scores.filter(({ score }) => Number.isFinite(score));
  const data = { ...given, calibration: { ...calibration, scores } };
  const library = plotLibrary();
  const parts = PARTS.map(([id, name, html]) => ({ id, name, html: html(data) })).filter(
    ({ html }) => html !== "",
  );
  const links = parts.map(({ id, name }) => `<a href="#${id}">${name}</a>`).join("");
  const under = [data.date, data.model.file].filter((text) => text !== "").join(" · ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeHtml(data.title)} – Blemish report</title>
<style>${library.style}${PAGE_STYLE}</style>
<noscript><style>.js { display: none; } .no-js { display: block; }</style></noscript>
</head>
<body>
<header>
<div><p class="brand">Blemish report</p>
<h1>${escapeHtml(data.title)}</h1>
<p class="soft">${escapeHtml(under)}</p></div>
</header>
<nav aria-label="Contents"><div>${links}</div></nav>
<main>
${parts.map(({ html }) => html).join("\n")}
</main>
${VIEWER}
<script type="application/json" id="data">${scriptJson(pageData(data))}</script>
<script>${library.script}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

/** The large view of one picture, empty until one is chosen. */
const VIEWER = `<dialog id="viewer" aria-labelledby="viewer-path">
<div class="viewer-head"><span class="badge" id="viewer-badge"></span><b id="viewer-path"></b><span class="soft" id="viewer-count"></span><button type="button" id="viewer-close" aria-label="Close">✕</button></div>
<div class="viewer-pictures"><canvas id="viewer-plain"></canvas><canvas id="viewer-view"></canvas></div>
<p id="viewer-facts" role="status"></p>
<div class="tools"><button type="button" id="viewer-before">← Before</button><button type="button" id="viewer-next">Next →</button><span id="viewer-controls" class="tools"></span></div>
<div id="viewer-why" hidden></div>
</dialog>`;
