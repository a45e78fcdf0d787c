/** Choices of a training whose largest input is looked at in tiles. */
import type { HeadChoice, RecipeOptions } from "../../bundle/recipe-options.js";
import { BlemishError } from "../../errors.js";
import { type BackboneManifest, tileUnit } from "../../stages/backbone/manifest.js";
import { isTiled, type TileSpec } from "../../stages/backbone/tile-plan.js";
import type { PicturePlan } from "./picture-recipe.js";
import type { Extent } from "./recipe-types.js";

/**
 * Pixels of a tile that are not used where nothing is known of the network. That of the embedded backbone: its receptive
 * field reaches 170 pixels to each side, and 160 of them leave a difference of 10⁻⁵ of a tap's range.
 */
const MARGIN = 160;

/** Most pixels of a tile's side. */
const LARGEST = 4096;

/**
 * How an input of this size is cut; absent where nothing is asked, or the input is no larger than a tile.
 * @throws OPTION_VALUE for tiles that do not fit the backbone or their margin.
 */
export function tilesFor(
  { tile, tileMargin }: RecipeOptions,
  backbone: BackboneManifest,
  input: Extent,
): TileSpec | undefined {
  if (tile === undefined) {
    if (tileMargin !== undefined) throw wrong("--tile-margin", "nothing without --tile", String(tileMargin));
    return undefined;
  }
  const unit = tileUnit(backbone);
  if (backbone.input.resizesTo !== undefined)
    throw wrong("--tile", "nothing beside a backbone that resizes pictures itself", String(tile));
  const size = checkUnits("The tile (--tile)", tile, unit, LARGEST);
  if (tileMargin === "full") throw wrong("--tile-margin", "pixels, where no network is at hand", "full");
  const margin =
    tileMargin === undefined
      ? Math.ceil(MARGIN / unit) * unit
      : checkUnits("The margin of a tile (--tile-margin)", tileMargin, unit, LARGEST, 0);
  if (2 * margin >= size)
    throw wrong("The tile (--tile)", `more than twice its margin of ${margin} pixels`, String(size));
  const tiles = { size, margin };
  if (!isTiled(tiles, input.width, input.height)) return undefined;
  checkUnits("The width of the tiled input", input.width, unit, LARGEST);
  checkUnits("The height of the tiled input", input.height, unit, LARGEST);
  return tiles;
}

/** An input that is asked for, and what looks at it. */
export interface WantedInput {
  /** See `fitInput`. */
  readonly size: number | Extent;
  readonly heads: readonly ("patchcore" | "padim")[];
  /** How pictures come into this input, where it is another way than that of the training. */
  readonly own?: PicturePlan;
}

/** Side of the input that shows the whole picture beside the tiled one; of the same area where pictures are no squares. */
const WHOLE = 256;

/**
 * The inputs of a training with tiles, like those of the quality `accurate`, whose large one is the tiled one: a memory bank
 * on the large input, and both heads on the whole picture. PaDiM alone has its Gaussians on the large one.
 * @throws OPTION_VALUE without a size, and beside a quality.
 */
export function tiledInputs(
  { quality, size }: RecipeOptions,
  head: HeadChoice,
  plan: PicturePlan | null,
): readonly WantedInput[] {
  if (quality !== undefined)
    throw wrong("--quality", "nothing beside --tile, which has inputs of its own", quality);
  const native = plan?.fit === "native";
  if (native === (size !== undefined))
    throw wrong(
      "--tile",
      "the size of what is cut into tiles beside it: --size, or --fit native",
      native ? "both" : "neither",
    );
  const large = { size: size ?? (plan as PicturePlan).view };
  if (head === "padim") return [{ ...large, heads: ["padim"] }];
  const whole = { size: WHOLE, ...(native && { own: { ...(plan as PicturePlan), fit: "pad" as const } }) };
  return [
    { ...large, heads: ["patchcore"] },
    { ...whole, heads: head === "patchcore" ? ["patchcore"] : ["patchcore", "padim"] },
  ];
}

/** Size of the map of a tiled input: as fine as `accurate` has it, two pixels of the input for one of the map. */
export function tiledMap({
  size,
  content = size,
}: {
  readonly size: Extent;
  readonly content?: Extent;
}): Extent {
  const half = (side: number) => Math.max(LEAST_MAP, Math.ceil(side / 2));
  return { width: half(content.width), height: half(content.height) };
}

/** The blur needs room on each side. */
const LEAST_MAP = 32;

function checkUnits(subject: string, value: number, unit: number, most: number, least = unit): number {
  if (Number.isInteger(value) && value >= least && value <= most && value % unit === 0) return value;
  throw wrong(subject, `a multiple of ${unit} from ${least} to ${most}, in pixels`, String(value));
}

function wrong(subject: string, expected: string, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject, expected, found });
}
