/**
 * How near the fast engine comes to what the machine can do between the network's input and the map: the network's
 * multiply-adds at the processor's peak, plus one reading of the whitening factors from memory. Measured in turns.
 * Needs a C compiler (`cc`); see README.md.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { detectorsOf, type OnnxModel, type OnnxTensor, resizeLinear, writeOnnx } from "@blemish/core";
import { findImages, type Model, medianOf, open, ortSession, readImage, readModel } from "@blemish/node";
import { repeated } from "./choose-input.js";
import { circumstances } from "./machine.js";
import { networkFlops } from "./network-flops.js";

const USAGE = "bound.ts --model FILE.blemish --input FOLDER|FILE [--rounds 5] [--output FILE.json]";

/** Bytes of a stored number of the factors. */
const FACTOR_BYTES = { float32: 4, int16: 2, int8: 1 };

/** Pictures of a turn, and the side of the matrices that ONNX Runtime multiplies. */
const PICTURES = 32;
const MATRIX = 1024;

/** A way to share out the cores, and every round: milliseconds of a picture between input and map. */
interface Sharing {
  readonly name: string;
  readonly workers: number;
  readonly threads: number;
  readonly model: Model;
  /** Fastest and median of each round. */
  readonly rounds: { readonly min: number; readonly p50: number }[];
}

/** What the machine did in a round, with one thread and with all. */
interface Peak {
  readonly gflops: number;
  readonly gbytes: number;
  /** float32 matrix product in ONNX Runtime. */
  readonly matmulGflops: number;
}

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    input: { type: "string" },
    rounds: { type: "string", default: "5" },
    output: { type: "string" },
  },
});
const rounds = Number(values.rounds);
if (values.model === undefined || values.input === undefined || !(rounds >= 1)) throw new Error(USAGE);

const CORES = availableParallelism();
const where = circumstances();
const { manifest, onnx } = await readModel(values.model);
if (manifest === null) throw new Error(`${values.model} is no .blemish file: \`blemish import\` makes one`);
const [detector, ...others] = detectorsOf(manifest);
if (detector?.head.kind !== "padim" || others.length > 0)
  throw new Error("The bound is known for PaDiM on one input alone: `blemish train --head padim` makes one");
const { size, passes } = manifest;
const { grid, channels } = detector;
const flops = networkFlops(onnx, passes[0]!.size.width, passes[0]!.size.height);
const mapFlops = 2 * (size.height * grid.height * grid.width + size.height * grid.width * size.width);
const factorBytes =
  ((channels * (channels + 1)) / 2) * grid.width * grid.height * FACTOR_BYTES[detector.head.precision];

const folder = mkdtempSync(join(tmpdir(), "blemish-bound-"));
const sharings: Sharing[] = [];
try {
  const report = await measure();
  console.log(tableOf(report));
  if (values.output !== undefined) {
    mkdirSync(dirname(values.output), { recursive: true });
    writeFileSync(values.output, `${JSON.stringify(report, null, 1)}\n`);
  }
} finally {
  await Promise.all(sharings.map(({ model }) => model.close()));
  rmSync(folder, { recursive: true });
}

async function measure() {
  const program = compiled();
  const pixels = await networkPictures();
  const counts = [...new Set([1, CORES])];
  const matmuls = new Map<number, () => Promise<number>>();
  for (const threads of counts) matmuls.set(threads, await matmul(threads));
  for (const [workers, threads] of [
    [1, 1],
    ...(CORES > 1
      ? [
          [1, CORES],
          [CORES, 1],
        ]
      : []),
  ] as [number, number][]) {
    const model = await open(values.model!, { workers, threads });
    sharings.push({ name: `${workers} × ${threads}`, workers, threads, model, rounds: [] });
  }
  const peaks = new Map<number, Peak[]>(counts.map((threads) => [threads, []]));
  for (let round = -1; round < rounds; round++) {
    for (const threads of counts) {
      const text = execFileSync(program, [String(threads), String(Math.round(factorBytes))], {
        encoding: "utf8",
      });
      const peak = { ...JSON.parse(text), matmulGflops: await matmuls.get(threads)!() } as Peak;
      if (round >= 0) peaks.get(threads)!.push(peak);
    }
    for (const sharing of sharings) {
      const times: number[] = [];
      for await (const { result, error } of sharing.model.predictMany(pixels, { maps: false })) {
        if (error) throw error;
        times.push(result.timings.network);
      }
      if (round >= 0) sharing.rounds.push({ min: Math.min(...times), p50: medianOf(times) });
    }
  }
  return reportOf(peaks);
}

/** The pictures at the size of the network's input, so that hardly anything but the network is to be done. */
async function networkPictures() {
  const found = (await findImages([values.input!])).slice(0, PICTURES);
  const images = await Promise.all(found.map(({ path }) => readImage(path)));
  return repeated(
    images.map((image) => resizeLinear(image, size.width, size.height)),
    PICTURES,
  );
}

function compiled(): string {
  const program = join(folder, "bound");
  const flags = ["-O3", "-march=native", "-ffp-contract=fast", "-pthread", "-o", program];
  execFileSync("cc", [...flags, join(import.meta.dirname, "bound.c")], { stdio: "inherit" });
  return program;
}

/** A product of two square matrices in ONNX Runtime; the fastest of ten runs, in GFLOP/s. */
async function matmul(threads: number): Promise<() => Promise<number>> {
  const dims = [MATRIX, MATRIX];
  const numbers = new Float32Array(MATRIX * MATRIX).fill(0.5);
  const weight: OnnxTensor = {
    name: "b",
    dataType: 1,
    dims,
    payload: { kind: "raw", bytes: new Uint8Array(numbers.buffer) },
  };
  const node = { name: "", opType: "MatMul", domain: "", inputs: ["a", "b"], outputs: ["c"], attributes: [] };
  const value = (name: string) => ({ name, elementType: 1, dims });
  const model: OnnxModel = {
    ...{ irVersion: 8, producerName: "", producerVersion: "", metadataProps: [] },
    opsets: [{ domain: "", version: 13 }],
    graph: {
      name: "",
      nodes: [node],
      initialisers: [weight],
      inputs: [value("a")],
      outputs: [value("c")],
      valueInfo: [],
    },
  };
  const session = await ortSession(
    { bytes: writeOnnx(model), name: "a matrix product" },
    { threads, spinning: true },
  );
  return async () => {
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 10; run++) {
      const started = performance.now();
      await session.run({ a: { data: numbers, shape: dims } });
      least = Math.min(least, performance.now() - started);
    }
    return (2 * MATRIX ** 3) / least / 1e6;
  };
}

/** Best rounds against best rounds, because whatever else runs makes either slower. */
function reportOf(peaks: ReadonlyMap<number, readonly Peak[]>) {
  const best = (threads: number, name: keyof Peak) =>
    Math.max(...peaks.get(threads)!.map((peak) => peak[name]));
  const bounds = [...peaks.keys()].map((threads) => {
    const [gflops, gbytes, matmulGflops] = [
      best(threads, "gflops"),
      best(threads, "gbytes"),
      best(threads, "matmulGflops"),
    ];
    const reading = factorBytes / gbytes / 1e6;
    const ms = (flops + mapFlops) / gflops / 1e6 + reading;
    const practicalMs = (flops + mapFlops) / Math.min(gflops, matmulGflops) / 1e6 + reading;
    return { threads, gflops, gbytes, matmulGflops, ms, practicalMs };
  });
  const results = sharings.map(({ name, workers, threads, rounds: measured }) => {
    const min = Math.min(...measured.map((one) => one.min)) / workers;
    const p50 = medianOf(measured.map((one) => one.p50)) / workers;
    const bound = bounds.find((one) => one.threads === workers * threads)!;
    const share = { min: bound.ms / min, p50: bound.ms / p50, practical: bound.practicalMs / p50 };
    return { name, workers, threads, ms: { min, p50 }, perSecond: 1000 / p50, share, rounds: measured };
  });
  const work = { flops: flops + mapFlops, factorBytes, precision: detector.head.precision };
  return { ...where, model: manifest!.backbone.id, rounds, work, bounds, results };
}

function tableOf({ bounds, results, work, model }: ReturnType<typeof reportOf>): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    `${model}: ${(work.flops / 1e9).toFixed(2)} GFLOP and ${(work.factorBytes / 1e6).toFixed(1)} MB of ${work.precision} factors a picture.`,
    "",
    "| threads | multiply-adds, GFLOP/s | reading, GB/s | ORT matrix product, GFLOP/s | bound, ms | pictures/s |",
    "|---|---|---|---|---|---|",
    ...bounds.map(
      ({ threads, gflops, gbytes, matmulGflops, ms }) =>
        `| ${threads} | ${gflops.toFixed(0)} | ${gbytes.toFixed(0)} | ${matmulGflops.toFixed(0)} | ${ms.toFixed(2)} | ${(1000 / ms).toFixed(1)} |`,
    ),
    "",
    "| workers × threads | ms a picture, median (best) | pictures/s | share of the bound, median (best) | share at ORT's matrix speed |",
    "|---|---|---|---|---|",
    ...results.map(
      ({ name, ms, perSecond, share }) =>
        `| ${name} | ${ms.p50.toFixed(2)} (${ms.min.toFixed(2)}) | ${perSecond.toFixed(1)} | ${percent(share.p50)} (${percent(share.min)}) | ${percent(share.practical)} |`,
    ),
  ].join("\n");
}
