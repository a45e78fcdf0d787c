/** Part of the page's program: the histogram of scores with the threshold as a line to drag, and the live counts. */

/** JavaScript text; needs the basics and the counts. */
export const SCORES_SCRIPT = `
const scoreAxis = (function () {
  const all = data.training.concat(data.good, data.threshold, data.uncertainThreshold === null ? [] : data.uncertainThreshold);
  for (const defect of data.defects) all.push.apply(all, defect.scores);
  let low = Infinity, high = -Infinity;
  for (const score of all) { low = Math.min(low, score); high = Math.max(high, score); }
  const sorted = all.slice().sort(function (a, b) { return a - b; });
  const axis = { low: low, high: high, mayBeLog: low > 0 && high / low > 3, log: false };
  axis.log = axis.mayBeLog && high / sorted[sorted.length >> 1] > 5;
  return axis;
})();
function toPlace(score) { return scoreAxis.log ? Math.log10(Math.max(score, 1e-300)) : score; }
function toScore(place) { return scoreAxis.log ? Math.pow(10, place) : place; }
function placeRange() {
  const low = toPlace(scoreAxis.low), high = toPlace(scoreAxis.high);
  const room = (high - low || Math.abs(high) || 1) * 0.03;
  return [low - room, high + room];
}

/** Hatching and dots, so that groups differ by more than colour. */
function pattern(kind, ink) {
  const ratio = devicePixelRatio || 1;
  const tile = document.createElement("canvas");
  tile.width = tile.height = Math.round(8 * ratio);
  const pen = tile.getContext("2d");
  pen.scale(tile.width / 8, tile.width / 8);
  pen.globalAlpha = 0.22;
  pen.fillStyle = ink;
  pen.fillRect(0, 0, 8, 8);
  pen.globalAlpha = 1;
  if (kind === "dots") {
    for (const at of [[2, 2], [6, 6]]) { pen.beginPath(); pen.arc(at[0], at[1], 1.15, 0, 2 * Math.PI); pen.fill(); }
  } else {
    pen.strokeStyle = ink;
    pen.lineWidth = 1.7;
    for (const shift of [-8, 0, 8]) { pen.beginPath(); pen.moveTo(shift, 8); pen.lineTo(shift + 8, 0); pen.stroke(); }
  }
  return pen.createPattern(tile, "repeat");
}

const lanes = byId("lanes");
/* Room beside the plots, in pixels: the numbers on the left, half a number on the right. */
const LANE_LEFT = 44, LANE_RIGHT = 14;
let lanePlots = [];

/** One lane: bars of one or two groups, the second standing in front of the sum of both. */
function laneOptions(width, height, bottom, most, series) {
  const range = placeRange();
  return {
    width: width, height: height, legend: { show: false }, cursor: { show: false }, padding: [12, LANE_RIGHT, bottom ? 0 : 8, 0],
    scales: { x: { time: false, range: range }, y: { range: [0, Math.max(1, most) * 1.12] } },
    axes: [
      { show: bottom, stroke: function () { return colour("soft"); }, grid: { show: false }, ticks: { stroke: function () { return colour("line"); } },
        font: "12px system-ui, sans-serif", size: 34,
        splits: function () { return ticks(toScore(range[0]), toScore(range[1]), Math.max(3, width / 90), scoreAxis.log).map(toPlace); },
        values: function (plot, places) { return places.map(function (place) { return scoreText(toScore(place)); }); } },
      { stroke: function () { return colour("soft"); }, size: LANE_LEFT, font: "12px system-ui, sans-serif",
        grid: { stroke: function () { return colour("line"); }, width: 1 }, ticks: { show: false },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
    ],
    series: [{}].concat(series),
  };
}

function barSeries(ink, kind) {
  return {
    paths: uPlot.paths.bars({ size: [0.94, 200] }), points: { show: false }, width: 1,
    stroke: function () { return colour(ink); },
    fill: function () { return kind === "solid" ? colour(ink) : pattern(kind, colour(ink)); },
  };
}

function drawLanes() {
  for (const plot of lanePlots) plot.destroy();
  lanePlots = [];
  const width = Math.max(240, lanes.clientWidth);
  const range = placeRange();
  const bins = binEdges(range[0], range[1], toPlace(data.threshold), width < 520 ? 26 : 52);
  const count = function (scores) { return binCounts(scores.map(toPlace), bins); };
  const middles = binCounts([], bins).map(function (zero, i) { return bins.first + (i + 0.5) * bins.width; });
  const training = count(data.training), good = count(data.good);
  const sum = training.map(function (one, i) { return one + good[i]; });
  const bad = count([].concat.apply([], data.defects.map(function (defect) { return defect.scores; })));
  const lane = function (holder, bottom, rows, series) {
    const most = Math.max.apply(null, rows[0]);
    const bars = rows.map(function (row) { return row.map(function (one) { return one || null; }); });
    lanePlots.push(new uPlot(laneOptions(width, bottom ? 176 : 150, bottom, most, series), [middles].concat(bars), byId(holder)));
  };
  const twoLanes = data.defects.length > 0;
  if (twoLanes) {
    lane("lane-good", false, [sum, training], [barSeries("good", "dots"), barSeries("good-solid", "solid")]);
    lane("lane-bad", true, [bad], [barSeries("bad", "hatch")]);
  } else lane("lane-good", true, [sum, training], [barSeries("good", "dots"), barSeries("good-solid", "solid")]);
  placeLine();
}

/* ---- the line ---- */
const line = byId("line"), grip = byId("grip"), field = byId("threshold-field");
function plotArea() {
  const width = Math.max(240, lanes.clientWidth) - LANE_LEFT - LANE_RIGHT;
  return { left: LANE_LEFT, width: width, page: lanes.getBoundingClientRect().left + LANE_LEFT };
}
function placeLine() {
  const area = plotArea(), range = placeRange();
  const share = (toPlace(state.threshold) - range[0]) / (range[1] - range[0]);
  const left = Math.min(Math.max(share, 0), 1) * area.width, right = area.width - left;
  line.style.left = area.left + left + "px";
  line.style.setProperty("--right", right + "px");
  line.classList.toggle("near-left", left < 120);
  line.classList.toggle("near-right", right < 160);
  const lower = byId("lower-line");
  if (lower) {
    const lowerShare = (toPlace(lowerThreshold()) - range[0]) / (range[1] - range[0]);
    lower.style.left = area.left + Math.min(Math.max(lowerShare, 0), 1) * area.width + "px";
    lower.style.width = Math.max(0, left - Math.min(Math.max(lowerShare, 0), 1) * area.width) + "px";
  }
}
/** A threshold from the page is a number that a command can repeat: six digits. The model's own keeps all of its. */
function chooseThreshold(value) {
  const range = placeRange();
  const inside = Math.min(Math.max(value, toScore(range[0])), toScore(range[1]));
  const short = Number(inside.toPrecision(6));
  setThreshold(short === Number(data.threshold.toPrecision(6)) ? data.threshold : short);
}
function chooseAt(event) {
  const area = plotArea(), range = placeRange();
  chooseThreshold(toScore(range[0] + ((event.clientX - area.page) / area.width) * (range[1] - range[0])));
}
function dragFrom(element) {
  element.addEventListener("pointerdown", function (event) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    grip.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    lanes.classList.add("dragging");
    if (element === lanes) chooseAt(event);
  });
  element.addEventListener("pointermove", function (event) { if (element.hasPointerCapture(event.pointerId)) chooseAt(event); });
  const end = function () { lanes.classList.remove("dragging"); };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}
function lineKey(event) {
  const range = placeRange();
  const step = (range[1] - range[0]) / 250;
  const place = toPlace(state.threshold);
  const moves = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, PageDown: -10 * step, PageUp: 10 * step };
  if (event.key in moves) chooseThreshold(toScore(place + moves[event.key]));
  else if (event.key === "Home") chooseThreshold(toScore(range[0]));
  else if (event.key === "End") chooseThreshold(toScore(range[1]));
  else return;
  event.preventDefault();
}

/* ---- the counts ---- */
function showCount(id, events, total, table, none) {
  const tile = byId(id);
  if (!tile) return;
  tile.querySelector("b").textContent = total === 0 ? "–" : events + " of " + total;
  const interval = table && table[events];
  tile.querySelector("small").textContent = total === 0 ? none : percentText(events / total) +
    (interval ? "; true rate " + percentDigits(interval[0], "down") + " to " + percentText(interval[1], "up") : "");
}
function showCounts() {
  const counts = countsAt(data, state.threshold, lowerThreshold());
  const text = scoreText(state.threshold);
  showCount("live-training", counts.trainingAlarms, data.training.length, null, "no scores of training pictures");
  showCount("live-alarms", counts.falseAlarms, data.good.length, data.intervals.good, "no good test pictures");
  showCount("live-escapes", counts.escapes, counts.anomalous, data.intervals.anomalous, "no anomalous test pictures");
  const tested = data.good.length + counts.anomalous;
  showCount("live-uncertain", counts.uncertainGood + counts.uncertainAnomalous, tested, null, "no test pictures");
  const person = byId("live-uncertain");
  if (person && tested > 0) person.querySelector("small").textContent += "; " + counts.uncertainGood + " good, " + counts.uncertainAnomalous + " anomalous";
  const promised = byId("live-promise");
  if (promised && data.training.length > 0) {
    const promise = promiseAt(data, state.threshold);
    promised.querySelector("b").textContent = percentText(promise.expected);
    promised.querySelector("small").textContent = "with 95 % confidence not more than " + percentText(promise.guaranteed, "up");
  }
  const list = byId("live-defects");
  list.textContent = "";
  if (counts.defects.length > 1) for (const defect of counts.defects) {
    const chip = make(list, "li", { class: defect.escapes > 0 ? "chip warn" : "chip" });
    make(chip, "span", {}, defect.name + " ");
    make(chip, "b", {}, defect.escapes === 0 ? "all " + defect.count + " found" : defect.escapes + " of " + defect.count + " escape");
  }
  byId("grip-value").textContent = text;
  if (document.activeElement !== field) field.value = String(Number(state.threshold.toPrecision(6)));
  const range = placeRange();
  grip.setAttribute("aria-valuemin", scoreText(toScore(range[0])));
  grip.setAttribute("aria-valuemax", scoreText(toScore(range[1])));
  grip.setAttribute("aria-valuenow", text);
  grip.setAttribute("aria-valuetext", text + ": " + counts.falseAlarms + " false alarms, " + counts.escapes + " escapes");
  byId("command").textContent = data.command + Number(state.threshold.toPrecision(6));
  byId("command-row").hidden = !state.moved;
  byId("reset").disabled = !state.moved;
}

function startScores() {
  if (!Number.isFinite(data.threshold) || !lanes) return;
  drawLanes();
  dragFrom(line);
  dragFrom(grip);
  lanes.addEventListener("pointerdown", function (event) { if (event.pointerType !== "mouse") event.stopImmediatePropagation(); });
  dragFrom(lanes);
  grip.addEventListener("keydown", lineKey);
  field.addEventListener("change", function () { if (Number.isFinite(field.valueAsNumber)) chooseThreshold(field.valueAsNumber); });
  byId("reset").addEventListener("click", function () { setThreshold(data.threshold); });
  byId("copy").addEventListener("click", copyCommand);
  const box = byId("log-axis");
  box.checked = scoreAxis.log;
  box.closest("label").hidden = !scoreAxis.mayBeLog;
  box.addEventListener("change", function () { scoreAxis.log = box.checked; drawLanes(); showCounts(); });
  followers.push(placeLine, showCounts);
  redraws.push(drawLanes);
  new ResizeObserver(later(60, drawLanes)).observe(lanes);
  showCounts();
}
function copyCommand() {
  const range = document.createRange();
  range.selectNodeContents(byId("command"));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  const done = function (ok) { setText("copied", ok ? "Copied" : "Selected: press Ctrl+C"); };
  if (!navigator.clipboard) return done(document.execCommand("copy"));
  navigator.clipboard.writeText(byId("command").textContent).then(function () { done(true); }, function () { done(document.execCommand("copy")); });
}
`;
