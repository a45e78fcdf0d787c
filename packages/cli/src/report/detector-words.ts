/** The detectors of a model file in words: what judges, on which pictures, with which weight. */
import type { DetectorManifest, ModelManifest } from "@blemish/core";

/** A row for each detector, such as "PatchCore, 320 × 320": "2,048 patches (int8) of 152 channels, 20 × 20 cells". */
export function detectorRows({
  passes,
}: Pick<ModelManifest, "passes">): (readonly [name: string, value: string])[] {
  return passes.flatMap(({ size, detectors }) =>
    detectors.map(
      (detector) =>
        [
          `${NAMES[detector.head.kind]}, ${size.width} × ${size.height}`,
          `${headWords(detector)}, ${detector.grid.width} × ${detector.grid.height} cells${unitWords(detector)}`,
        ] as const,
    ),
  );
}

const NAMES = { padim: "PaDiM", patchcore: "PatchCore" } as const;

function headWords({ head, channels, embedding }: DetectorManifest): string {
  if (head.kind === "patchcore") {
    const rows = head.rows.toLocaleString("en-US");
    return `bank of ${rows} patches (${head.precision}), ${channels} channels`;
  }
  const projected = embedding.projectionRows > 0 ? " (projected)" : "";
  const kept = embedding.channels === null ? projected : " (chosen)";
  const pooled = head.fit?.pool === 3 ? ", moments pooled over 3 × 3 cells" : "";
  return `Gaussians of ${channels} channels${kept}, factors in ${head.precision}${pooled}`;
}

/** What stands for 1 in the sum, where several detectors judge together. */
function unitWords({ factor, unit }: DetectorManifest): string {
  if (unit === null) return "";
  const weight = Number((factor * unit.deviation).toPrecision(3));
  return `, weight ${weight} (deviation ${Number(unit.deviation.toPrecision(3))})`;
}
