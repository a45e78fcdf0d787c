/** The inspect page's style sheet: light and dark, wide screen and phone. Embedded as it stands. */

/** CSS text. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1c2430; --soft: #5b6675; --line: #d5dae1; --edge: #9aa5b3; --focus: #1f6feb;
  --input: #64748b; --preprocessing: #0e8f9c; --backbone: #3b6fd4; --head: #c2571a; --blur: #8a4fc4;
  --postprocessing: #2f855a; --output: #64748b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1b212a; --ink: #e6eaf0; --soft: #98a4b3; --line: #313a46; --edge: #5f6c7c; --focus: #6ea8fe;
    --input: #94a3b8; --preprocessing: #3ec5d1; --backbone: #7aa5f7; --head: #f0945a; --blur: #bb8df0;
    --postprocessing: #5fc58d; --output: #94a3b8;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: grid; grid-template: "bar bar" auto "graph side" minmax(0, 1fr) / minmax(0, 1fr) 400px;
  background: var(--page); color: var(--ink); font: 14px/1.45 system-ui, "Segoe UI", Roboto, sans-serif;
}
header {
  grid-area: bar; display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; padding: 9px 16px;
  background: var(--card); border-bottom: 1px solid var(--line);
}
h1 { font-size: 16px; margin: 0; overflow-wrap: anywhere; }
h1 small { font-weight: 400; color: var(--soft); margin-left: 8px; }
.tools { display: flex; gap: 6px; align-items: center; margin-left: auto; }
input[type="search"], button {
  font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 7px; padding: 5px 10px;
}
input[type="search"] { width: 230px; }
button { cursor: pointer; min-width: 34px; }
button:hover { border-color: var(--edge); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
#hits:not(:empty) { margin-right: 4px; color: var(--soft); font-size: 12px; }
#graph { grid-area: graph; position: relative; overflow: hidden; touch-action: none; cursor: grab; }
#graph.dragging { cursor: grabbing; }
#graph svg { width: 100%; height: 100%; display: block; user-select: none; -webkit-user-select: none; }
#legend {
  position: absolute; left: 12px; bottom: 12px; display: flex; flex-wrap: wrap; gap: 4px 12px; max-width: calc(100% - 24px);
  padding: 6px 10px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; font-size: 12px;
  color: var(--soft);
}
#legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 5px; background: var(--kind); }
aside {
  grid-area: side; overflow: auto; background: var(--card); border-left: 1px solid var(--line); padding: 4px 18px 24px;
}
h2 { font-size: 13px; margin: 18px 0 6px; color: var(--soft); font-weight: 600; }
h3 { font-size: 18px; margin: 12px 0 2px; }
p { margin: 4px 0; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
dl { display: grid; grid-template-columns: 118px minmax(0, 1fr); gap: 3px 14px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
ul { margin: 4px 0; padding-left: 18px; }
li { margin: 2px 0; overflow-wrap: anywhere; }
.chip {
  display: inline-block; padding: 1px 9px; border-radius: 10px; font-size: 12px; border: 1px solid var(--kind);
  background: color-mix(in srgb, var(--kind) 16%, var(--card));
}
.slot { border-top: 1px solid var(--line); padding: 7px 0; }
h2 + .slot { border-top: 0; }
.slot b { font-weight: 600; overflow-wrap: anywhere; }
.link {
  border: 0; background: none; padding: 0; min-width: 0; color: var(--focus); text-align: left; overflow-wrap: anywhere;
}
.link:hover { text-decoration: underline; }
.values { white-space: pre-wrap; font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace; color: var(--soft); overflow-wrap: anywhere; }
.node { cursor: pointer; outline: none; }
.node rect {
  fill: color-mix(in srgb, var(--kind) 20%, var(--card)); stroke: var(--kind); stroke-width: 1.2; rx: 7px;
}
.node text { fill: var(--ink); text-anchor: middle; font-size: 12.5px; font-weight: 600; }
.node text + text { fill: var(--soft); font-size: 11px; font-weight: 400; }
.node:hover rect { stroke-width: 2.2; }
.node:focus-visible rect { stroke: var(--focus); stroke-width: 3; }
.node.selected rect { stroke-width: 3; fill: color-mix(in srgb, var(--kind) 38%, var(--card)); }
.searching .node:not(.hit) { opacity: 0.28; }
.edge { fill: none; stroke: var(--edge); stroke-width: 1.2; }
.edge.near { stroke: var(--focus); stroke-width: 2.2; }
marker path { fill: var(--edge); }
.input { --kind: var(--input); } .preprocessing { --kind: var(--preprocessing); } .backbone { --kind: var(--backbone); }
.head { --kind: var(--head); } .blur { --kind: var(--blur); } .postprocessing { --kind: var(--postprocessing); }
.output { --kind: var(--output); }
@media (max-width: 760px) {
  body { grid-template: "bar" auto "graph" minmax(0, 1fr) "side" minmax(0, 46vh) / minmax(0, 1fr); }
  aside { border-left: 0; border-top: 1px solid var(--line); padding: 0 14px 18px; }
  .tools { margin-left: 0; width: 100%; }
  input[type="search"] { width: auto; flex: 1; min-width: 0; }
  #legend { font-size: 11px; gap: 2px 8px; }
}
@media print { body { display: block; } #graph, .tools { display: none; } aside { border: 0; } }
`;
