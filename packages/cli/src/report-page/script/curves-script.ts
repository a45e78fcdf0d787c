/** Part of the page's program: ROC, PRO and learning curves. The point of the ROC curve follows the threshold. */

/** JavaScript text; needs the basics and the counts. */
export const CURVES_SCRIPT = `
function curveAxis(label, size, percent) {
  return {
    label: label, labelSize: 20, labelFont: "12px system-ui, sans-serif", size: size, font: "12px system-ui, sans-serif",
    stroke: function () { return colour("soft"); }, ticks: { show: false },
    grid: { stroke: function () { return colour("line"); }, width: 1 },
    values: function (plot, values) { return values.map(function (value) { return percent ? Number((value * 100).toFixed(1)) + " %" : String(value); }); },
  };
}

/** A plot that keeps the width of its holder. */
function curvePlot(holder, options, columns, point) {
  if (!holder) return null;
  const size = function () { return { width: Math.max(220, holder.clientWidth), height: Number(holder.dataset.height) }; };
  const mark = function (plot) {
    const at = point && point();
    if (!at) return;
    const x = plot.valToPos(at[0], "x", true), y = plot.valToPos(at[1], "y", true);
    const ratio = devicePixelRatio || 1;
    plot.ctx.save();
    plot.ctx.setLineDash([]);
    plot.ctx.beginPath();
    plot.ctx.arc(x, y, 6 * ratio, 0, 2 * Math.PI);
    plot.ctx.fillStyle = colour("focus");
    plot.ctx.fill();
    plot.ctx.lineWidth = 2 * ratio;
    plot.ctx.strokeStyle = colour("card");
    plot.ctx.stroke();
    plot.ctx.restore();
  };
  const plot = new uPlot(Object.assign({
    legend: { show: false }, cursor: { show: false }, padding: [10, 26, 0, 0], hooks: { draw: [mark] },
  }, size(), options), columns, holder);
  new ResizeObserver(later(60, function () { plot.setSize(size()); })).observe(holder);
  redraws.push(function () { plot.setSize(size()); plot.redraw(false, true); });
  return plot;
}

function curveLine(ink, width, dash) {
  return { stroke: function () { return colour(ink); }, width: width, dash: dash, points: { show: false } };
}

function startRoc() {
  if (!data.roc) return;
  const here = function () {
    const counts = countsAt(data, state.threshold);
    return [counts.falseAlarms / data.good.length, 1 - counts.escapes / counts.anomalous];
  };
  const plot = curvePlot(byId("roc"), {
    scales: { x: { time: false, range: [-0.015, 1] }, y: { range: [0, 1.03] } },
    axes: [curveAxis("Good parts called anomalous", 36, true), curveAxis("Anomalous parts found", 52, true)],
    series: [{}, curveLine("good-solid", 2.5)],
  }, [data.roc.x, data.roc.y], here);
  followers.push(function () { plot.redraw(false, false); });
}

function startPro() {
  if (!data.pro) return;
  curvePlot(byId("pro"), {
    scales: { x: { time: false, range: [-0.004, 0.3] }, y: { range: [0, 1.03] } },
    axes: [curveAxis("Good pixels marked by mistake", 36, true), curveAxis("Share of each defect marked", 52, true)],
    series: [{}, curveLine("bad", 2.5)],
  }, [data.pro.x, data.pro.y], null);
}

/** The inks of the lines, the strongest contrast first: as the section's keys have them. */
const sensitivityInks = ["good-solid", "bad", "soft", "focus"];

function startSensitivity() {
  const found = data.sensitivity;
  if (!found) return;
  const last = found.x.length - 1;
  const lines = found.lines.slice().reverse();
  curvePlot(byId("sensitivity-plot"), {
    scales: { x: { time: false, distr: 3, range: [found.x[0] * 0.93, found.x[last] * 1.07] }, y: { range: [0, 1.03] } },
    axes: [Object.assign(curveAxis("Size of the defect, pixels", 36, false), {
      splits: function () { return found.x; }, filter: function (plot, splits) { return splits; },
    }), curveAxis("Found", 52, true)],
    series: [{}, curveLine("line", 1.5, [4, 4])].concat(lines.map(function (line, i) {
      const options = curveLine(sensitivityInks[i % 4], 2.5, i >= 4 ? [6, 5] : undefined);
      options.points = { show: true, size: 8, fill: options.stroke };
      return options;
    })),
  }, [found.x, found.x.map(function () { return 0.9; })].concat(lines), null);
}

function startLearning() {
  const learning = data.learning;
  if (!learning) return;
  const top = Math.min(1, Math.max.apply(null, learning.guaranteed) * 1.05);
  curvePlot(byId("learning"), {
    scales: { x: { time: false, distr: 3, range: [learning.x[0], learning.x[learning.x.length - 1]] }, y: { range: [0, top] } },
    axes: [Object.assign(curveAxis("Good training pictures", 36, false), {
      splits: function () { return ticks(learning.x[0], learning.x[learning.x.length - 1], 6, true); }, filter: function (plot, splits) { return splits; },
    }), curveAxis("Good parts called anomalous", 52, true)],
    series: [{}, curveLine("bad", 2.5), curveLine("good-solid", 2, [6, 5])],
  }, [learning.x, learning.guaranteed, learning.expected], function () { return learning.now; });
}
`;
