/**
 * Judges many pictures and prints how much memory the process holds on the way: it must not grow with their number.
 * Workers are threads, so their memory is in it.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { open } from "@blemish/node";
import { chooseInput, repeated } from "./choose-input.js";
import { circumstances } from "./machine.js";

/** Growth that may come from garbage which is not collected yet, from the first mark to the last. */
const ALLOWED_GROWTH_MB = 50;

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    input: { type: "string", multiple: true },
    pictures: { type: "string", default: "1000" },
    workers: { type: "string", default: "1" },
    threads: { type: "string", default: "1" },
    maps: { type: "boolean", default: false },
    output: { type: "string" },
  },
});
const count = Number(values.pictures);
const [workers, threads] = [Number(values.workers), Number(values.threads)];
const marks = [0.1, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * count));

const where = circumstances();
const input = await chooseInput(values.model, values.input);
const model = await open(input.model, { workers, threads });
const held: { pictures: number; rssMb: number }[] = [];
for await (const { index, error } of judged()) {
  if (error) throw error;
  if (!marks.includes(index + 1)) continue;
  held.push({ pictures: index + 1, rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20) });
  console.log(`${index + 1} pictures: ${held.at(-1)!.rssMb} MB`);
}
await model.close();

const growthMb = held.at(-1)!.rssMb - held[0]!.rssMb;
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
const flat = growthMb <= ALLOWED_GROWTH_MB;
console.log(
  `${flat ? "flat" : "NOT FLAT"}: ${growthMb} MB from ${marks[0]} to ${count} pictures, peak ${peakMb} MB`,
);
if (values.output !== undefined) {
  const setting = { workers, threads, maps: values.maps, model: input.names.model };
  writeFileSync(
    values.output,
    `${JSON.stringify({ ...where, ...setting, pictures: input.names.pictures, held, growthMb, peakMb, flat }, null, 1)}\n`,
  );
}
if (!flat) process.exitCode = 1;

function judged() {
  const sources = repeated(input.pictures, count);
  return values.maps ? model.predictMany(sources) : model.predictMany(sources, { maps: false });
}
