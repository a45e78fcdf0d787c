/** The tables of a comparison as Markdown, made from its JSON; ratios above 1 mean that Blemish takes less. */
import { goalTable } from "./goals.js";
import type { PictureSet } from "./places.js";
import { best, type PeerReport, ratioOf, spreadText, table } from "./report-parts.js";
import type { Sections } from "./sections.js";

const SETS = ["900", "256"] as const satisfies readonly PictureSet[];
const MB = 1e6;

/** All tables of what was measured. */
export function reportText(report: PeerReport): string {
  const { sections } = report;
  const parts = [
    head(report),
    goalTable(report),
    ...SETS.map((set) => latencyTable(report, set)),
    ...SETS.map((set) => throughputTable(report, set)),
    scoreTable(report),
    startTable(report),
    trainingTable(report),
    sizeTable(sections),
    skippedList(report),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function head({ date, commit, machine, versions, peerVersions, amount, fromSources }: PeerReport): string {
  const list = (one: Readonly<Record<string, string>>) =>
    Object.entries(one)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ");
  const others = new Set(
    Object.values(peerVersions)
      .filter((one) => "python" in one)
      .map(list),
  );
  return [
    `${date}, commit ${commit}; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.os}; ${list(versions)}.`,
    `Medians of ${amount.rounds} rounds in turns after one to warm up; in brackets the rounds' lowest and highest.` +
      `${fromSources ? " Blemish ran from its TypeScript sources: loading them is in every start." : ""}`,
    ...[...others].map((one) => `- ${one}`),
  ].join("\n");
}

function latencyTable(report: PeerReport, set: PictureSet): string {
  const results = report.sections.latency?.results[set];
  if (results === undefined) return "";
  const base = best(report, results, true, ["anomalib"]);
  const rows = Object.entries(results).map(([id, { ms, stages, cpuMs, rounds }]) => [
    label(report, id),
    ...["read", "preProcess", "network", "postProcess"].map((stage) => stages[stage]?.toFixed(1) ?? ""),
    `**${ms.p50.toFixed(1)}**`,
    ms.p95.toFixed(1),
    cpuMs.toFixed(0),
    base === null ? "" : spreadText(ratioOf(rounds, base.rounds, true)),
  ]);
  const columns = [
    "ms a picture, one at a time",
    "read",
    "pre",
    "network",
    "post",
    "decision p50",
    "p95",
    "CPU",
    "× quicker",
  ];
  return `### One picture, ${set} × ${set} PNG\n\n${table(columns, rows)}${against(report, base?.id)}`;
}

function throughputTable(report: PeerReport, set: PictureSet): string {
  const results = report.sections.throughput?.results[set];
  if (results === undefined) return "";
  const base = best(report, results, false, ["anomalib"]);
  const rows = Object.entries(results).map(([id, { perSecond, rounds, cpuMs, peakRss }]) => [
    label(report, id),
    `**${perSecond.toFixed(1)}**`,
    `${Math.min(...rounds).toFixed(1)}–${Math.max(...rounds).toFixed(1)}`,
    (peakRss / MB).toFixed(0),
    base === null ? "" : spreadText(ratioOf(rounds, base.rounds, false)),
    cpuMs.toFixed(0),
    base === null ? "" : (results[base.id]!.cpuMs / cpuMs).toFixed(2),
  ]);
  const columns = [
    "a folder",
    "pictures/s",
    "rounds",
    "peak MB",
    "× quicker",
    "CPU ms a picture",
    "× less CPU",
  ];
  return `### Folder, ${set} × ${set} PNG\n\n${table(columns, rows)}${against(report, base?.id)}`;
}

function scoreTable(report: PeerReport): string {
  const results = report.sections.scores?.results;
  if (results === undefined) return "";
  const rows = Object.entries(results).map(([id, { maxRelative, flippedLabels, auroc }]) => [
    label(report, id),
    maxRelative === null ? "own model" : maxRelative.toExponential(1),
    flippedLabels === null ? "" : String(flippedLabels),
    auroc.toFixed(4),
  ]);
  const columns = ["scores", "largest relative difference", "flipped labels", "image AUROC"];
  return `### Scores\n\n${table(columns, rows)}\n\nAgainst ONNX Runtime in Python on the same export.`;
}

function startTable(report: PeerReport): string {
  const results = report.sections.start?.results;
  if (results === undefined) return "";
  const base = best(report, results, true, ["anomalib"]);
  const rows = Object.entries(results).map(([id, { startMs, openMs, firstMs, rounds }]) => [
    label(report, id),
    ...[startMs, openMs, firstMs].map((ms) => (ms / 1000).toFixed(2)),
    base === null ? "" : spreadText(ratioOf(rounds, base.rounds, true)),
  ]);
  const columns = ["s, a new process", "to first result", "of it loading", "first picture", "× quicker"];
  return `### Start\n\n${table(columns, rows)}${against(report, base?.id)}`;
}

function trainingTable({ sections: { training } }: PeerReport): string {
  if (training === undefined) return "";
  const base = training.results.a070?.seconds;
  const rows = Object.values(training.results).map(({ name, seconds, peakBytes, rounds }) => [
    name,
    seconds.toFixed(1),
    rounds.map((one) => one.seconds.toFixed(1)).join(", "),
    peakBytes === null ? "" : (peakBytes / MB).toFixed(0),
    base === undefined ? "" : (base / seconds).toFixed(2),
  ]);
  const columns = [
    "209 pictures, whole process",
    "s",
    "runs",
    "peak MB with children",
    "× quicker than 0.7.0",
  ];
  return `### Training\n\n${table(columns, rows)}`;
}

function sizeTable({ size }: Sections): string {
  if (size === undefined) return "";
  const base = size.models.a070;
  const models = Object.entries(size.models).map(([id, bytes]) => [
    `model file: ${id}`,
    (bytes / MB).toFixed(1),
    base === undefined ? "" : (base / bytes).toFixed(2),
  ]);
  const installed = Object.entries(size.installed).map(([id, { bytes, packages }]) => [
    `installed: ${id}${packages === null ? "" : `, ${packages} packages`}`,
    (bytes / MB).toFixed(0),
    (size.installed.a070!.bytes / bytes).toFixed(2),
  ]);
  return `### Sizes\n\n${table(["", "MB", "× smaller than 0.7.0"], [...models, ...installed])}`;
}

function skippedList({ skipped }: PeerReport): string {
  const lines = Object.entries(skipped).map(([id, why]) => `- ${id}: ${why.split("\n")[0]!.slice(0, 300)}`);
  return lines.length === 0 ? "" : `### Took no part\n\n${lines.join("\n")}`;
}

function label({ names }: PeerReport, id: string): string {
  const { name = id, exact = true, side } = names[id] ?? {};
  return `${side === "blemish" ? `**${name}**` : name}${exact ? "" : " †"}`;
}

function against({ names }: PeerReport, id: string | undefined): string {
  const base = id === undefined ? "" : `× quicker than ${names[id]?.name}, Anomalib's best in float32. `;
  return `\n\n${base}† another model, or not float32.`;
}
