/**
 * How near the forecast of a training comes: foretold and real seconds, memory and model size, for several sizes.
 * Run on an idle machine: node --conditions=blemish-source --import tsx bench/forecast.ts [PICTURES]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findImages, forecastTraining, saveModel, trainModel, writeSynthSet } from "@blemish/node";

const SIZES = [128, 256, 384];
const [count = "60"] = process.argv.slice(2);

const folder = await mkdtemp(join(tmpdir(), "blemish-forecast-"));
try {
  const set = { seed: 1, train: Number(count), testGood: 0, testBad: 0, width: 256, height: 256 };
  await writeSynthSet("washer", join(folder, "set"), set);
  const goods = (await findImages([join(folder, "set")])).map(({ path }) => path);
  console.log("| size | foretold s | real s | foretold MB | peak MB so far | model foretold | model bytes |");
  console.log("|---|---|---|---|---|---|---|");
  for (const size of SIZES) {
    const { time, memory, modelBytes } = await forecastTraining(goods, { size });
    const started = performance.now();
    const { model } = await trainModel(goods, { size });
    const bytes = await saveModel(join(folder, "part.blemish"), model);
    const seconds = (performance.now() - started) / 1000;
    const peak = process.resourceUsage().maxRSS / 1000;
    const cells = [size, time?.expected.toFixed(1), seconds.toFixed(1), (memory / 1e6).toFixed(0)];
    console.log(`| ${[...cells, peak.toFixed(0), modelBytes, bytes].join(" | ")} |`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
