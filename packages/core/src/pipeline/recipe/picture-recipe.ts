/**
 * What the size of the pictures, a region of interest and a fit policy make of the network's inputs and of the map. Without
 * any of them pictures are stretched, whatever their size, and all of them is judged.
 */
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { BlemishError } from "../../errors.js";
import { type BackboneManifest, backboneSteps } from "../../stages/backbone/manifest.js";
import type { Mask } from "../../stages/image/image.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import { maskOnMap, type View } from "../../stages/region/mask-on-map.js";
import { judgedMask } from "../../stages/region/rasterise.js";
import { markedPlaces, runsOf } from "../../stages/region/runs.js";
import type { RegionOfInterest, Runs } from "../../stages/region/shapes.js";
import { FIT_POLICIES, type FitPolicy, type TrainedPicture } from "../../stages/region/trained-picture.js";
import { type FittedInput, fitInput, viewFor } from "./fit-input.js";
import { boxOf, judgedInput } from "./judged-input.js";
import type { Extent, PassRecipe } from "./recipe-types.js";

/** The pictures of a training, as its options tell of them. */
export interface PicturePlan {
  readonly picture: Extent;
  readonly fit: FitPolicy;
  readonly view: View;
  readonly region: RegionOfInterest | null;
  /** Pixels of the picture that are judged; null = all. */
  readonly judged: Mask | null;
}

/** Whether the options cannot be understood without the size of the pictures. */
export function needsPicture({ fit = "stretch", region }: RecipeOptions): boolean {
  return fit !== "stretch" || hasRegion(region);
}

/**
 * @param shape of the network's input, where the options do not say it.
 * @returns null when any picture is stretched and all of it is judged.
 * @throws OPTION_VALUE for an unknown policy, and when the size of the pictures is not known; REGION.
 */
export function picturePlan(options: RecipeOptions): PicturePlan | null {
  const { fit = "stretch", region, picture, size } = options;
  if (!FIT_POLICIES.includes(fit)) throw wrong("--fit", FIT_POLICIES.join(", "), String(fit));
  if (!needsPicture(options)) return null;
  if (picture === undefined)
    throw wrong("picture", "the size of the pictures, beside --fit, --roi and --ignore", "nothing");
  const judged =
    region !== undefined && hasRegion(region) ? judgedMask(region, picture.width, picture.height) : null;
  const shape = typeof size === "object" ? size : { width: 1, height: 1 };
  const view = viewFor(fit, picture, judged && boxOf(judged), shape);
  return { picture, fit, view, region: judged === null ? null : (region ?? null), judged };
}

/** An input without its detectors, and which cells of its grid take part. */
export interface InputRecipe extends Omit<PassRecipe, "detectors"> {
  readonly grid: Extent;
  /** Absent = all. */
  readonly cells?: Runs;
}

/**
 * One input of the network.
 * @param size see `FitWish`.
 * @param stride of the grid, network pixels.
 * @throws OPTION_VALUE, REGION.
 */
export function inputRecipe(
  backbone: BackboneManifest,
  plan: PicturePlan | null,
  size: number | Extent,
  stride: number,
): InputRecipe {
  const gridOf = ({ width, height }: Extent) => ({ width: width / stride, height: height / stride });
  if (plan === null) {
    const whole = typeof size === "number" ? { width: size, height: size } : size;
    const preprocessing = backboneSteps(backbone, whole.width, whole.height);
    return { size: whole, preprocessing, grid: gridOf(whole) };
  }
  const { fit, view, judged } = plan;
  const input = fitInput({ fit, view, size, multipleOf: backbone.input.multipleOf });
  const grid = gridOf(input.size);
  const { painted, cells } = judgedInput(judged, view, input, grid);
  const whole = input.content.width === input.size.width && input.content.height === input.size.height;
  return {
    size: input.size,
    preprocessing: stepsOf(backbone, plan, input, painted),
    ...(!whole && { content: input.content }),
    grid,
    ...(cells !== null && { cells }),
  };
}

/** Crop → resize → pad → paint → values; what would change nothing is left out. */
function stepsOf(
  backbone: BackboneManifest,
  { picture, view }: PicturePlan,
  { size, content }: FittedInput,
  painted: Runs | null,
): PreprocessStep[] {
  const colour = backbone.input.mean.map((mean) => Math.min(255, Math.max(0, Math.round(mean))));
  const [resize, ...values] = backboneSteps(backbone, content.width, content.height);
  const steps: PreprocessStep[] = [];
  if (view.width !== picture.width || view.height !== picture.height) steps.push({ type: "crop", ...view });
  if (view.width !== content.width || view.height !== content.height) steps.push(resize as PreprocessStep);
  if (size.width !== content.width || size.height !== content.height)
    steps.push({ type: "pad", left: content.x, top: content.y, ...size, colour });
  if (painted !== null) steps.push({ type: "paint", runs: painted, colour });
  return [...steps, ...values];
}

/** What a detector's embedding is taken of: all cells, or those that take part. */
export function placesOf({ cells }: { readonly cells?: Runs }): { readonly places?: Int32Array } {
  return cells === undefined ? {} : { places: markedPlaces(cells) };
}

/** Sides of the map and the area that it has about, where no input says it, pixels. */
const MAP_SIDE = { least: 32, typical: 256, most: 1024 };

/** The map of a model. @param inputs of the network. */
export function mapSize(
  plan: PicturePlan | null,
  { size }: RecipeOptions,
  inputs: readonly InputRecipe[],
): Extent {
  const [first] = inputs as readonly [InputRecipe, ...InputRecipe[]];
  const typical = { width: MAP_SIDE.typical, height: MAP_SIDE.typical };
  if (plan === null || plan.fit === "stretch") return size === undefined ? typical : first.size;
  const own = size !== undefined || plan.fit === "native" ? (first.content ?? first.size) : null;
  const area = own === null ? MAP_SIDE.typical ** 2 : Math.min(own.width * own.height, MAP_SIDE.most ** 2);
  const { width, height } = plan.view;
  const factor = Math.sqrt(area / (width * height));
  // The blur needs room on each side.
  const side = (length: number) =>
    Math.min(2 * MAP_SIDE.most, Math.max(MAP_SIDE.least, Math.round(length * factor)));
  return { width: side(width), height: side(height) };
}

/** What the model has to know of its pictures, and which pixels of the map are judged; nothing for any picture stretched. */
export function pictureFacts(
  plan: PicturePlan | null,
  map: Extent,
  inputs: readonly InputRecipe[],
  stride: number,
): { readonly picture?: TrainedPicture; readonly judged?: Runs } {
  if (plan === null) return {};
  const { picture, fit, view, region, judged } = plan;
  // Half a cell of the finest grid, as a share of its longer side.
  const longest = Math.max(...inputs.flatMap(({ size, content = size }) => [content.width, content.height]));
  const anySize = fit === "pad" && region === null;
  const shown = judged && maskOnMap(judged, view, map);
  if (shown !== null && !shown.data.includes(1))
    throw new BlemishError("REGION", {
      subject: "The region of interest",
      expected: `at least one pixel of the map of ${map.width} × ${map.height} (--fit crop enlarges a small region)`,
      found: "less",
    });
  return {
    picture: {
      ...picture,
      fit,
      view,
      ...(region !== null && { region }),
      ...(anySize && { aspectTolerance: (0.5 * stride) / longest }),
    },
    ...(shown?.data.includes(0) && { judged: runsOf(shown) }),
  };
}

function hasRegion(region: RegionOfInterest | undefined): boolean {
  return region !== undefined && region.include.length + region.ignore.length > 0;
}

function wrong(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject, expected, found });
}
