/**
 * Trainings of the real Anomalib 0.7.0, repeated from the same weights and pictures with profile `anomalib-0.7`:
 * channels, statistics, scores, thresholds and metrics.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  adaptiveCalibrator,
  detectorsOf,
  evaluator,
  type PackedGaussians,
  type TrainedModelFile,
  writeModelFile,
} from "@blemish/core";
import { importBackboneFile, open, readMask, trainModel, writeBackbone } from "@blemish/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { unpackFactor } from "../../packages/core/src/stages/padim/unpack-factor.js";
import { sha256 } from "../../packages/node/src/sha256.js";
import { readNpy } from "../support/npy.js";
import { describeShared, sharedPath } from "../support/shared.js";

const BLOCK = 8;
const WEIGHTS = "weights/resnet18_l123_bnfolded.safetensors";

const TRAININGS = [
  { name: "bottle-256px-n100", data: "mvtec-bottle-256", size: 256, channels: 100 },
  { name: "cubes-128-n20", data: "dobot-cubes", size: 128, channels: 20 },
  { name: "cubes-256-n100", data: "dobot-cubes", size: 256, channels: 100 },
];

const folder = mkdtempSync(join(tmpdir(), "blemish-trained-"));
const backbone = join(folder, "resnet18");
afterAll(() => rmSync(folder, { recursive: true }));

let imported: Promise<unknown> | null = null;
/** The weights as a backbone's folder, made by whoever needs it first. */
function importOnce(): Promise<unknown> {
  imported ??= importBackboneFile(sharedPath(WEIGHTS), { id: "resnet18" }).then((one) =>
    writeBackbone(backbone, one),
  );
  return imported;
}

/** An array in blocks of eight cells by (row, cell). */
const at = (packed: ArrayLike<number>, rows: number, row: number, cell: number) =>
  packed[(Math.floor(cell / BLOCK) * rows + row) * BLOCK + (cell % BLOCK)] as number;

/** The Gaussians of the one detector. */
function gaussiansOf({ detectors }: TrainedModelFile): PackedGaussians {
  const [one, ...others] = detectors;
  if (one?.head.kind !== "padim" || others.length > 0) throw new Error("Not one PaDiM");
  return one.head.gaussians;
}

/** WᵀW of one cell: the inverse covariance `[n, n]`, float64. */
function inverseCovariance(gaussians: PackedGaussians, n: number, cell: number): Float64Array {
  const factor = unpackFactor(gaussians, cell);
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const left = factor[(k * (k + 1)) / 2 + i]!;
      for (let j = 0; j <= k; j++) inverse[i * n + j]! += left * factor[(k * (k + 1)) / 2 + j]!;
    }
  return inverse;
}

const largest = (values: Iterable<number>) => {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
};

for (const { name, data, size, channels } of TRAININGS) {
  const golden = `golden/trained/${name}`;
  describeShared(`${name} trained by Anomalib 0.7.0`, [WEIGHTS, `data/${data}`, `${golden}.json`], () => {
    const reference = JSON.parse(readFileSync(sharedPath(`${golden}.json`), "utf8"));
    const root = sharedPath("data", data);
    const goods = readdirSync(join(root, "train/good")).sort();
    let model: TrainedModelFile;

    beforeAll(async () => {
      await importOnce();
      const paths = goods.map((file) => join(root, "train/good", file));
      ({ model } = await trainModel(paths, { profile: "anomalib-0.7", backbone, size, channels }));
    }, 120_000);

    it("draws the same channels", () => {
      expect(detectorsOf(model.manifest)[0]?.embedding.channels).toEqual(reference.channels);
    });

    it("has the same means and inverse covariances: 1e-4 of the largest entry, and in sum", () => {
      const means = readNpy(sharedPath(`${golden}-mean-cells.npy`)).data as Float32Array;
      const inverses = readNpy(sharedPath(`${golden}-inv-cov-cells.npy`)).data as Float32Array;
      const gaussians = gaussiansOf(model);
      reference.cells_saved.forEach((cell: number, index: number) => {
        const mean = means.subarray(index * channels, (index + 1) * channels);
        const off = mean.map((value, d) => value - at(gaussians.mean, channels, d, cell));
        expect(largest(off) / largest(mean)).toBeLessThan(1e-4);
        const inverse = inverses.subarray(index * channels ** 2, (index + 1) * channels ** 2);
        const ours = inverseCovariance(gaussians, channels, cell);
        expect(
          largest(ours.map((value, i) => value - (inverse[i] as number))) / largest(inverse),
        ).toBeLessThan(1e-4);
      });
      let [sum, diagonal, meanSum] = [0, 0, 0];
      for (let cell = 0; cell < reference.cells; cell++) {
        for (let d = 0; d < channels; d++) meanSum += at(gaussians.mean, channels, d, cell);
        const inverse = inverseCovariance(gaussians, channels, cell);
        for (let i = 0; i < inverse.length; i++) sum += inverse[i] as number;
        for (let i = 0; i < channels; i++) diagonal += inverse[i * channels + i] as number;
      }
      expect(Math.abs(meanSum / reference.mean_sum_f64 - 1)).toBeLessThan(1e-4);
      expect(Math.abs(sum / reference.inv_cov_sum_f64 - 1)).toBeLessThan(1e-4);
      expect(Math.abs(diagonal / reference.inv_cov_diag_sum_f64 - 1)).toBeLessThan(1e-4);
    });

    it("gives every test picture the same score, and with Anomalib's calibration its thresholds and metrics", async () => {
      const rows = readFileSync(sharedPath(`${golden}-scores.csv`), "utf8")
        .trim()
        .split("\n")
        .slice(1);
      const path = join(folder, `${name}.blemish`);
      writeFileSync(path, writeModelFile(model, sha256));
      const opened = await open(path, { workers: 2 });
      const pictures = rows.map((row) => {
        const [file, anomalous, raw, sum] = row.split(",") as [string, string, string, string];
        return {
          path: join(root, "test", file),
          anomalous: anomalous === "1",
          raw: Number(raw),
          sum: Number(sum),
        };
      });
      const evaluation = evaluator(reference.metadata.image_threshold);
      const calibrator = adaptiveCalibrator();
      let [worstScore, worstSum] = [0, 0];
      for await (const { index, result, error } of opened.predictMany(pictures.map((one) => one.path))) {
        if (error !== undefined) throw error;
        const { anomalous, raw, sum, path: picture } = pictures[index]!;
        worstScore = Math.max(worstScore, Math.abs((result.rawScore as number) / raw - 1));
        const total = result.rawMap!.data.reduce((all, value) => all + value, 0);
        worstSum = Math.max(worstSum, Math.abs(total / sum - 1));
        const masked = picture.replace("/test/", "/ground_truth/").replace(".png", "_mask.png");
        const mask =
          anomalous && data.startsWith("mvtec") ? await readMask(masked, result.width, result.height) : null;
        const label = anomalous ? ("anomalous" as const) : ("good" as const);
        const judged = { label, score: result.rawScore as number, map: result.rawMap, mask };
        calibrator.add(judged);
        evaluation.add({
          ...judged,
          path: picture,
          defect: anomalous ? "any" : "",
          predLabel: result.predLabel,
        });
      }
      await opened.close();
      console.log(
        `${name}: raw scores within ${worstScore.toExponential(1)}, map sums within ${worstSum.toExponential(1)}`,
      );
      expect(worstScore).toBeLessThan(1e-3);
      expect(worstSum).toBeLessThan(1e-3);

      const { metadata, validation_metrics_raw: metrics } = reference;
      const calibration = calibrator.result();
      expect(Math.abs(calibration.imageThreshold / metadata.image_threshold - 1)).toBeLessThan(1e-3);
      expect(Math.abs(calibration.pixelThreshold / metadata.pixel_threshold - 1)).toBeLessThan(1e-3);
      expect(Math.abs(calibration.min - metadata.min)).toBeLessThan(1e-3);
      expect(Math.abs(calibration.max / metadata.max - 1)).toBeLessThan(1e-3);
      const figures = evaluation.figures();
      expect(Math.abs(figures.imageAUROC - metrics.image_AUROC)).toBeLessThan(1e-3);
      expect(Math.abs(figures.imageMaxF1 - metrics.image_F1Score)).toBeLessThan(1e-3);
      if (metrics.pixel_AUROC === undefined) return;
      expect(Math.abs(figures.pixelAUROC - metrics.pixel_AUROC)).toBeLessThan(1e-3);
      expect(Math.abs(figures.pixelMaxF1 - metrics.pixel_F1Score)).toBeLessThan(1e-3);
    }, 120_000);
  });
}
