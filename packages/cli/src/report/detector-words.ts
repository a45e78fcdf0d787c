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

/** What the Gaussians rest on, where it is not each cell alone. */
const POOLED = { 1: "", 3: ", moments pooled over 3 × 3 cells", all: ", one for all places" } as const;

const NAMES = { padim: "PaDiM", patchcore: "PatchCore" } as const;

function headWords({ head, channels, embedding }: DetectorManifest): string {
  if (head.kind === "patchcore") {
    const rows = head.rows.toLocaleString("en-US");
    const weighed = head.neighbours === undefined ? "" : `, score by ${neighbourWords(head.neighbours)}`;
    return `bank of ${rows} patches (${head.precision}), ${channels} channels${weighed}`;
  }
  const projected = embedding.projectionRows > 0 ? " (projected)" : "";
  const kept = embedding.channels === null ? projected : " (chosen)";
  const pooled = POOLED[`${head.fit?.pool ?? 1}`];
  return `Gaussians of ${channels} channels${kept}, factors in ${head.precision}${pooled}`;
}

/** How Anomalib's image score of a memory bank is made. */
function neighbourWords(neighbours: number): string {
  return neighbours === 1 ? "the farthest patch" : `the farthest patch and ${neighbours} neighbours`;
}

/** What a score of the map is. */
export const SCORE_WORDS = {
  max: "highest value of the map",
  "top1%": "mean of the highest 1 % of the map",
  region: "highest level at which a region of the map passes the filters",
} as const;

/** What the image score of a model is. */
export function scoreWords({ passes, map }: Pick<ModelManifest, "passes" | "map">): string {
  const heads = passes.flatMap(({ detectors }) => detectors.map(({ head }) => head));
  const [neighbours] = heads.flatMap((head) => (head.kind === "patchcore" ? (head.neighbours ?? []) : []));
  if (neighbours === undefined) return SCORE_WORDS[map.score];
  return neighbours === 1
    ? "distance of the farthest patch"
    : "distance of the farthest patch, weighed by its neighbours";
}

/** What stands for 1 in the sum, where several detectors judge together. */
function unitWords({ factor, unit }: DetectorManifest): string {
  if (unit === null) return "";
  const weight = Number((factor * unit.deviation).toPrecision(3));
  return `, weight ${weight} (deviation ${Number(unit.deviation.toPrecision(3))})`;
}
