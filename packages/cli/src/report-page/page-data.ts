/**
 * What the page's program reads: the report's data in compact form, and everything that needs statistics worked out
 * beforehand for every threshold, so that the page itself only counts and looks up.
 */
import { binomialInterval, type Curve, JET, promiseOf, promiseWith } from "@blemish/core";
import { learningCurve } from "./promise-words.js";
import type { ReportData, ReportPicture } from "./report-data.js";
import { SAFE_COLOURS } from "./safe-colours.js";

/** JSON for the page. Scores are raw. */
export interface PageData {
  /** The model's own threshold (NaN, so null in JSON, without one); its file for a command line. */
  readonly threshold: number;
  /** The lower threshold of a grey zone; null without one. */
  readonly uncertainThreshold: number | null;
  readonly command: string;
  /** Ascending scores of each group of pictures. */
  readonly training: readonly number[];
  readonly good: readonly number[];
  readonly defects: readonly { readonly name: string; readonly scores: readonly number[] }[];
  /** `[threshold, guaranteed rate]` ascending: what a threshold promises, by the last row that is not above it. */
  readonly promises: readonly (readonly [number, number])[];
  /** 95 % intervals for 0, 1, … false alarms and escapes; null when there are too many to list. */
  readonly intervals: { readonly good: IntervalTable; readonly anomalous: IntervalTable };
  readonly roc: Curve | null;
  readonly pro: Curve | null;
  readonly learning: {
    readonly x: readonly number[];
    readonly expected: readonly number[];
    readonly guaranteed: readonly number[];
    /** This model: number of pictures and guaranteed rate. */
    readonly now: readonly [number, number];
  } | null;
  /** Shares of drawn defects that are found: by size, a line for each contrast. */
  readonly sensitivity: {
    readonly x: readonly number[];
    readonly lines: readonly (readonly number[])[];
  } | null;
  readonly gallery: readonly ReportPicture[];
  readonly suspects: readonly ReportPicture[];
  /** Good pictures by number. */
  readonly goods: Readonly<Record<number, string>>;
  /** The folder that all their paths begin with, "" or with its slash: cards leave it out. */
  readonly folder: string;
  /** Raw values of map bytes 0 and 255. */
  readonly mapRange: { readonly min: number; readonly max: number } | null;
  readonly pixelThreshold: number | null;
  /** Base64 of 256 RGB colours each. */
  readonly colours: { readonly safe: string; readonly jet: string };
}

type IntervalTable = readonly (readonly [number, number])[] | null;

/** Longest table of intervals and of promises, and most points of a curve. */
const MOST = { intervals: 1000, promises: 400, points: 300 };

/** The page's data. */
export function pageData(data: ReportData): PageData {
  const { calibration, test } = data;
  const training = ascending(calibration.scores.map(({ score }) => score));
  const pictures = test?.pictures ?? [];
  const good = ascending(pictures.filter(({ label }) => label === "good").map(({ score }) => score));
  const bad = pictures.filter(({ label }) => label === "anomalous");
  const names = [...new Set(bad.map(({ defect }) => defect))].sort();
  return {
    threshold: calibration.imageThreshold,
    uncertainThreshold: calibration.uncertain?.threshold ?? null,
    command: `blemish threshold ${shellWord(data.model.file)} --set `,
    training,
    good,
    defects: names.map((name) => ({
      name: name === "" ? "anomalous" : name,
      scores: ascending(bad.filter(({ defect }) => defect === name).map(({ score }) => score)),
    })),
    promises: promiseTable(training),
    intervals: { good: intervalTable(good.length), anomalous: intervalTable(bad.length) },
    roc: test === null || good.length === 0 || bad.length === 0 ? null : thinned(test.curves.roc),
    pro: test?.curves.pro ? thinned(test.curves.pro) : null,
    learning: learning(training.length, calibration.askedRate),
    sensitivity: sensitivityLines(data),
    gallery: data.gallery,
    suspects: data.suspects,
    goods: data.goods ?? {},
    folder: commonFolder([...data.gallery, ...data.suspects].map(({ path }) => path)),
    mapRange: data.mapRange,
    pixelThreshold: calibration.pixelThreshold,
    colours: { safe: base64(SAFE_COLOURS), jet: base64(JET) },
  };
}

/** A word for a POSIX shell, PowerShell or cmd: quoted when it holds anything unusual. */
export function shellWord(text: string): string {
  if (/^[\w./\\:@+-]+$/.test(text)) return text;
  return /^[^"$`!%\\]+$/.test(text) ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The longest start of all paths that ends with a slash or backslash; "" when there is none. */
export function commonFolder(paths: readonly string[]): string {
  const [first = "", ...others] = paths;
  let length = first.length;
  for (const path of others) {
    let same = 0;
    while (same < length && path[same] === first[same]) same++;
    length = same;
  }
  return /^.*[/\\]/s.exec(first.slice(0, length))?.[0] ?? "";
}

function ascending(scores: readonly number[]): number[] {
  return [...scores].sort((a, b) => a - b);
}

/** Every rank of the highest scores, and ever fewer below; a missing rank takes the weaker promise of the next lower one. */
function promiseTable(training: readonly number[]): [number, number][] {
  const rows: [number, number][] = [];
  const count = training.length;
  const dense = MOST.promises / 2;
  for (let fromTop = 0; fromTop < count; ) {
    const threshold = training[count - 1 - fromTop] ?? 0;
    if (rows.at(-1)?.[0] !== threshold) rows.push([threshold, promiseOf(training, threshold).guaranteedRate]);
    fromTop += fromTop < dense ? 1 : Math.ceil((count - dense) / dense);
  }
  return rows.reverse();
}

function intervalTable(total: number): IntervalTable {
  if (total === 0 || total > MOST.intervals) return null;
  return Array.from({ length: total + 1 }, (_, events) => {
    const [low, high] = binomialInterval(events, total);
    return [short(low), short(high)] as const;
  });
}

function learning(count: number, asked: number | null): PageData["learning"] {
  if (count < 2 || asked === null) return null;
  const points = learningCurve(count, asked);
  return {
    x: points.map((point) => point.count),
    expected: points.map(({ expectedRate }) => short(expectedRate)),
    guaranteed: points.map(({ guaranteedRate }) => short(guaranteedRate)),
    now: [count, short(promiseWith(count, asked).guaranteedRate)],
  };
}

/** Of all kinds of defects together; nothing to draw from one size. */
function sensitivityLines({ sensitivity }: ReportData): PageData["sensitivity"] {
  const all = sensitivity?.groups.find(({ by }) => by === "all");
  const x = [...new Set(all?.cells.map(({ size }) => size))];
  if (all === undefined || x.length < 2) return null;
  const lines = all.limits.map(({ contrast }) =>
    all.cells.filter((cell) => cell.contrast === contrast).map(({ found, tried }) => short(found / tried)),
  );
  return { x, lines };
}

/** A curve with few enough points to draw; its ends stay. */
function thinned({ x, y }: Curve): Curve {
  const last = x.length - 1;
  const step = Math.max(1, last / MOST.points);
  const kept = new Set<number>([0, last]);
  for (let at = 0; at < last; at += step) kept.add(Math.round(at));
  const places = [...kept].filter((place) => place >= 0).sort((a, b) => a - b);
  return { x: places.map((i) => short(x[i] ?? 0)), y: places.map((i) => short(y[i] ?? 0)) };
}

function short(value: number): number {
  return Number(value.toFixed(5));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
