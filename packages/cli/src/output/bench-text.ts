/** A measurement in words and columns for people; one column for each setting. */
import type { ModelBench, Schedule, SettingBench, Spread } from "@blemish/node";
import { counted } from "../report-page/rate-words.js";

/** Rows of the table: the label in the first cell, then a cell for each setting. */
type Row = readonly string[];

const STAGES = {
  read: "read",
  preProcess: "preProcess",
  network: "network",
  postProcess: "postProcess",
} as const;
const DRAWN = { pictures: "pictures (heat map)", encode: "encode (PNG)" } as const;

/**
 * The text of a measurement.
 * @param names what the settings are called; "" leaves the head row out.
 */
export function benchText(bench: ModelBench, names: readonly string[]): string {
  const { machine, model, pictures, rounds, perRound, settings } = bench;
  const columns = (cell: (setting: SettingBench) => string) => settings.map(cell);
  const rows: Row[] = [
    ...(names.some((name) => name !== "") ? [["", ...names]] : []),
    ["One picture at a time", ...columns(({ alone }) => sharing(alone))],
    ["  file to decision", ...columns(({ alone }) => times(alone.ms))],
    ...rowsOf(STAGES, settings, "    "),
    ...rowsOf(DRAWN, settings, "  "),
    ["Many at once", ...columns(({ together }) => sharing(together))],
    ["  pictures/s from files", ...columns(({ together: { perSecond: p } }) => rate(p))],
    ["  CPU time of a picture", ...columns(({ together }) => `${digits(together.cpuMs)} ms`)],
    ...(settings.some(({ decoded }) => decoded !== null)
      ? [["  pictures/s from pixels", ...columns(({ decoded: d }) => (d === null ? "" : rate(d.perSecond)))]]
      : []),
    ["A new process", ...columns(() => "")],
    ["  start to first result", ...columns(({ start }) => `${start.startMs.toFixed(0)} ms`)],
    ["    opening the model", ...columns(({ start }) => `${start.openMs.toFixed(0)} ms`)],
    ["    first picture", ...columns(({ start }) => `${start.firstMs.toFixed(0)} ms`)],
    ["  peak memory", ...columns(({ peakRss }) => `${(peakRss / 1e6).toFixed(0)} MB`)],
    ...ratioRows(settings),
  ];
  return [
    `${model.path}: ${(model.bytes / 1e6).toFixed(1)} MB, ${model.profile}; ` +
      `${counted(pictures.count, "picture")} of ${pictures.width} × ${pictures.height}`,
    `${machine.cpu}, ${counted(machine.cores, "core")}, ${(machine.memory / 2 ** 30).toFixed(0)} GB, ` +
      `${machine.os}, Node ${machine.node}; load ${machine.load} before`,
    `One round to warm up, then ${counted(rounds, "round")} of ${perRound.alone} pictures one by one and ` +
      `${perRound.together} at once${settings.length > 1 ? ", the settings in turns" : ""}.`,
    "Times: median (95th percentile). Pictures/s: median of the rounds (slowest – quickest).",
    ...(bench.fromSources ? ["Blemish runs from its sources: loading them is part of every start."] : []),
    "",
    ...aligned(rows),
  ].join("\n");
}

function rowsOf(
  stages: Readonly<Partial<Record<keyof SettingBench["alone"]["timings"], string>>>,
  settings: readonly SettingBench[],
  indent: string,
): Row[] {
  return (Object.keys(stages) as (keyof SettingBench["alone"]["timings"])[]).map((stage) => [
    `${indent}${stages[stage]}`,
    ...settings.map(({ alone }) => times(alone.timings[stage])),
  ]);
}

function ratioRows(settings: readonly SettingBench[]): Row[] {
  if (settings.length < 2) return [];
  const cells = (name: "alone" | "together") =>
    settings.map(({ ratios }) => {
      if (ratios === null) return "1";
      const { min, p50, max } = ratios[name];
      return `${p50.toFixed(2)} (${min.toFixed(2)} – ${max.toFixed(2)})`;
    });
  return [
    ["Times as quick as the first", ...settings.map(() => "")],
    ["  one picture at a time", ...cells("alone")],
    ["  many at once", ...cells("together")],
    ["  start to first result", ...settings.map(({ ratios }) => ratios?.start.toFixed(2) ?? "1")],
  ];
}

function sharing({ workers, threads }: Schedule): string {
  return `${counted(workers, "worker")} × ${counted(threads, "thread")}`;
}

function times({ p50, p95 }: Spread): string {
  return `${digits(p50)} ms (${digits(p95)})`;
}

function rate({
  min,
  p50,
  max,
}: {
  readonly min: number;
  readonly p50: number;
  readonly max: number;
}): string {
  return `${digits(p50)} (${digits(min)} – ${digits(max)})`;
}

/** Three digits that matter, hundredths at most. */
function digits(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** Columns as wide as their widest cell, two spaces apart. */
function aligned(rows: readonly Row[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
