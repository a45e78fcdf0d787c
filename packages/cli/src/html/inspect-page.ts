/** One self-contained page that shows a model: its graph to walk through and the facts found. No request leaves it. */
import type { Section } from "../report/section.js";
import { escapeHtml, scriptJson } from "./escape.js";
import { layoutGraph } from "./graph-layout.js";
import type { GraphView, NodeKind } from "./graph-view.js";
import { PAGE_SCRIPT } from "./inspect-page-script.js";
import { PAGE_STYLE } from "./inspect-page-style.js";

/** What the colours mean, in the order of the flow. */
export const KIND_NAMES: Readonly<Record<NodeKind, string>> = {
  input: "input",
  preprocessing: "preprocessing",
  backbone: "backbone",
  head: "anomaly head",
  blur: "blur",
  postprocessing: "postprocessing",
  output: "output",
};

/** What the page is made from. */
export interface InspectPage {
  /** File name of the model. */
  readonly title: string;
  /** A few words beside it. */
  readonly subtitle: string;
  readonly sections: readonly Section[];
  readonly graph: GraphView;
}

/** The page's HTML. Everything that comes from the model file is escaped. */
export function inspectPage({ title, subtitle, sections, graph }: InspectPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeHtml(title)} – blemish inspect</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}<small>${escapeHtml(subtitle)}</small></h1>
<div class="tools">
<input type="search" id="search" placeholder="Find a node ( / )" aria-label="Find a node">
<span id="hits" role="status"></span>
<button type="button" id="out" aria-label="Zoom out" title="Zoom out (-)">−</button>
<button type="button" id="in" aria-label="Zoom in" title="Zoom in (+)">+</button>
<button type="button" id="fit" title="Show the whole graph (0)">Fit</button>
<button type="button" id="about" title="Facts about the model (Esc)">Model</button>
</div>
</header>
<main id="graph">${legend(graph)}</main>
<aside aria-live="polite">
<div id="facts">${sections.map(sectionHtml).join("\n")}</div>
<div id="details" hidden></div>
</aside>
<script type="application/json" id="data">${scriptJson(pageData(graph))}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

/** The graph with positions, as the page's program reads it. */
function pageData(graph: GraphView): object {
  const placed = layoutGraph(graph);
  return {
    width: placed.width,
    height: placed.height,
    kinds: KIND_NAMES,
    nodes: graph.nodes.map((node, index) => ({ ...node, ...placed.nodes[index] })),
    edges: graph.edges.map((edge, index) => ({ ...edge, points: placed.edges[index] })),
  };
}

function legend(graph: GraphView): string {
  const present = new Set(graph.nodes.map(({ kind }) => kind));
  const kinds = (Object.keys(KIND_NAMES) as NodeKind[]).filter((kind) => present.has(kind));
  const items = kinds.map((kind) => `<span class="${kind}"><i></i>${KIND_NAMES[kind]}</span>`);
  return `<div id="legend">${items.join("")}</div>`;
}

function sectionHtml({ title, rows, remarks }: Section): string {
  const list = rows
    .map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join("");
  const bullets = remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`).join("");
  return `<h2>${escapeHtml(title)}</h2>${list && `<dl>${list}</dl>`}${bullets && `<ul>${bullets}</ul>`}`;
}
