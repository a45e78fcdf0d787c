/** A model with its statistics in coarser numbers than they are stored in: what that would change can be measured. */
import { byPass } from "../bundle/detectors-of.js";
import type { DetectorManifest } from "../bundle/manifest.js";
import type { ModelFile, StoredDetector } from "../bundle/model-file.js";
import { quantiseBank } from "../kernels/memory-bank.js";
import type { FactorPrecision } from "../stages/padim/packed-gaussians.js";
import { repackGaussians } from "../stages/padim/repack-gaussians.js";
import type { BankPrecision } from "../stages/patchcore/patch-bank.js";

/** A model in another precision. */
export interface CoarserModel {
  /** What was made coarser: `factors` of PaDiM, or the memory `bank`. */
  readonly part: "factors" | "bank";
  readonly precision: FactorPrecision | BankPrecision;
  readonly model: ModelFile;
}

const FINEST_FIRST = ["float32", "int16", "int8"] as const;

/** Every precision that is coarser than that of some detector; others cannot be had from what is stored. */
export function coarserPrecisions(model: ModelFile): CoarserModel[] {
  const factors = FINEST_FIRST.map((precision) => ({ part: "factors", precision }) as const);
  const bank = { part: "bank", precision: "int8" } as const;
  return [...factors, bank].flatMap((wanted) => {
    const changed = inPrecision(model, wanted);
    return changed === null ? [] : [{ ...wanted, model: changed }];
  });
}

type Wanted = Pick<CoarserModel, "part" | "precision">;

/** null where no detector would change. */
function inPrecision(model: ModelFile, wanted: Wanted): ModelFile | null {
  const { manifest } = model;
  const stored = byPass(manifest, model.detectors);
  const passes = manifest.passes.map((pass, i) =>
    pass.detectors.map((one, j) => rounded(one, stored[i]?.[j] as StoredDetector, wanted)),
  );
  const detectors = passes.flat();
  if (!detectors.some(({ changed }) => changed)) return null;
  return {
    ...model,
    manifest: {
      ...manifest,
      passes: manifest.passes.map((pass, i) => ({
        ...pass,
        detectors: (passes[i] ?? []).map((one) => one.manifest),
      })),
    },
    detectors: detectors.map(({ detector }) => detector),
  } as ModelFile;
}

interface Rounded {
  readonly changed: boolean;
  readonly manifest: DetectorManifest;
  readonly detector: StoredDetector;
}

function rounded(manifest: DetectorManifest, detector: StoredDetector, wanted: Wanted): Rounded {
  const { head } = detector;
  const same = { changed: false, manifest, detector };
  if (head.kind === "padim") {
    const { precision } = head.gaussians;
    if (wanted.part !== "factors" || !isCoarser(wanted.precision, precision)) return same;
    const gaussians = repackGaussians(head.gaussians, wanted.precision);
    return withHead(manifest, { ...detector, head: { ...head, gaussians } }, wanted.precision);
  }
  const { bank } = head;
  if (wanted.part !== "bank" || bank.scale !== null || !(bank.data instanceof Float32Array)) return same;
  const coarse = { ...bank, ...quantiseBank(bank.rows, bank.channels, bank.data) };
  return withHead(manifest, { ...detector, head: { ...head, bank: coarse } }, "int8");
}

function withHead(manifest: DetectorManifest, detector: StoredDetector, precision: string): Rounded {
  const head = { ...manifest.head, precision } as DetectorManifest["head"];
  return { changed: true, manifest: { ...manifest, head }, detector };
}

function isCoarser(precision: FactorPrecision, stored: FactorPrecision): boolean {
  return FINEST_FIRST.indexOf(precision) > FINEST_FIRST.indexOf(stored);
}
