/**
 * Blemish as a peer: the same arguments, stages and lines as protocol.py, so that compare.ts drives both sides alike.
 * Prints one line when the model is loaded, then one line for each line "pass" on its input.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { PassAnswer, Stages } from "./peer-process.js";

interface Lap {
  readonly stages: Stages;
  readonly decision: number;
}

const SUFFIXES = new Set([".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"]);

const { values } = parseArgs({
  options: {
    weights: { type: "string" },
    metadata: { type: "string" },
    input: { type: "string" },
    threads: { type: "string", default: "0" },
    serve: { type: "boolean" },
  },
});
const { weights, metadata, input } = values;
if (weights === undefined || metadata === undefined || input === undefined)
  throw new Error("--weights, --metadata and --input are needed");
const threads = Number(values.threads);

const files = statSync(input).isFile()
  ? [input]
  : readdirSync(input, { recursive: true, encoding: "utf8" })
      .filter((name) => SUFFIXES.has(extname(name).toLowerCase()))
      .sort()
      .map((name) => join(input, name));

// Imported here so that loading the library is part of the measured start, as it is for the Python peers.
const started = performance.now();
const { visualize } = await import("@blemish/core");
const { open } = await import("@blemish/node");
const model = await open(weights, { metadata, score: "map-max", ...(threads > 0 ? { threads } : {}) });
const loaded = performance.now();
await judge(files[0]!);

say({
  peer: "Blemish",
  versions: { node: process.version.slice(1), ...versionsOf("onnxruntime-node", "sharp") },
  threads: threads || "default",
  load_ms: loaded - started,
  first_picture_ms: performance.now() - loaded,
});
for await (const line of createInterface({ input: process.stdin }))
  if (line.trim() === "pass") say(await onePass());
await model.close();

/** Milliseconds of each stage of one picture, and of everything up to the decision as the caller sees it. */
async function judge(file: string): Promise<Lap> {
  const asked = performance.now();
  const result = await model.predict(file, { heatMap: true });
  const answered = performance.now();
  visualize(result, { mode: "simple", task: "segmentation" });
  const { read, preProcess, network, postProcess, pictures } = result.timings;
  return {
    stages: {
      decode: read,
      pre: preProcess,
      network,
      post: postProcess,
      visualise: pictures + performance.now() - answered,
    },
    // By the clock, so handing the picture to the worker and the result back is in it.
    decision: answered - asked - pictures,
  };
}

async function onePass(): Promise<PassAnswer> {
  const begin = performance.now();
  const cpu = process.cpuUsage();
  const laps: Lap[] = [];
  for (const file of files) laps.push(await judge(file));
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const stage = (name: keyof Stages) => median(laps.map((lap) => lap.stages[name]));
  return {
    pictures: files.length,
    stages: {
      decode: stage("decode"),
      pre: stage("pre"),
      network: stage("network"),
      post: stage("post"),
      visualise: stage("visualise"),
    },
    decision: median(laps.map((lap) => lap.decision)),
    seconds,
    cpu_ms_per_picture: (user + system) / 1000 / files.length,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
  };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Read from the files: importing the packages here would add to this process's memory. */
function versionsOf(...packages: string[]): Record<string, string> {
  const folder = resolve(import.meta.dirname, "../../node_modules");
  const version = (name: string) =>
    JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).version;
  return Object.fromEntries(packages.map((name) => [name, version(name)]));
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
