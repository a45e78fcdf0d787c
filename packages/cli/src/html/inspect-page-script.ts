/**
 * The inspect page's own program: plain browser JavaScript, embedded as it stands. It draws the graph that the page
 * carries as JSON, and sets text only as text, so nothing from a model file can become markup.
 */

/** JavaScript text. */
export const PAGE_SCRIPT = String.raw`
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const holder = document.getElementById("graph");
const side = document.getElementById("details");
const facts = document.getElementById("facts");
const SVG = "http://www.w3.org/2000/svg";
const view = { x: 0, y: 0, scale: 1 };
let selected = null;

function make(parent, tag, attributes, text) {
  const inSvg = parent.namespaceURI === SVG || tag === "svg";
  const element = inSvg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
}

/* ---- drawing ---- */
const svg = make(holder, "svg", { role: "group", "aria-label": "Graph of the model" });
holder.insertBefore(svg, holder.firstChild);
const marker = make(make(svg, "defs", {}), "marker",
  { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" });
make(marker, "path", { d: "M0 0.8 L8 4 L0 7.2 z" });
const world = make(svg, "g", {});

function curve(points) {
  let path = "M" + points[0] + " " + points[1];
  for (let i = 2; i < points.length - 2; i += 2) {
    const endX = i + 2 < points.length - 2 ? (points[i] + points[i + 2]) / 2 : points[i + 2];
    const endY = i + 2 < points.length - 2 ? (points[i + 1] + points[i + 3]) / 2 : points[i + 3];
    path += " Q" + points[i] + " " + points[i + 1] + " " + endX + " " + endY;
  }
  if (points.length === 4) path += " L" + points[2] + " " + points[3];
  return path;
}

function clip(text, width) {
  const room = Math.floor((width - 14) / 6.3);
  return text.length > room ? text.slice(0, room - 1) + "…" : text;
}

const edgeElements = data.edges.map(function (edge) {
  const path = make(world, "path", { class: "edge", d: curve(edge.points), "marker-end": "url(#tip)" });
  make(path, "title", {}, edge.name);
  return path;
});
const nodeElements = data.nodes.map(function (node) {
  const label = node.op + (node.caption ? ", " + node.caption : "") + (node.name ? ", " + node.name : "");
  const group = make(world, "g", {
    class: "node " + node.kind, tabindex: 0, role: "button", "aria-label": label,
    transform: "translate(" + (node.x - node.width / 2) + " " + (node.y - node.height / 2) + ")",
  });
  make(group, "rect", { width: node.width, height: node.height });
  make(group, "text", { x: node.width / 2, y: 18 }, clip(node.op, node.width));
  if (node.caption) make(group, "text", { x: node.width / 2, y: 34 }, clip(node.caption, node.width));
  group.addEventListener("click", function () { if (!moved) select(node.id); });
  group.addEventListener("keydown", function (event) { nodeKey(event, node); });
  return group;
});

/* ---- moving and zooming ---- */
function apply() {
  world.setAttribute("transform", "translate(" + view.x + " " + view.y + ") scale(" + view.scale + ")");
}
function zoom(factor, x, y) {
  const scale = Math.min(4, Math.max(0.03, view.scale * factor));
  view.x = x - ((x - view.x) * scale) / view.scale;
  view.y = y - ((y - view.y) * scale) / view.scale;
  view.scale = scale;
  apply();
}
function zoomCentre(factor) { zoom(factor, holder.clientWidth / 2, holder.clientHeight / 2); }
function fit() {
  view.scale = Math.min(1.2, holder.clientWidth / (data.width || 1), holder.clientHeight / (data.height || 1));
  view.x = (holder.clientWidth - data.width * view.scale) / 2;
  view.y = (holder.clientHeight - data.height * view.scale) / 2;
  apply();
}
function start() {
  const first = data.nodes[0];
  view.scale = Math.min(1, Math.max(0.55, holder.clientWidth / (data.width || 1)));
  view.x = holder.clientWidth / 2 - (first ? first.x : 0) * view.scale;
  view.y = 8;
  apply();
}
function reveal(node) {
  const x = view.x + node.x * view.scale;
  const y = view.y + node.y * view.scale;
  const inside = x > 60 && y > 40 && x < holder.clientWidth - 60 && y < holder.clientHeight - 60;
  if (inside && view.scale > 0.4) return;
  view.scale = Math.max(view.scale, 0.8);
  view.x = holder.clientWidth / 2 - node.x * view.scale;
  view.y = holder.clientHeight / 2 - node.y * view.scale;
  apply();
}
const pointers = new Map();
let moved = false;
holder.addEventListener("wheel", function (event) {
  event.preventDefault();
  const box = holder.getBoundingClientRect();
  if (event.ctrlKey || event.metaKey || !event.shiftKey)
    zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.04 : 0.0016)), event.clientX - box.left, event.clientY - box.top);
  else { view.x -= event.deltaY; apply(); }
}, { passive: false });
holder.addEventListener("pointerdown", function (event) {
  if (event.button !== 0) return;
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  moved = false;
});
window.addEventListener("pointermove", function (event) {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const others = [...pointers].filter(function (entry) { return entry[0] !== event.pointerId; });
  const dx = event.clientX - before.x;
  const dy = event.clientY - before.y;
  if (Math.abs(dx) + Math.abs(dy) > 3) { moved = true; holder.classList.add("dragging"); }
  if (!moved) return;
  if (others.length === 1) {
    const other = others[0][1];
    const box = holder.getBoundingClientRect();
    const now = Math.hypot(event.clientX - other.x, event.clientY - other.y);
    const old = Math.hypot(before.x - other.x, before.y - other.y) || 1;
    zoom(now / old, (event.clientX + other.x) / 2 - box.left, (event.clientY + other.y) / 2 - box.top);
  } else { view.x += dx; view.y += dy; apply(); }
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
});
function release(event) { pointers.delete(event.pointerId); holder.classList.remove("dragging"); }
window.addEventListener("pointerup", release);
window.addEventListener("pointercancel", release);
document.getElementById("in").addEventListener("click", function () { zoomCentre(1.3); });
document.getElementById("out").addEventListener("click", function () { zoomCentre(1 / 1.3); });
document.getElementById("fit").addEventListener("click", fit);
document.getElementById("about").addEventListener("click", function () { select(null); });

/* ---- the side panel ---- */
function go(id) { select(id); nodeElements[id].focus({ preventScroll: true }); }
function link(parent, id) {
  const node = data.nodes[id];
  const button = make(parent, "button", { class: "link", type: "button" }, node.op + (node.name ? " · " + node.name : ""));
  button.addEventListener("click", function () { go(id); });
}
function pairs(parent, rows) {
  const list = make(parent, "dl", {});
  for (const row of rows) { make(list, "dt", {}, row[0]); make(list, "dd", {}, row[1]); }
}
function number(value) { return value === null ? "–" : String(Number(value.toPrecision(7))); }
function showTensor(slot, tensor) {
  make(slot, "p", { class: "soft" }, tensor.dtype + " [" + tensor.shape.join(", ") + "]" + (tensor.note ? " – " + tensor.note : ""));
  if (tensor.min !== null)
    make(slot, "p", { class: "soft" }, "min " + number(tensor.min) + ",  max " + number(tensor.max) + ",  mean " + number(tensor.mean));
  if (tensor.first.length > 0) {
    const count = tensor.shape.reduce(function (product, side) { return product * side; }, 1);
    make(slot, "p", { class: "values" }, tensor.first.join("  ") + (count > tensor.first.length ? "  …" : ""));
  }
}
function showNode(node) {
  side.replaceChildren();
  make(side, "h3", {}, node.op);
  make(make(side, "p", {}), "span", { class: "chip " + node.kind }, data.kinds[node.kind]);
  if (node.name) make(side, "p", { class: "soft" }, node.name);
  if (node.attributes.length > 0) {
    make(side, "h2", {}, "Attributes");
    pairs(side, node.attributes.map(function (one) { return [one.name, one.value]; }));
  }
  if (node.inputs.length > 0) make(side, "h2", {}, "Inputs");
  for (const input of node.inputs) {
    const slot = make(side, "div", { class: "slot" });
    make(slot, "b", {}, input.name || "(not given)");
    if (input.from !== null) { const line = make(slot, "p", { class: "soft" }, "from "); link(line, input.from); }
    if (input.tensor) showTensor(slot, input.tensor);
  }
  if (node.outputs.length > 0) make(side, "h2", {}, "Outputs");
  for (const output of node.outputs) {
    const slot = make(side, "div", { class: "slot" });
    make(slot, "b", {}, output.name);
    if (output.type) make(slot, "p", { class: "soft" }, output.type);
    for (const edge of data.edges)
      if (edge.from === node.id && edge.name === output.name) { const line = make(slot, "p", { class: "soft" }, "to "); link(line, edge.to); }
  }
}
function select(id) {
  if (selected !== null) nodeElements[selected].classList.remove("selected");
  selected = id;
  facts.hidden = id !== null;
  side.hidden = id === null;
  edgeElements.forEach(function (element, index) {
    const edge = data.edges[index];
    element.classList.toggle("near", id !== null && (edge.from === id || edge.to === id));
  });
  if (id === null) { history.replaceState(null, "", "#"); return; }
  nodeElements[id].classList.add("selected");
  reveal(data.nodes[id]);
  showNode(data.nodes[id]);
  side.parentElement.scrollTop = 0;
  history.replaceState(null, "", "#node-" + id);
}

/* ---- keyboard and search ---- */
function nearest(node, ids) {
  return ids.sort(function (a, b) { return Math.abs(data.nodes[a].x - node.x) - Math.abs(data.nodes[b].x - node.x); })[0];
}
function neighbour(node, key) {
  if (key === "ArrowDown") return nearest(node, data.edges.filter(function (e) { return e.from === node.id; }).map(function (e) { return e.to; }));
  if (key === "ArrowUp") return nearest(node, data.edges.filter(function (e) { return e.to === node.id; }).map(function (e) { return e.from; }));
  const sign = key === "ArrowRight" ? 1 : -1;
  const row = data.nodes.filter(function (one) { return Math.abs(one.y - node.y) < 20 && (one.x - node.x) * sign > 1; });
  return nearest(node, row.map(function (one) { return one.id; }));
}
function nodeKey(event, node) {
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); select(node.id); return; }
  if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  const next = neighbour(node, event.key);
  if (next !== undefined) go(next);
}
const search = document.getElementById("search");
const hitCount = document.getElementById("hits");
const texts = data.nodes.map(function (node) {
  const names = node.inputs.concat(node.outputs).map(function (one) { return one.name; });
  return [node.op, node.name, node.caption, data.kinds[node.kind]].concat(names).join("\n").toLowerCase();
});
let hits = [];
let hit = -1;
function find() {
  const wanted = search.value.trim().toLowerCase();
  hits = wanted === "" ? [] : data.nodes.map(function (n) { return n.id; }).filter(function (id) { return texts[id].includes(wanted); });
  hit = -1;
  svg.classList.toggle("searching", wanted !== "");
  nodeElements.forEach(function (element, id) { element.classList.toggle("hit", hits.includes(id)); });
  hitCount.textContent = wanted === "" ? "" : hits.length + (hits.length === 1 ? " node" : " nodes");
}
search.addEventListener("input", find);
search.addEventListener("keydown", function (event) {
  if (event.key === "Escape") { search.value = ""; find(); search.blur(); }
  if (event.key !== "Enter" || hits.length === 0) return;
  hit = (hit + (event.shiftKey ? hits.length - 1 : 1)) % hits.length;
  select(hits[hit]);
});
document.addEventListener("keydown", function (event) {
  if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); search.focus(); }
  if (event.key === "Escape") select(null);
  if (event.key === "+" || event.key === "=") zoomCentre(1.3);
  if (event.key === "-") zoomCentre(1 / 1.3);
  if (event.key === "0") fit();
});
start();
const asked = /^#node-(\d+)$/.exec(location.hash);
if (asked && data.nodes[Number(asked[1])]) select(Number(asked[1]));
`;
