/** Small models with memory banks: rows and Gaussians of the small model's two channels, numbers drawn from a seed. */
import type { DetectorManifest, PassManifest } from "../../packages/core/src/bundle/manifest.js";
import type { StoredHead, TrainedModelFile } from "../../packages/core/src/bundle/model-file.js";
import { seededRandom } from "../../packages/core/src/random.js";
import { packGaussians } from "../../packages/core/src/stages/padim/pack-gaussians.js";
import {
  type BankPrecision,
  makePatchBank,
  type PatchBank,
} from "../../packages/core/src/stages/patchcore/patch-bank.js";
import { smallModel } from "./small-model.js";

const CHANNELS = 2;

/** What a small fusion is to be. */
export interface SmallFusion {
  /** How the banks are stored. Default `int8`. */
  readonly bank?: BankPrecision;
  /** A second network input of twice the side, with a bank and Gaussians of its own. Default: one input. */
  readonly twoInputs?: boolean;
}

/**
 * PatchCore and PaDiM on a 6 × 4 grid, on two inputs also on a 12 × 8 grid, fused on a map of 96 × 64 pixels without blur.
 * Factors are 0.5, 0.25, 0.75, 0.125 in the order of the detectors. Every call gives equal content.
 */
export function smallFusion({ bank = "int8", twoInputs = false }: SmallFusion = {}): TrainedModelFile {
  const model = smallModel();
  const passes = [passOf(1, [0.5, 0.25], bank), passOf(2, [0.75, 0.125], bank)].slice(0, twoInputs ? 2 : 1);
  const { training } = model.manifest;
  const names = Array.from({ length: 5 }, (_, i) => ({
    path: `good/00${i}.png`,
    sha256: `${i}`.padStart(64, "0"),
  }));
  return {
    ...model,
    manifest: {
      ...model.manifest,
      passes,
      map: { sigma: 0, score: "max", ignoreBorder: 0 },
      training: { ...training, options: { quality: "balanced" }, files: names },
    },
    detectors: passes.flatMap(({ detectors }, i) =>
      detectors.map(({ grid, head }) => ({
        projection: null,
        head:
          head.kind === "padim"
            ? padimHead(grid.width * grid.height, 20 + i)
            : { kind: "patchcore", bank: smallBank(bank, grid.width * grid.height, 10 + i) },
      })),
    ),
  };
}

/** A bank of 9 rows from 3 of 5 pictures. */
export function smallBank(precision: BankPrecision, cells: number, seed: number): PatchBank {
  const random = seededRandom(seed);
  const pictures = Int32Array.of(0, 0, 2, 2, 2, 2, 4, 4, 4);
  const rows = Float32Array.from({ length: pictures.length * CHANNELS }, () => 3 * random.normal());
  return makePatchBank(
    rows,
    CHANNELS,
    pictures,
    pictures.map(() => random.int(cells)),
    precision,
  );
}

/** The manifests of a bank and of Gaussians on an input that is `times` as wide and high as 96 × 64. */
function passOf(
  times: number,
  [first, second]: readonly [number, number],
  precision: BankPrecision,
): PassManifest {
  const size = { width: 96 * times, height: 64 * times };
  const embedding = { grid: "coarsest", scales: [24.5], channels: null, projectionRows: 0 } as const;
  const common = { channels: CHANNELS, grid: { width: 6 * times, height: 4 * times } };
  const unit = { mean: 2, deviation: 2 };
  const bank: DetectorManifest = {
    ...common,
    embedding: { ...embedding, neighbourhood: 3 },
    factor: first,
    unit,
    head: { kind: "patchcore", rows: 9, precision },
  };
  const fit = { count: 5, pool: 3, ridge: 0.25 } as const;
  const padim: DetectorManifest = {
    ...common,
    embedding: { ...embedding, neighbourhood: 1 },
    factor: second,
    unit,
    head: { kind: "padim", precision: "float32", fit },
  };
  return {
    size,
    preprocessing: [{ type: "resize", ...size, interpolation: "antialias" }],
    detectors: [bank, padim],
  };
}

function padimHead(cells: number, seed: number): StoredHead {
  const random = seededRandom(seed);
  const tiles = Math.ceil(cells / 64);
  const drawn = (rows: number) => Float64Array.from({ length: tiles * rows * 64 }, () => 1 + random.next());
  const gaussians = packGaussians(
    { channels: CHANNELS, cells, mean: drawn(CHANNELS), factor: drawn(3) },
    "float32",
  );
  return { kind: "padim", gaussians, fit: { count: 5, pool: 3, ridge: 0.25 }, statistics: null };
}
