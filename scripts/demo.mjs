/** `npm run demo`: judges the pictures of the fixtures with a small Anomalib model and writes what it found. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const command = resolve(root, "packages/cli/dist/main.js");
const model = resolve(root, "fixtures/anomalib/padim-070-segmentation/model.onnx");
const pictures = ["good", "defect"].map((name) => resolve(root, "fixtures/anomalib/pictures", name));
const output = resolve(root, "out/demo");
const options = ["--output", output, "--visualization-mode", "full"];
const { status } = spawnSync(process.execPath, [command, "predict", model, ...pictures, ...options], {
  stdio: "inherit",
});
// 1 = something anomalous was found, as it should be here.
if (status !== 1) process.exit(status ?? 2);
console.log(`\nHeat maps: ${output}`);
