/** A made-up but plausible report: drawn parts, scores as such models give them, and maps that see most defects. */
import {
  DEFECT_TYPES,
  type DrawnPart,
  evaluator,
  type HealthFinding,
  type LabelledPicture,
  promiseFor,
  type Random,
  type Raster8,
  renderPart,
  resizeArea,
  resizeNearest,
  seededRandom,
} from "@blemish/core";
import { encodePng } from "@blemish/node";
import type { ReportData, ReportPicture } from "../../packages/cli/src/report-page/report-data.js";

/** How much of it, and how its pictures become `data:` URIs. */
export interface MadeUpOptions {
  readonly training: number;
  readonly good: number;
  /** Per kind of defect. */
  readonly bad: number;
  /** Side of the pictures in pixels. */
  readonly side: number;
  readonly suspects: number;
  /** The picture's URI; left out: PNG. */
  readonly encode?: (image: Raster8) => Promise<string>;
}

/** Raw map values that bytes 0 and 255 stand for. */
const MAP_RANGE = { min: 0, max: 40 };
const MAP_SIDE = 64;

/** A PNG as a `data:` URI. */
export async function pngUri(image: Raster8): Promise<string> {
  return `data:image/png;base64,${Buffer.from(await encodePng(image)).toString("base64")}`;
}

/** The report's data; the same options give the same data. */
export async function madeUpReport(options: MadeUpOptions): Promise<ReportData> {
  const random = seededRandom(7);
  const encode = options.encode ?? pngUri;
  const scores = Array.from({ length: options.training }, (_, i) => ({
    path: `washer/train/good/${String(i).padStart(3, "0")}.png`,
    score: goodScore(random),
  }));
  const imageThreshold = promiseFor(
    scores.map(({ score }) => score),
    0.05,
  ).threshold;
  const evaluation = evaluator(imageThreshold);
  const gallery: ReportPicture[] = [];
  const kinds = ["", ...DEFECT_TYPES];
  for (const [turn, defect] of kinds.entries()) {
    for (let i = 0; i < (defect === "" ? options.good : options.bad); i++) {
      const part = drawPart(defect, 1000 * turn + i, options.side);
      const score = defect === "" ? goodScore(random) : badScore(random);
      const map = madeUpMap(part, score, random);
      const path = `washer/test/${defect || "good"}/${String(i).padStart(3, "0")}.png`;
      const told = { path, label: defect === "" ? ("good" as const) : ("anomalous" as const), defect, score };
      evaluation.add(labelled({ ...told, predLabel: score >= imageThreshold }, part, map));
      const mask = part.defect === null ? null : await pngUri(grey(part.mask, 255));
      gallery.push({ ...told, set: "test", image: await encode(part.image), map: await mapUri(map), mask });
    }
  }
  return {
    ...(await facts(options)),
    calibration: {
      method: "leave-one-out",
      imageThreshold,
      pixelThreshold: 21,
      askedRate: 0.05,
      scores,
      changes: [],
    },
    suspects: await suspects(scores, options, random),
    test: {
      name: "washer",
      figures: evaluation.figures(),
      curves: evaluation.curves(),
      pictures: [...evaluation.pictures],
    },
    gallery,
    mapRange: MAP_RANGE,
  };
}

/** Scores of good parts: most near 9, a few up to 18. */
function goodScore(random: Random): number {
  return 7 + 5.5 * Math.abs(random.normal()) ** 1.3 * 0.6 + random.next();
}

function badScore(random: Random): number {
  return 12.5 + 26 * random.next() ** 0.8;
}

function drawPart(defect: string, seed: number, side: number): DrawnPart {
  const type = DEFECT_TYPES.find((one) => one === defect);
  return renderPart("washer", { seed, width: side, height: side, ...(type && { defect: { type } }) });
}

/** Raw map: background noise, and a blurred mask that reaches the score. */
function madeUpMap(part: DrawnPart, score: number, random: Random): Float32Array {
  const mask = resizeNearest(part.mask, MAP_SIDE, MAP_SIDE);
  const waves = Array.from({ length: 4 }, () => [
    random.range(0.05, 0.3),
    random.range(0.05, 0.3),
    random.range(0, 6),
  ]);
  const values = Float32Array.from({ length: MAP_SIDE * MAP_SIDE }, (_, place) => {
    const [x, y] = [place % MAP_SIDE, Math.floor(place / MAP_SIDE)];
    const wave = waves.reduce((sum, [a = 0, b = 0, c = 0]) => sum + Math.sin(a * x + b * y + c), 0);
    return 4.5 + 0.7 * wave + 1000 * (mask.data[place] ?? 0);
  });
  const smooth = blur(blur(values));
  const highest = smooth.reduce((most, value) => Math.max(most, value), 0);
  return smooth.map((value) =>
    part.defect === null ? value : value > 12 ? 8 + (score - 8) * (value / highest) : value,
  );
}

function blur(values: Float32Array): Float32Array {
  return values.map((_, place) => {
    let sum = 0;
    let count = 0;
    for (let dy = -2; dy <= 2; dy++)
      for (let dx = -2; dx <= 2; dx++) {
        const [x, y] = [(place % MAP_SIDE) + dx, Math.floor(place / MAP_SIDE) + dy];
        if (x < 0 || y < 0 || x >= MAP_SIDE || y >= MAP_SIDE) continue;
        sum += values[y * MAP_SIDE + x] ?? 0;
        count++;
      }
    return sum / count;
  });
}

function mapUri(map: Float32Array): Promise<string> {
  const { min, max } = MAP_RANGE;
  const data = Uint8Array.from(map, (value) =>
    Math.min(255, Math.max(0, (255 * (value - min)) / (max - min))),
  );
  return pngUri({ width: MAP_SIDE, height: MAP_SIDE, channels: 1, data });
}

function grey(mask: DrawnPart["mask"], level: number): Raster8 {
  return { ...mask, data: mask.data.map((value) => value * level) };
}

function labelled(
  told: Pick<LabelledPicture, "path" | "label" | "defect" | "score" | "predLabel">,
  part: DrawnPart,
  map: Float32Array,
): LabelledPicture {
  return {
    ...told,
    map: { width: MAP_SIDE, height: MAP_SIDE, data: map },
    mask: told.label === "good" ? null : part.mask,
  };
}

async function suspects(
  scores: ReportData["calibration"]["scores"],
  { suspects: count, side, encode = pngUri }: MadeUpOptions,
  random: Random,
): Promise<ReportPicture[]> {
  const worst = [...scores].sort((a, b) => b.score - a.score).slice(0, count);
  return Promise.all(
    worst.map(async ({ path, score }, i) => {
      const part = drawPart("", 90_000 + i, side);
      const map = madeUpMap(part, score, random);
      return {
        path,
        score,
        set: "training",
        label: "good",
        defect: "",
        image: await encode(part.image),
        map: await mapUri(map),
        mask: null,
      };
    }),
  );
}

/** Everything that does not depend on the drawn pictures. */
async function facts({
  training,
  side,
}: MadeUpOptions): Promise<
  Pick<ReportData, "title" | "date" | "model" | "health" | "warnings" | "durations">
> {
  return {
    title: "Washer M8, line 3",
    date: "2025-03-14 09:30",
    model: {
      file: "washer.blemish",
      profile: "blemish",
      backbone: "efficientnet-lite0",
      inputs: [{ width: 256, height: 256 }],
      trainedOn: training,
      sections: [
        {
          title: "Method",
          rows: [
            ["Profile", "blemish"],
            ["Grid", "16 × 16 cells"],
            ["Channels", "152 (all)"],
            ["Image score", "mean of the highest 1 % of the map"],
          ],
          remarks: [],
        },
        {
          title: "File",
          rows: [
            ["SHA-256", `${"5f2b8c".repeat(10)}ab12`],
            ["Seed", "42"],
          ],
          remarks: [],
        },
      ],
    },
    health: { pictures: training + 60, findings: await findings(side) },
    warnings: [],
    durations: [
      { stage: "Reading and checking", seconds: 4.2 },
      { stage: "Training", seconds: 11.9 },
      { stage: "Calibration", seconds: 3.1 },
      { stage: "Test", seconds: 6.4 },
    ],
  };
}

/** Findings as the health check gives them; one path tries to be markup. */
async function findings(side: number): Promise<HealthFinding[]> {
  const thumbnail = async (seed: number) =>
    Buffer.from(await encodePng(resizeArea(drawPart("", seed, side).image, 96, 96))).toString("base64");
  const path = (number: number) => `washer/train/good/00${number}.png`;
  return [
    {
      kind: "unreadable",
      severity: "error",
      message: "1 file could not be read and was left out.",
      paths: ["washer/train/good/<b>broken</b> & co.png"],
      thumbnails: [],
    },
    {
      kind: "near-duplicate",
      severity: "warning",
      message: "6 pictures show nearly the same part.",
      paths: [0, 1, 2, 3, 4, 5].map(path),
      thumbnails: [
        { path: path(0), png: await thumbnail(90_000) },
        { path: path(1), png: await thumbnail(90_001) },
      ],
    },
    {
      kind: "blur",
      severity: "note",
      message: "1 picture is less sharp than all the others.",
      paths: [path(7)],
      thumbnails: [{ path: path(7), png: await thumbnail(90_002) }],
    },
  ];
}
