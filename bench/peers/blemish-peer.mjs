/**
 * Blemish as a peer: speaks what protocol.py describes. Plain JavaScript, so that the built packages are measured
 * without a TypeScript loader: node blemish-peer.mjs '{"model": …, "options": …, "maps": …, "first": …}'
 */
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";

/** `options` are those of `open`; `maps`: the map and mask of the picture's size are made, as Anomalib does. */
const { model: path, options, maps, first } = JSON.parse(process.argv[2] ?? "");

const STAGES = ["read", "preProcess", "network", "postProcess"];

// Imported here so that loading the library is part of the measured start, as it is for the Python peers.
const started = performance.now();
const { open } = await import("@blemish/node");
const model = await open(path, options);
const opened = performance.now();
await model.predict(first, { maps });
say({
  versions: { node: process.version.slice(1) },
  openMs: opened - started,
  firstMs: performance.now() - opened,
});

const commands = { latency, throughput, scores };
for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, pictures } = JSON.parse(line);
  say(await commands[name](pictures));
}
await model.close();

async function latency(pictures) {
  const cpu = process.cpuUsage();
  const ms = [];
  const laps = [];
  for (const picture of pictures) {
    const asked = performance.now();
    const { timings } = await model.predict(picture, { maps });
    ms.push(performance.now() - asked);
    laps.push(timings);
  }
  const stages = Object.fromEntries(STAGES.map((name) => [name, median(laps.map((lap) => lap[name]))]));
  return { ms, stages, cpuMs: cpuMs(cpu, pictures) };
}

async function throughput(pictures) {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  for await (const { error } of model.predictMany(pictures, { maps })) if (error) throw error;
  return { seconds: (performance.now() - begin) / 1000, cpuMs: cpuMs(cpu, pictures) };
}

/** Raw scores; the normalised ones of models whose graph gives nothing else. */
async function scores(pictures) {
  const results = [];
  for await (const { result, error } of model.predictMany(pictures, { maps: false })) {
    if (error) throw error;
    results.push(result);
  }
  return {
    scores: results.map(({ rawScore, predScore }) => rawScore ?? predScore),
    labels: results.map(({ predLabel }) => predLabel),
  };
}

function cpuMs(since, pictures) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000 / pictures.length;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function say(answer) {
  const peakRss = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ ...answer, peakRss })}\n`);
}
