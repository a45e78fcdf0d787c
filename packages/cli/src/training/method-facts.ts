/** How a model judges, as plain data for `train --json`: the same facts that the report and `inspect` word. */
import { type DecisionZone, kindOf, qualityOf, type TrainedManifest } from "@blemish/core";

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
  /** Filters and zones; absent without. Filters alone are one zone with the name "". */
  readonly zones?: readonly ZoneFacts[];
}

/** A zone of the model, or the whole picture. Areas are pixels of the map. */
interface ZoneFacts extends Omit<DecisionZone, "runs" | "unit"> {
  /** Raw units, before zones are weighed. */
  readonly threshold: number;
}

/** The facts of a trained model. */
export function methodFacts(manifest: TrainedManifest): MethodFacts {
  const { passes, training, calibration, decision } = manifest;
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
    ...(decision !== undefined && {
      zones: decision.zones.map(({ runs: _, unit, ...zone }) => ({
        ...zone,
        threshold: (calibration.imageThreshold * unit) / zone.weight,
      })),
    }),
  };
}
