/**
 * Judges every picture of a folder with a model that Anomalib exported, prints one line for each and writes a
 * picture that explains the result. Needs @blemish/node only.
 *
 *   predict-folder.ts MODEL.onnx PICTURES [OUTPUT]
 */
import { availableParallelism } from "node:os";
import { join, parse } from "node:path";
import { findImages, open, writeFileAtomic } from "@blemish/node";

const [modelPath, pictures, output = "results"] = process.argv.slice(2);
if (modelPath === undefined || pictures === undefined) {
  console.error("usage: predict-folder MODEL.onnx PICTURES [OUTPUT]");
  process.exit(64);
}

// metadata.json is found beside the model. A worker on each core judges the most pictures a second.
const model = await open(modelPath, { workers: availableParallelism() });
const images = await findImages([pictures]);
const wanted = { maps: false, encode: { visualization: { mode: "full" } } } as const;
let anomalous = 0;
let failed = 0;

// Results come in the order of the pictures. A picture that cannot be judged gives an error, never "good".
for await (const { index, result, error } of model.predictMany(
  images.map(({ path }) => path),
  wanted,
)) {
  const { relative } = images[index]!;
  if (error !== undefined) {
    failed++;
    console.error(`${relative}: ${error.message}`);
    continue;
  }
  if (result.predLabel) anomalous++;
  console.log(`${relative}: ${result.verdict}, score ${result.predScore.toFixed(3)}`);
  const { dir, name } = parse(relative);
  const png = result.encoded.visualization;
  if (png !== undefined) await writeFileAtomic(join(output, dir, `${name}.png`), png);
}
await model.close();

console.log(
  `${images.length} pictures: ${anomalous} anomalous, ${failed} not judged. Explained in ${output}/`,
);
process.exitCode = failed > 0 ? 2 : anomalous > 0 ? 1 : 0;
