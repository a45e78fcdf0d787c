/** The grids of a recipe's or a model's detectors, as the map is made of them. */
import type { View } from "../stages/region/mask-on-map.js";
import type { Runs } from "../stages/region/shapes.js";
import type { DistanceGrid } from "../stages/score-map/score-map.js";

interface Extent {
  readonly width: number;
  readonly height: number;
}

/** What of a pass decides. */
export interface GridPass {
  readonly size: Extent;
  readonly content?: View;
  readonly detectors: readonly { readonly grid: Extent; readonly cells?: Runs }[];
}

/** One grid for each detector. @param factors what each detector's distances are multiplied with. */
export function distanceGrids(passes: readonly GridPass[], factors: readonly number[]): DistanceGrid[] {
  const grids = passes.flatMap(({ size, content, detectors }) =>
    detectors.map(({ grid, cells }) => ({
      width: grid.width,
      height: grid.height,
      ...(cells !== undefined && { cells }),
      ...(content !== undefined && { window: onGrid(content, size, grid) }),
    })),
  );
  return grids.map((grid, i) => ({ ...grid, factor: factors[i] }));
}

/** A rectangle of the network's input, in cells. */
function onGrid({ x, y, width, height }: View, size: Extent, grid: Extent): View {
  const [stepX, stepY] = [size.width / grid.width, size.height / grid.height];
  return { x: x / stepX, y: y / stepY, width: width / stepX, height: height / stepY };
}
