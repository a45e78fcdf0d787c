/** The report's style sheet: light and dark, wide screen, phone and paper. Embedded as it stands. */

const LIGHT = `
  --page: #f5f6f8; --card: #ffffff; --ink: #18212d; --soft: #586474; --line: #dde2e9; --focus: #1f6feb; --sunk: #eef1f5;
  --good: #2f7fb8; --good-solid: #5b9bc8; --bad: #c8500a; --fine: #1c7c54; --fine-back: #e5f4ec; --warn: #a84300;
  --warn-back: #fdf0e4; --wrong: #b3261e; --wrong-back: #fceae8; --open: #4f5d6e; --open-back: #e9edf2;`;

const DARK = `
  --page: #0f1319; --card: #181e27; --ink: #e7ebf1; --soft: #9aa6b5; --line: #2d3642; --focus: #6ea8fe; --sunk: #212935;
  --good: #6bb3e6; --good-solid: #4b8fbd; --bad: #f0945a; --fine: #5cc995; --fine-back: #15291f; --warn: #f3a560;
  --warn-back: #2e2116; --wrong: #f2867e; --wrong-back: #331a18; --open: #a9b5c4; --open-back: #222a35;`;

/** CSS text. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
:root.printing { color-scheme: light; ${LIGHT} }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 58px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
.no-js, .print-only { display: none; }
header, main, nav > div { max-width: 1160px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 26px; padding-bottom: 14px; }
.brand { margin: 0; font-size: 12.5px; font-weight: 600; color: var(--focus); }
h1 { font-size: 29px; line-height: 1.2; margin: 2px 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 20px; line-height: 1.3; margin: 0 0 8px; letter-spacing: -0.005em; }
h3 { font-size: 14px; margin: 0 0 6px; }
p { margin: 0 0 10px; max-width: 82ch; overflow-wrap: anywhere; }
header p { margin: 0; }
.soft { color: var(--soft); }
a { color: var(--focus); }
code { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
nav { position: sticky; top: 0; z-index: 5; background: var(--page); border-bottom: 1px solid var(--line); }
nav > div { display: flex; gap: 4px; overflow-x: auto; scrollbar-width: none; }
nav a { padding: 11px 10px; color: var(--soft); text-decoration: none; font-size: 14px; white-space: nowrap; }
nav a:first-child { margin-left: -10px; }
nav a:hover { color: var(--ink); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 22px 24px; margin: 18px 0; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
button, select, input { font: inherit; font-size: 14px; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 7px; padding: 5px 10px; }
button { cursor: pointer; }
button:hover:enabled { border-color: var(--soft); }
button:disabled { opacity: 0.45; cursor: default; }
input[type="checkbox"], input[type="range"] { accent-color: var(--focus); padding: 0; vertical-align: middle; }
input[type="number"] { width: 98px; }
summary { cursor: pointer; color: var(--focus); width: fit-content; }
.tools { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; font-size: 14px; color: var(--soft); margin: 10px 0; }
.tools > * { color: var(--ink); }
.tools label { color: var(--soft); }

/* verdict */
#verdict { --tone: var(--open); --tone-back: var(--open-back); border-top: 4px solid var(--tone); }
.tone-good { --tone: var(--fine) !important; --tone-back: var(--fine-back) !important; }
.tone-attention { --tone: var(--warn) !important; --tone-back: var(--warn-back) !important; }
.tone-bad { --tone: var(--wrong) !important; --tone-back: var(--wrong-back) !important; }
.verdict { display: flex; gap: 18px; }
.verdict > .sign { flex: none; width: 52px; height: 52px; border-radius: 50%; background: var(--tone-back); color: var(--tone); font-size: 28px; font-weight: 700; display: grid; place-items: center; }
.verdict p { margin: 0 0 4px; }
.tone-word { color: var(--tone); font-weight: 650; font-size: 14px; }
.headline { font-size: 24px; line-height: 1.3; margin: 0 0 8px; max-width: 48ch; text-wrap: pretty; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(215px, 1fr)); gap: 12px; margin-top: 18px; }
.tile { background: var(--sunk); border-radius: 9px; padding: 12px 15px; display: flex; flex-direction: column; border-left: 4px solid transparent; }
.tile.warn { border-left-color: var(--warn); }
.tile span { font-size: 13.5px; color: var(--soft); }
.tile b { font-size: 25px; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile small { font-size: 13px; color: var(--soft); text-wrap: pretty; }
.warnings { margin: 16px 0 0; padding: 10px 16px 10px 34px; background: var(--warn-back); border-radius: 9px; }
.warnings li { margin: 3px 0; overflow-wrap: anywhere; }

/* scores */
#lanes { position: relative; margin: 46px 0 4px; cursor: ew-resize; user-select: none; -webkit-user-select: none; }
#lanes .uplot { pointer-events: none; }
#lane-bad, #lane-good { min-height: 150px; }
.lane-name { position: absolute; right: 16px; top: 2px; margin: 0; font-size: 13px; font-weight: 600; pointer-events: none; background: color-mix(in srgb, var(--card) 78%, transparent); padding: 0 6px; border-radius: 5px; z-index: 1; }
.bad-name { top: 154px; }
#lanes:has(.near-right) .lane-name { right: auto; left: 52px; }
.swatch { display: inline-block; width: 13px; height: 13px; margin: 0 5px 0 11px; vertical-align: -1.5px; border: 1px solid var(--good); border-radius: 2px; }
.swatch + .swatch { margin-left: 11px; }
.lane-name { font-weight: 600; }
.solid { background: var(--good-solid); }
.dots { background: radial-gradient(var(--good) 1.1px, transparent 1.4px) 0 0 / 5px 5px; }
.hatch { border-color: var(--bad); background: repeating-linear-gradient(135deg, var(--bad) 0 1.5px, transparent 1.5px 4.5px); }
#lower-line { position: absolute; top: 0; bottom: 34px; border-left: 2px dashed var(--open); background: repeating-linear-gradient(90deg, color-mix(in srgb, var(--open) 9%, transparent) 0 2px, transparent 2px 6px); pointer-events: none; z-index: 1; }
#lower-line span { position: absolute; top: 2px; right: 100%; margin-right: 6px; font-size: 12px; color: var(--open); white-space: nowrap; }
#line { position: absolute; top: 0; bottom: 34px; width: 18px; margin-left: -9px; cursor: ew-resize; touch-action: pan-y; z-index: 2; }
#line::before { content: ""; position: absolute; left: 8px; top: -6px; bottom: 0; border-left: 2px solid var(--ink); }
#line::after { content: ""; position: absolute; left: 9px; top: 0; bottom: 0; width: var(--right, 0); background: var(--bad); opacity: 0.07; pointer-events: none; }
#grip { position: absolute; left: 9px; top: -32px; transform: translateX(-50%); min-width: 62px; height: 30px; padding: 4px 12px; border-radius: 15px; background: var(--ink); color: var(--card); font-size: 14px; font-weight: 650; line-height: 22px; text-align: center; white-space: nowrap; touch-action: none; font-variant-numeric: tabular-nums; }
#grip::before { content: ""; position: absolute; inset: -10px; }
#grip:hover, .dragging #grip { background: var(--focus); }
.near-right #grip { transform: translateX(-78%); }
.near-left #grip { transform: translateX(-22%); }
.side { position: absolute; top: -29px; font-size: 12.5px; color: var(--soft); white-space: nowrap; pointer-events: none; }
.side.left { right: 60px; } .side.left::before { content: "← "; }
.side.right { left: 60px; } .side.right::after { content: " →"; }
.near-left .side.left, .near-right .side.right { display: none; }
.near-right .side.left { right: 82px; } .near-left .side.right { left: 82px; }
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: 6px; padding: 0; margin: 12px 0 0; }
.chips:empty { display: none; }
.chip { background: var(--sunk); border-radius: 12px; padding: 2px 11px; font-size: 13.5px; }
.chip b { font-weight: 600; }
.chip.warn { background: var(--warn-back); color: var(--warn); }
#command-row { margin-top: 16px; }
.command { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-bottom: 10px; }
.command code { background: var(--sunk); border-radius: 7px; padding: 7px 12px; }

/* figures */
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 22px; margin: 16px 0; }
figure { margin: 0; min-width: 0; } .plots > :only-child { max-width: 640px; }
figcaption { font-size: 14px; color: var(--soft); margin-bottom: 4px; }
figcaption b { color: var(--ink); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin: 6px 0 12px; }
caption { text-align: left; font-weight: 600; padding-bottom: 4px; }
th, td { padding: 7px 12px 7px 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; font-weight: 500; }
thead th { color: var(--soft); font-weight: 500; font-size: 13.5px; }
tfoot th, tfoot td { font-weight: 650; border-bottom: 0; }
tr.warn td:nth-child(4) { color: var(--warn); font-weight: 650; }
.figures td { text-align: left; } .figures td:last-child { color: var(--soft); white-space: normal; width: 70%; }

/* pictures */
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(158px, 1fr)); gap: 12px; }
.card { display: flex; flex-direction: column; text-align: left; padding: 0 0 8px; border-radius: 9px; overflow: hidden; }
.many .card { content-visibility: auto; contain-intrinsic-size: 158px 250px; }
.card > span:not(.frame) { padding: 0 10px; }
.frame { position: relative; display: grid; place-items: center; aspect-ratio: 1; background: var(--sunk); margin-bottom: 7px; }
.frame canvas { max-width: 100%; max-height: 100%; width: 100%; height: 100%; object-fit: contain; display: block; }
.place { position: absolute; left: 7px; top: 7px; background: var(--ink); color: var(--card); border-radius: 9px; padding: 0 8px; font-size: 12.5px; font-weight: 650; }
.row { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 5px; font-variant-numeric: tabular-nums; }
.row b { font-size: 14px; }
.badge { font-size: 12px; font-weight: 600; color: var(--fine); }
.badge::before { content: "✓ "; }
[data-outcome="alarm"] .badge { color: var(--warn); } [data-outcome="alarm"] .badge::before { content: "▲ "; }
[data-outcome="escape"] .badge { color: var(--wrong); } [data-outcome="escape"] .badge::before { content: "✕ "; }
.card[data-outcome="alarm"] { border-color: var(--warn); } .card[data-outcome="escape"] { border-color: var(--wrong); }
[data-outcome="uncertain"] .badge { color: var(--open); } [data-outcome="uncertain"] .badge::before { content: "? "; } .card[data-outcome="uncertain"] { border-color: var(--open); border-style: dashed; }
.kind { font-size: 13.5px; overflow-wrap: anywhere; }
.path { font-size: 12px; color: var(--soft); overflow-wrap: anywhere; line-height: 1.35; }
.segments { display: inline-flex; }
.segments button { border-radius: 0; margin-left: -1px; }
.segments button:first-child { border-radius: 7px 0 0 7px; } .segments button:last-child { border-radius: 0 7px 7px 0; }
.segments [aria-pressed="true"] { background: var(--ink); color: var(--card); border-color: var(--ink); }
.strength input { width: 120px; }
.legend { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; font-size: 13px; color: var(--soft); margin-bottom: 8px; }
.legend canvas { width: 256px; max-width: 45vw; height: 12px; border-radius: 3px; }
.mask-key i { display: inline-block; width: 22px; height: 0; border-top: 3px solid #fff; outline: 1px solid #0008; margin: 0 6px 3px 0; }
.mask-key .found { border-top: 3px dashed #ff9f40; margin-left: 14px; }

/* large view */
dialog { border: 1px solid var(--line); border-radius: 14px; background: var(--card); color: var(--ink); padding: 16px 20px; width: min(1120px, calc(100vw - 24px)); max-height: calc(100vh - 24px); }
dialog::backdrop { background: rgb(8 12 18 / 0.66); }
.viewer-head { display: flex; gap: 12px; align-items: center; margin-bottom: 10px; }
.viewer-head b { overflow-wrap: anywhere; flex: 1; }
.viewer-pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
.viewer-pictures canvas { width: 100%; height: auto; max-height: 62vh; object-fit: contain; background: var(--sunk); border-radius: 8px; }
.single #viewer-plain { display: none; } .single .viewer-pictures { grid-template-columns: 1fr; }
.reason { border-top: 1px solid var(--line); margin-top: 12px; } .reason h3 { margin: 10px 0 2px; font-size: 15px; } .reason p { margin: 2px 0; font-size: 13px; }
.patches { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 8px; }
.patch { margin: 0; width: 150px; } .patch canvas, .no-thumbnail { display: block; border-radius: 6px; background: var(--sunk); }
.no-thumbnail { height: 150px; line-height: 150px; text-align: center; font-size: 13px; color: var(--soft); }
.patch figcaption span { display: block; font-size: 12px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
#viewer-facts { margin: 10px 0 4px; }

/* promise, health, facts */
.promises { display: grid; grid-template-columns: max-content 1fr; gap: 10px 22px; margin: 14px 0; align-items: baseline; }
.promises dt { display: flex; flex-direction: column; } .promises dt span { font-size: 13.5px; color: var(--soft); }
.promises dt b { font-size: 23px; line-height: 1.2; font-weight: 650; white-space: nowrap; }
.promises dd { margin: 0; max-width: 68ch; }
.key { display: inline-block; width: 24px; border-top: 3px solid var(--bad); margin: 0 6px 4px; } .key.dashed { border-top: 3px dashed var(--good-solid); margin-left: 12px; }
.key.ink-0 { border-color: var(--good-solid); } .key.ink-2 { border-color: var(--soft); } .key.ink-3 { border-color: var(--focus); }
.findings { list-style: none; padding: 0; margin: 0; }
.finding { display: flex; gap: 12px; padding: 12px 0; border-top: 1px solid var(--line); --tone: var(--open); --tone-back: var(--open-back); }
.finding.error { --tone: var(--wrong); --tone-back: var(--wrong-back); } .finding.warning { --tone: var(--warn); --tone-back: var(--warn-back); }
.finding .sign { flex: none; width: 26px; height: 26px; border-radius: 50%; background: var(--tone-back); color: var(--tone); font-weight: 700; display: grid; place-items: center; }
.strip { display: flex; flex-wrap: wrap; gap: 8px; margin: 6px 0; }
.finding img { width: 84px; height: 84px; object-fit: contain; border-radius: 7px; background: var(--sunk); }
.finding p { margin: 0 0 3px; } .finding .kind { color: var(--tone); font-weight: 600; }
.finding > div { min-width: 0; }
.paths, .paths + details ul { list-style: none; padding: 0; margin: 0; font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 20px 34px; }
.facts dl { display: grid; grid-template-columns: minmax(118px, max-content) minmax(0, 1fr); gap: 4px 16px; margin: 0; font-size: 14px; }
.facts dt { color: var(--soft); max-width: 190px; } .facts dd { margin: 0; overflow-wrap: anywhere; }

@media (max-width: 720px) {
  header, main, nav > div { padding-left: 14px; padding-right: 14px; }
  section { padding: 18px 15px; border-radius: 10px; }
  h1 { font-size: 24px; } .headline { font-size: 20px; }
  .verdict { gap: 12px; } .verdict > .sign { width: 36px; height: 36px; font-size: 20px; }
  .tiles { grid-template-columns: repeat(auto-fill, minmax(148px, 1fr)); }
  .tile { padding: 10px 12px; } .tile b { font-size: 21px; }
  .cards { grid-template-columns: repeat(auto-fill, minmax(136px, 1fr)); gap: 9px; }
  .viewer-pictures { grid-template-columns: 1fr; } #viewer-plain { display: none; }
  dialog { padding: 12px 14px; }
  .promises { grid-template-columns: 1fr; gap: 3px; } .promises dd { margin-bottom: 10px; }
  .side, .long { display: none; }
  .lane-name { font-size: 12px; white-space: nowrap; right: 4px; } .lane-name .swatch { margin-left: 8px; }
  .facts dl { grid-template-columns: 1fr; gap: 0; } .facts dd { margin-bottom: 7px; }
  .filters label { display: flex; gap: 6px; align-items: center; }
}
.printing main { width: 680px; padding: 0; } .printing .plots { grid-template-columns: 1fr 1fr; }
@media print {
  :root, :root.printing { color-scheme: light; ${LIGHT} --page: #fff; }
  @page { margin: 14mm; }
  body { font-size: 12px; }
  nav, .tools, dialog, #command-row, .side { display: none !important; }
  .print-only { display: block; }
  header, main { width: 680px; padding: 0; margin: 0; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 14px 0; margin: 0; }
  #verdict { border-top-width: 4px; }
  figure, .tile, .card, .finding, tr, #lanes, .verdict { break-inside: avoid; }
  h2, caption { break-after: avoid; }
  .tiles { grid-template-columns: repeat(4, 1fr); } .tile { padding: 8px 11px; } .tile b { font-size: 19px; } .tile small { font-size: 11.5px; }
  .plots { grid-template-columns: 1fr 1fr; }
  .cards { grid-template-columns: repeat(6, 1fr); gap: 8px; } .card > span:not(.frame) { padding: 0 6px; }
  .card:nth-child(n+25) { display: none; } .many .card { content-visibility: visible; }
  .tile, .tile.warn, .verdict > .sign, .chip, #grip, .finding .sign, .solid, .hatch, .dots { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
