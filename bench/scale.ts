/**
 * Peak memory of trainings with more and more pictures, each in a process of its own: it must not grow with their
 * number. Pictures are generated once and linked under as many names as are needed.
 */
import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { renderPart } from "@blemish/core";
import { encodePng, saveModel, trainModel } from "@blemish/node";
import { circumstances } from "./machine.js";

const USAGE =
  "scale.ts [--counts 100,1000,10000] [--size 256] [--pixels 96] [--workers 2] [--output FILE.json]";

/** Different pictures; the others are links to them. */
const DIFFERENT = 100;

/** What one training took. */
interface Training {
  readonly pictures: number;
  readonly seconds: number;
  readonly peakRssMb: number;
}

const { values } = parseArgs({
  options: {
    counts: { type: "string", default: "100,1000,10000" },
    size: { type: "string", default: "256" },
    pixels: { type: "string", default: "96" },
    workers: { type: "string", default: "2" },
    output: { type: "string" },
    // Set by the script itself: the folder that a child process trains on.
    train: { type: "string" },
    pictures: { type: "string", default: "0" },
  },
});

if (values.train === undefined) await measureAll();
else await trainOnce(values.train, Number(values.pictures));

async function measureAll(): Promise<void> {
  const counts = values.counts.split(",").map(Number);
  if (counts.some((count) => !(Number.isInteger(count) && count >= 3))) throw new Error(USAGE);
  const where = circumstances();
  const folder = mkdtempSync(join(tmpdir(), "blemish-scale-"));
  try {
    await makePictures(folder, Math.max(...counts));
    const trainings = counts.map((count) => inOwnProcess(folder, count));
    const peaks = trainings.map(({ peakRssMb }) => peakRssMb);
    const spread = Math.max(...peaks) / Math.min(...peaks) - 1;
    console.log(tableOf(trainings, spread));
    if (values.output === undefined) return;
    mkdirSync(dirname(values.output), { recursive: true });
    const setup = {
      size: Number(values.size),
      pixels: Number(values.pixels),
      workers: Number(values.workers),
    };
    writeFileSync(values.output, `${JSON.stringify({ ...where, setup, trainings, spread }, null, 1)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function makePictures(folder: string, count: number): Promise<void> {
  const side = Number(values.pixels);
  for (let index = 0; index < count; index++) {
    const path = pathOf(folder, index);
    if (index >= DIFFERENT) linkSync(pathOf(folder, index % DIFFERENT), path);
    else {
      const { image } = renderPart("washer", { seed: index, width: side, height: side });
      writeFileSync(path, await encodePng(image));
    }
  }
}

function pathOf(folder: string, index: number): string {
  return join(folder, `${String(index).padStart(6, "0")}.png`);
}

function inOwnProcess(folder: string, pictures: number): Training {
  const { size, workers } = values;
  const flags = ["--train", folder, "--pictures", String(pictures), "--size", size, "--workers", workers];
  const source = ["--conditions=blemish-source", "--import", "tsx", import.meta.filename];
  console.error(`training on ${pictures} pictures …`);
  return JSON.parse(execFileSync(process.execPath, [...source, ...flags], { encoding: "utf8" }));
}

/** The child's work: a whole training, the model written to the disk. */
async function trainOnce(folder: string, count: number): Promise<void> {
  const paths = Array.from({ length: count }, (_, index) => pathOf(folder, index));
  const started = performance.now();
  const { model } = await trainModel(paths, { size: Number(values.size), workers: Number(values.workers) });
  await saveModel(join(folder, "part.blemish"), model);
  const training: Training = {
    pictures: count,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  console.log(JSON.stringify(training));
}

function tableOf(trainings: readonly Training[], spread: number): string {
  return [
    "| pictures | seconds | peak RSS |",
    "|---|---|---|",
    ...trainings.map(({ pictures, seconds, peakRssMb }) => `| ${pictures} | ${seconds} | ${peakRssMb} MB |`),
    "",
    `Highest over lowest: +${(100 * spread).toFixed(1)} %`,
  ].join("\n");
}
