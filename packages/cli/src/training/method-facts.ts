/** How a model judges, as plain data for `train --json`: the same facts that the report and `inspect` word. */
import { kindOf, qualityOf, type TrainedManifest } from "@blemish/core";

/** A detector of the model. */
interface DetectorFacts {
  readonly head: "padim" | "patchcore";
  /** Side of the network's input in pixels. */
  readonly size: number;
  /** Cells of the grid, in both directions. */
  readonly grid: { readonly width: number; readonly height: number };
  readonly channels: number;
  /** Its distances are multiplied with it before all are added. */
  readonly factor: number;
  /** Patches in the bank; null for PaDiM. */
  readonly patches: number | null;
}

/** Method, quality and detectors. */
export interface MethodFacts {
  readonly kind: "padim" | "patchcore" | "fusion";
  /** null where the input's size was given or the profile has its own. */
  readonly quality: "fast" | "balanced" | "accurate" | null;
  /** Whether the bank holds mirrored and rotated copies. */
  readonly turned: boolean;
  readonly threshold: TrainedManifest["calibration"]["method"];
  readonly detectors: readonly DetectorFacts[];
}

/** The facts of a trained model. */
export function methodFacts(manifest: TrainedManifest): MethodFacts {
  const { passes, training, calibration } = manifest;
  return {
    kind: kindOf(manifest),
    quality: qualityOf(training.options),
    turned: training.turned,
    threshold: calibration.method,
    detectors: passes.flatMap(({ size, detectors }) =>
      detectors.map(({ head, grid, channels, factor }) => ({
        head: head.kind,
        size: size.width,
        grid,
        channels,
        factor,
        patches: head.kind === "patchcore" ? head.rows : null,
      })),
    ),
  };
}
