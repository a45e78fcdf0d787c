/**
 * Runs a Python peer and Blemish in turns on the same model and pictures, and prints a Markdown table of medians and
 * ratios. See README.md for what is timed and what to beware of.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type PassAnswer, type Peer, startPeer } from "./peer-process.js";

const HERE = import.meta.dirname;
const USAGE =
  "compare.ts --python PYTHON --model FOLDER --input FOLDER [--peer anomalib_070|onnx_runtime_python] " +
  "[--weights FILE] [--rounds 3] [--threads N] [--output FILE]";

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    model: { type: "string" },
    input: { type: "string" },
    peer: { type: "string", default: "anomalib_070" },
    weights: { type: "string" },
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: "0" },
    output: { type: "string" },
  },
});
const rounds = Number(values.rounds);
if (values.python === undefined || values.model === undefined || values.input === undefined || !(rounds >= 3))
  throw new Error(`${USAGE}\nAt least three rounds.`);

const onnx = resolve(values.model, "model.onnx");
const common = [
  ...["--metadata", resolve(values.model, "metadata.json"), "--input", resolve(values.input)],
  ...["--threads", values.threads, "--serve"],
];
const python = ["--weights", resolve(values.weights ?? onnx), ...common];
const source = ["--conditions=blemish-source", "--import", "tsx", join(HERE, "blemish-peer.ts")];

// One after the other, so that neither is disturbed while it loads.
const theirs = await startPeer(values.python, [join(HERE, `${values.peer}.py`), ...python]);
const ours = await startPeer(process.execPath, [...source, "--weights", onnx, ...common]);
const passes = await inTurns([theirs, ours], rounds);
await Promise.all([theirs.close(), ours.close()]);

const report = reportOf();
console.log(table());
if (values.output !== undefined) {
  mkdirSync(dirname(values.output), { recursive: true });
  writeFileSync(values.output, `${JSON.stringify(report, null, 1)}\n`);
}

/** One pass to warm up, then A B A B: result[i] holds the rounds of peer i. */
async function inTurns(peers: readonly Peer[], count: number): Promise<PassAnswer[][]> {
  const results: PassAnswer[][] = peers.map(() => []);
  for (let round = -1; round < count; round++)
    for (const [index, peer] of peers.entries()) {
      const answer = await peer.pass();
      if (round >= 0) results[index]!.push(answer);
    }
  return results;
}

function reportOf() {
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    os: type(),
  };
  const sides = [theirs, ours].map(({ head, startMs }, index) => ({
    ...head,
    start_to_first_result_ms: startMs,
    rounds: passes[index]!,
  }));
  return { date: new Date().toISOString().slice(0, 10), machine, sides };
}

function table(): string {
  const [a, b] = report.sides;
  const row = (name: string, of: (pass: PassAnswer) => number) =>
    line(name, median(a!.rounds.map(of)), median(b!.rounds.map(of)));
  const { machine, date } = report;
  return [
    `| ms a picture, median of ${rounds} rounds of ${a!.rounds[0]!.pictures} | ${a!.peer} | ${b!.peer} | ratio |`,
    "|---|---|---|---|",
    row("decode", (pass) => pass.stages.decode),
    row("pre", (pass) => pass.stages.pre),
    row("network", (pass) => pass.stages.network),
    row("post", (pass) => pass.stages.post),
    row("**decision**", (pass) => pass.decision),
    row("visualise", (pass) => pass.stages.visualise),
    row("CPU time, all stages", (pass) => pass.cpu_ms_per_picture),
    line("start to first result", a!.start_to_first_result_ms, b!.start_to_first_result_ms),
    row("peak memory (MB)", (pass) => pass.peak_rss_mb),
    "",
    `${date}; ${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB, ${machine.os}.`,
    ...report.sides.map(({ peer, versions, threads }) => {
      const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
      return `${peer}: ${list.join(", ")}; threads: ${threads}.`;
    }),
  ].join("\n");
}

/** A ratio above 1 means that Blemish takes less. */
function line(name: string, theirValue: number, ourValue: number): string {
  return `| ${name} | ${theirValue.toPrecision(3)} | ${ourValue.toPrecision(3)} | ${(theirValue / ourValue).toFixed(2)} |`;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((x, y) => x - y);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
