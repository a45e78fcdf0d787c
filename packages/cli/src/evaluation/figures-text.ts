/** The figures of a test as text: what was found, how sure that is, and how each kind of defect fared. */
import type { DefectFigures, Evaluation } from "@blemish/core";
import { counted, figure, percent, percentRange, scoreText } from "../report-page/rate-words.js";
import { type OutputStream, paint, printable } from "../terminal.js";

/** Lines for a terminal, without a line end at the end. */
export function figuresText(figures: Evaluation, stream: OutputStream): string {
  const rows = [
    ["Pictures", `${figures.good} good, ${figures.anomalous} anomalous`],
    ["Threshold", `${scoreText(figures.imageThreshold)}; a picture is called anomalous from it upwards`],
    ...mistakeRows(figures),
    ...uncertainRows(figures),
    ...areaRows(figures),
  ];
  const lines = rows.map(([name, value]) => `  ${paint(stream, "dim", (name ?? "").padEnd(14))}${value}`);
  return [...lines, ...defectLines(figures)].join("\n");
}

function mistakeRows(figures: Evaluation): string[][] {
  const { good, anomalous, falseAlarms, escapes } = figures;
  const rows: string[][] = [];
  if (good > 0) {
    const rate = `${percent(figures.falseAlarmRate)}; true rate ${percentRange(figures.falseAlarmInterval)}`;
    rows.push(["False alarms", `${falseAlarms} of ${counted(good, "good picture")} (${rate})`]);
  }
  if (anomalous > 0) {
    const rate = `${percent(figures.escapeRate)}; true rate ${percentRange(figures.escapeInterval)}`;
    rows.push(["Escapes", `${escapes} of ${counted(anomalous, "anomalous picture")} (${rate})`]);
  }
  return rows;
}

/** What a grey zone sends to a person. */
function uncertainRows({ uncertain, good, anomalous }: Evaluation): string[][] {
  if (uncertain === undefined) return [];
  const part = (
    count: number,
    total: number,
    rate: number,
    interval: Evaluation["escapeInterval"],
    name: string,
  ) =>
    total === 0
      ? []
      : [`${count} of ${counted(total, name)} (${percent(rate)}; true rate ${percentRange(interval)})`];
  const said = [
    ...part(uncertain.good, good, uncertain.goodRate, uncertain.goodInterval, "good picture"),
    ...part(
      uncertain.anomalous,
      anomalous,
      uncertain.anomalousRate,
      uncertain.anomalousInterval,
      "anomalous picture",
    ),
  ];
  return [
    ...said.map((text, i) => [i === 0 ? "Uncertain" : "", text]),
    [
      "",
      `from ${scoreText(uncertain.threshold)} up to the threshold: for a person, no false alarm and no escape`,
    ],
  ];
}

function areaRows(figures: Evaluation): string[][] {
  const { imageAUROC, imageAUROCInterval, imageAP, imageF1, imageMaxF1 } = figures;
  const rows: string[][] = [];
  if (!Number.isNaN(imageAUROC)) {
    const interval = imageAUROCInterval.map(figure).join(" to ");
    rows.push(["Image AUROC", `${figure(imageAUROC)} (95 %: ${interval})`]);
    rows.push([
      "Image AP, F1",
      `${figure(imageAP)}, ${figure(imageF1)} at the threshold, at best ${figure(imageMaxF1)}`,
    ]);
  }
  if (!Number.isNaN(figures.pixelAUROC)) {
    rows.push(["Pixel AUROC", figure(figures.pixelAUROC)]);
    rows.push(["Pixel AP, F1", `${figure(figures.pixelAP)}, at best ${figure(figures.pixelMaxF1)}`]);
    rows.push(["AUPRO (0.3)", figure(figures.AUPRO)]);
  }
  return rows;
}

/** One line for each kind of defect; nothing when there is none to tell apart. */
function defectLines({ defects }: Evaluation): string[] {
  const kinds = Object.entries(defects);
  if (kinds.length === 0) return [];
  const width = Math.max(6, ...kinds.map(([name]) => nameOf(name).length));
  const grey = kinds.some(([, { uncertain }]) => uncertain !== undefined);
  const head = `  ${"Defect".padEnd(width)}  pictures  found${grey ? "  uncertain" : ""}  escapes  AUROC`;
  return ["", head, ...kinds.map(([name, one]) => defectLine(nameOf(name).padEnd(width), one))];
}

function defectLine(name: string, { count, found, uncertain, escapes, imageAUROC }: DefectFigures): string {
  const grey = uncertain === undefined ? [] : [String(uncertain).padStart(9)];
  const cells = [String(count).padStart(8), String(found).padStart(5), ...grey, String(escapes).padStart(7)];
  return `  ${name}  ${cells.join("  ")}  ${figure(imageAUROC)}`;
}

function nameOf(defect: string): string {
  return defect === "" ? "anomalous" : printable(defect);
}
