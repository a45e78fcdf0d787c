/** What of its pictures a model looks at, in rows for `inspect` and the report. */
import {
  countTiles,
  detectorsOf,
  judgedArea,
  type ModelManifest,
  shapeText,
  type TrainedPicture,
  tileUnit,
} from "@blemish/core";

type Row = readonly [string, string];

const FITS = {
  stretch: "stretched to the network's input",
  pad: "resized by one factor, the rest padded",
  crop: "cut, resized by one factor, the rest padded",
  native: "not resized, padded to whole cells",
} as const;

/** Rows about size, fit, region and tiles; none where any picture is stretched, all of it is judged, and nothing is cut. */
export function pictureRows(manifest: Pick<ModelManifest, "picture" | "passes" | "backbone">): Row[] {
  return [...areaRows(manifest), ...tileRows(manifest)];
}

/** How large inputs are cut for the network. */
function tileRows({ passes, backbone }: Pick<ModelManifest, "passes" | "backbone">): Row[] {
  return passes.flatMap(({ tiles, size }): Row[] => {
    if (tiles === undefined) return [];
    const count = countTiles(size, tiles, tileUnit(backbone));
    const cut = `${count} of ${tiles.size} × ${tiles.size} pixels that overlap by ${tiles.margin} on each side`;
    return [["Tiles", `${size.width} × ${size.height} is run in ${cut}`]];
  });
}

function areaRows(manifest: Pick<ModelManifest, "picture" | "passes">): Row[] {
  const { picture } = manifest;
  if (picture === undefined) return [];
  const { width, height, fit, view, region, aspectTolerance } = picture;
  const size = `${width} × ${height} pixels${aspectTolerance === undefined ? "" : ", or another size of this aspect"}`;
  const cut = view.width !== width || view.height !== height;
  const rows: Row[] = [
    ["Pictures", `${size}; others are refused`],
    ["Fit", `${fit}: ${FITS[fit]}`],
  ];
  if (cut) rows.push(["Looked at", `${view.width} × ${view.height} pixels from (${view.x}, ${view.y})`]);
  if (region !== undefined) {
    if (region.include.length > 0) rows.push(["Judged", region.include.map(shapeText).join("; ")]);
    if (region.ignore.length > 0) rows.push(["Ignored", region.ignore.map(shapeText).join("; ")]);
    rows.push([
      "Margin",
      `${marginOf(manifest, picture)} pixels: what lies farther outside cannot change a score`,
    ]);
  }
  if (cut || region !== undefined) rows.push(["Share judged", sharesOf(manifest, picture)]);
  return rows;
}

function sharesOf({ passes }: Pick<ModelManifest, "passes">, picture: TrainedPicture): string {
  const judged = judgedArea(picture, picture);
  const pixels = judged === null ? 1 : judged.data.reduce((sum, one) => sum + one, 0) / judged.data.length;
  const cells = detectorsOf({ passes }).map(({ grid, cells: own }) => {
    const all = grid.width * grid.height;
    if (own === undefined) return `${all} of ${all}`;
    let marked = 0;
    for (let i = 0; i < own.length; i += 2) marked += own[i + 1]! - own[i]!;
    return `${marked} of ${all}`;
  });
  return `${(100 * pixels).toFixed(1)} % of the picture; ${[...new Set(cells)].join(", ")} cells take part`;
}

/**
 * How far outside of a region a pixel of the original can reach into a network pixel inside of it: the footprint of the
 * resampling filter, which is as wide as two network pixels.
 */
export function marginOf({ passes }: Pick<ModelManifest, "passes">, { view }: TrainedPicture): number {
  return Math.max(
    ...passes.map(({ preprocessing }) => {
      const resize = preprocessing.find((step) => step.type === "resize");
      if (resize === undefined) return 0;
      const factors = [view.width / resize.width, view.height / resize.height];
      // The filter of an enlarged picture reaches one pixel of the original.
      return Math.ceil(Math.max(1, ...factors));
    }),
  );
}
