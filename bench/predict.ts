/**
 * `npm run bench`: what `blemish bench` measures, on the shared or the shipped model and pictures, for every pair of
 * workers and threads, as a result that can be kept. See README.md for the traps.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { benchModel } from "@blemish/node";
import { benchText } from "../packages/cli/src/output/bench-text.js";
import { chooseInput } from "./choose-input.js";
import { circumstances } from "./machine.js";

const USAGE =
  "predict.ts [--model FILE|FOLDER] [--input FOLDER|FILE …] [--rounds 5] [--workers 1,2] [--threads 1,2] [--output FILE]";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    input: { type: "string", multiple: true },
    rounds: { type: "string", default: "5" },
    workers: { type: "string", default: "1,2" },
    threads: { type: "string", default: "1,2" },
    output: { type: "string" },
  },
});

const where = circumstances();
const input = await chooseInput(values.model, values.input);
const settings = pairs();
const bench = await benchModel(input.model, input.pictures, {
  settings,
  rounds: Number(values.rounds),
  decoded: true,
});
const named = { ...bench, model: { ...bench.model, path: input.names.model } };
console.log(
  benchText(
    named,
    settings.map(({ workers, threads }) => `${workers} × ${threads}`),
  ),
);
if (values.output !== undefined) {
  mkdirSync(dirname(values.output), { recursive: true });
  const result = { ...where, pictures: input.names.pictures, bench: named };
  writeFileSync(values.output, `${JSON.stringify(result, null, 1)}\n`);
}

/** Every pair of the asked numbers that the cores suffice for. */
function pairs(): { workers: number; threads: number }[] {
  const list = (text: string) => text.split(",").map(Number);
  const all = list(values.workers).flatMap((workers) =>
    list(values.threads).map((threads) => ({ workers, threads })),
  );
  const fitting = all.filter(({ workers, threads }) => workers * threads <= availableParallelism());
  if (fitting.length === 0) throw new Error(`More threads than cores.\n${USAGE}`);
  return fitting;
}
