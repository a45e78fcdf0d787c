/**
 * Large pictures in tiles: what they cost, and whether they say what the whole picture in one run says. One training and
 * one prediction in processes of their own give the peak of memory; then the same model judges the same pictures without
 * tiles, and with other margins.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import {
  type DefectOptions,
  type FloatMap,
  type RecipeOptions,
  renderPart,
  type TrainedModelFile,
} from "@blemish/core";
import { encodePng, open, readTrainedModel, saveModel, trainModel } from "@blemish/node";
import { circumstances } from "./machine.js";

/** Good pictures to learn from. */
const GOODS = 6;

/** Defects that are to be found, and one more good picture. */
const DEFECTS: readonly (DefectOptions | null)[] = [
  null,
  { type: "scratch", size: 0.06, contrast: 1 },
  { type: "stain", size: 0.05, contrast: 1 },
  { type: "foreign", size: 0.03, contrast: 1 },
];

const { values } = parseArgs({
  options: {
    width: { type: "string", default: "4000" },
    height: { type: "string", default: "3000" },
    tile: { type: "string", default: "1024" },
    // What is trained besides: the default's bank and Gaussians, or Gaussians alone, for each place or shared.
    head: { type: "string" },
    statistics: { type: "string" },
    margins: { type: "string", default: "32,64,96,128,160,192" },
    // Pictures are kept here and not made again.
    folder: { type: "string", default: join(tmpdir(), "blemish-tiles") },
    output: { type: "string" },
    // Set by the script itself: what a child process does.
    task: { type: "string" },
  },
});
const [width, height, tile] = [Number(values.width), Number(values.height), Number(values.tile)];
const at = (name: string) => join(values.folder, `${width}x${height}`, name);
const goods = Array.from({ length: GOODS }, (_, i) => at(`good-${i}.png`));
const tested = DEFECTS.map((_, i) => at(`test-${i}.png`));
const MODEL = at("tiled.blemish");

/** What a child process tells. */
interface Told {
  readonly seconds: number;
  readonly peakRssMb: number;
}

if (values.task === "train") await told(train);
else if (values.task === "predict") await told(() => judge(MODEL).then(({ ms }) => ({ ms })));
else await measureAll();

async function measureAll(): Promise<void> {
  const where = circumstances();
  mkdirSync(at(""), { recursive: true });
  for (const [seed, path] of goods.entries()) await draw(path, seed, null);
  for (const [i, path] of tested.entries()) await draw(path, 100 + i, DEFECTS[i] ?? null);
  const training = inOwnProcess("train");
  const predicting = inOwnProcess("predict");
  const model = await readTrainedModel(MODEL);
  const whole = await judge(await variant(model, null));
  const tiles = await judge(MODEL);
  const margins = [];
  for (const margin of values.margins.split(",").map(Number)) {
    const own = await judge(await variant(model, margin));
    margins.push({ margin, difference: largest(own.maps, whole.maps), msPerPicture: own.ms });
  }
  const result = {
    ...where,
    setup: {
      width,
      height,
      tile,
      goods: GOODS,
      ...heads(),
      passes: model.manifest.passes.map(({ size, tiles: t }) => ({ size, tiles: t })),
    },
    training,
    predicting,
    whole: { msPerPicture: whole.ms },
    tiles: { difference: largest(tiles.maps, whole.maps), msPerPicture: tiles.ms },
    margins,
    found: { whole: whole.found, tiles: tiles.found },
  };
  console.log(JSON.stringify(result, null, 2));
  if (values.output === undefined) return;
  mkdirSync(dirname(values.output), { recursive: true });
  writeFileSync(values.output, `${JSON.stringify(result, null, 2)}\n`);
}

async function draw(path: string, seed: number, defect: DefectOptions | null): Promise<void> {
  if (existsSync(path)) return;
  const { image } = renderPart("cloth", { seed, width, height, ...(defect && { defect }) });
  writeFileSync(path, await encodePng(image));
}

async function train(): Promise<object> {
  const { model } = await trainModel(goods, { fit: "native", tile, workers: 1, ...heads() });
  await saveModel(MODEL, model);
  return {};
}

function heads(): Pick<RecipeOptions, "head" | "statistics"> {
  const { head, statistics } = values;
  return {
    ...(head !== undefined && { head: head as NonNullable<RecipeOptions["head"]> }),
    ...(statistics !== undefined && {
      statistics: statistics as NonNullable<RecipeOptions["statistics"]>,
    }),
  };
}

/** The model with tiles of another margin, or without; the path of its file. */
async function variant(model: TrainedModelFile, margin: number | null): Promise<string> {
  const passes = model.manifest.passes.map(({ tiles, ...pass }) =>
    tiles === undefined || margin === null ? pass : { ...pass, tiles: { ...tiles, margin } },
  );
  const path = at(`margin-${margin}.blemish`);
  await saveModel(path, { ...model, manifest: { ...model.manifest, passes } });
  return path;
}

async function judge(path: string) {
  const model = await open(path, { workers: 1, threads: 1 });
  const maps: FloatMap[] = [];
  const found: { verdict: string; rawScore: number | null; boxes: unknown[] }[] = [];
  const started = performance.now();
  for (const picture of tested) {
    const { verdict, rawScore, rawMap, regions } = await model.predict(picture, { maps: false });
    if (rawMap !== null) maps.push(rawMap);
    found.push({ verdict, rawScore, boxes: regions.map(({ box }) => box) });
  }
  const ms = (performance.now() - started) / tested.length;
  await model.close();
  return { maps, found, ms: Math.round(ms) };
}

/** The largest difference of two lists of maps, as a share of each map's range. */
function largest(maps: readonly FloatMap[], others: readonly FloatMap[]): number {
  const one = ({ data }: FloatMap, i: number) => {
    const other = others[i]?.data ?? new Float32Array(0);
    let [difference, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = 0; at < data.length; at++) {
      difference = Math.max(difference, Math.abs((data[at] ?? 0) - (other[at] ?? 0)));
      low = Math.min(low, other[at] ?? 0);
      high = Math.max(high, other[at] ?? 0);
    }
    return difference / (high - low);
  };
  return Math.max(...maps.map(one));
}

async function told(task: () => Promise<object>): Promise<void> {
  const started = performance.now();
  const more = await task();
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ seconds, peakRssMb, ...more }));
}

function inOwnProcess(task: string): Told {
  const { folder } = values;
  const sizes = [
    "--width",
    values.width,
    "--height",
    values.height,
    "--tile",
    values.tile,
    "--folder",
    folder,
    ...Object.entries(heads()).flatMap(([name, value]) => [`--${name}`, value]),
  ];
  const file = import.meta.filename;
  const node = ["--conditions=blemish-source", "--import", "tsx"];
  const text = execFileSync(process.execPath, [...node, file, "--task", task, ...sizes], {
    encoding: "utf8",
  });
  return JSON.parse(text.trim().split("\n").at(-1) ?? "") as Told;
}
