/**
 * Our own recipe: PatchCore and PaDiM on the same features, fused on the map. Features of the finer taps are averaged
 * onto the coarsest grid. Every number here was measured on eleven real data sets.
 */
import { DEFAULT_QUALITY } from "../../bundle/quality-of.js";
import type { HeadChoice, Quality, RecipeOptions } from "../../bundle/recipe-options.js";
import { BlemishError } from "../../errors.js";
import { seededRandom } from "../../random.js";
import type { BackboneManifest } from "../../stages/backbone/manifest.js";
import { semiOrthogonal } from "../../stages/embedding/semi-orthogonal.js";
import { asksForRegions } from "./decision-recipe.js";
import {
  type InputRecipe,
  inputRecipe,
  mapSize,
  type PicturePlan,
  pictureFacts,
  picturePlan,
  placesOf,
} from "./picture-recipe.js";
import { checkAlign, checkChannels, checkInput, totalChannels } from "./recipe-parts.js";
import type {
  DetectorRecipe,
  Extent,
  PadimRecipe,
  PassRecipe,
  PatchcoreRecipe,
  Recipe,
} from "./recipe-types.js";
import { tiledInputs, tiledMap, tilesFor, type WantedInput } from "./tile-recipe.js";

/** Inputs of each quality and what looks at them: more pixels help PatchCore, fewer help PaDiM. */
const INPUTS: Readonly<
  Record<Quality, readonly { size: number; heads: readonly ("patchcore" | "padim")[] }[]>
> = {
  fast: [{ size: 256, heads: ["patchcore", "padim"] }],
  balanced: [{ size: 320, heads: ["patchcore", "padim"] }],
  accurate: [
    { size: 512, heads: ["patchcore"] },
    { size: 256, heads: ["patchcore", "padim"] },
  ],
};

/** More channels than this are projected for PaDiM. */
const MOST_CHANNELS = 200;

/** Below this number of pictures PaDiM pools its moments and PatchCore looks at turned pictures. */
const FEW_PICTURES = 50;

/** Most patches of a bank, and the least of the draw that it begins with and of the far ones that it goes on with. */
const BANK = { rows: 2048, pool: 32_768, far: 60_000 };

/** More would take longer than the network. */
const MOST_ROWS = 65_536;

/** @throws OPTION_VALUE when an option does not fit the backbone or another option. */
export function blemishRecipe(backbone: BackboneManifest, options: RecipeOptions): Recipe {
  const { quality, size, head = "fusion" } = options;
  if (size !== undefined && quality !== undefined) throw bothSizes(size, quality);
  checkUse(options, head);
  const plan = picturePlan(options);
  const wanted = wantedInputs(options, head, plan);
  const stride = Math.max(...backbone.taps.map((tap) => tap.stride));
  const inputs = wanted.map(({ size, own = plan }) =>
    inputRecipe(backbone, own, own?.fit === "native" ? size : checkInput(size, backbone), stride),
  );
  const tiles = tilesFor(options, backbone, inputs[0].size);
  const map = options.tile === undefined ? mapSize(plan, options, inputs) : tiledMap(inputs[0]);
  return {
    profile: "blemish",
    size: map,
    passes: inputs.map((input, i) => ({
      ...passOf(backbone, input, wanted[i].heads, options),
      ...(i === 0 && tiles !== undefined && { tiles }),
    })),
    sigma: 4,
    score:
      options.score ?? (asksForRegions(options) ? "region" : options.tile === undefined ? "top1%" : "max"),
    validity: options.validity ?? true,
    ...(options.align !== undefined && { align: checkAlign(options.align) }),
    falseAlarmRate: options.falseAlarmRate ?? 0.05,
    threshold: options.threshold ?? "leave-one-out",
    turnedBelow: turnedBelow(options.turned ?? (options.tile === undefined ? undefined : false)),
    seed: options.seed ?? 0,
    ignoreBorder: options.ignoreBorder ?? 0,
    ...pictureFacts(plan, map, inputs, stride),
  };
}

/** The inputs that are asked for; a picture that is not resized is one. */
function wantedInputs(
  options: RecipeOptions,
  head: HeadChoice,
  plan: PicturePlan | null,
): readonly WantedInput[] {
  const { quality, size, tile } = options;
  if (tile !== undefined) return tiledInputs(options, head, plan);
  if (plan?.fit !== "native")
    return size === undefined ? inputsOf(quality ?? DEFAULT_QUALITY, head) : [{ size, heads: headsOf(head) }];
  const chosen = size === undefined ? quality : sizeText(size);
  if (chosen !== undefined)
    throw new BlemishError("OPTION_VALUE", {
      subject: size === undefined ? "--quality" : "The size (--size)",
      expected: "nothing beside --fit native, which takes pictures in the size that they have",
      found: chosen,
    });
  // Its size follows from the picture's.
  return [{ size: plan.view, heads: headsOf(head) }];
}

/** Options that have no use without the other kind of head, as the command line calls them. */
const WITHOUT_USE = {
  fusion: {},
  padim: {
    padimWeight: "--fusion",
    bank: "--bank",
    bankPrecision: "--bank-precision",
    turned: "--turned",
  },
  patchcore: {
    padimWeight: "--fusion",
    channels: "--channels",
    factors: "--factors",
    statistics: "--statistics",
  },
} as const satisfies Record<HeadChoice, Partial<Record<keyof RecipeOptions, string>>>;

/** The options of one head for another: what that has no use for is left out. */
export function optionsForHead(options: RecipeOptions, head: HeadChoice): RecipeOptions {
  const used = Object.entries(options).filter(([name]) => !(name in WITHOUT_USE[head]));
  return { ...Object.fromEntries(used), head };
}

/** Nothing that was asked for is silently left undone. */
function checkUse(options: RecipeOptions, head: HeadChoice): void {
  for (const [name, option] of Object.entries(WITHOUT_USE[head])) {
    const value = options[name as keyof RecipeOptions];
    if (value !== undefined && value !== false) throw withoutUse(option, head, String(value));
  }
}

function withoutUse(subject: string, head: HeadChoice, found: string): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject,
    expected: `nothing beside --head ${head}, which has no use for it`,
    found,
  });
}

type Input = (typeof INPUTS)[Quality][number];

function headsOf(head: HeadChoice): Input["heads"] {
  return head === "fusion" ? ["patchcore", "padim"] : [head];
}

/** The inputs that one of the wanted heads looks at. */
function inputsOf(quality: Quality, head: HeadChoice): Input[] {
  const wanted = headsOf(head);
  return INPUTS[quality]
    .map(({ size, heads }) => ({ size, heads: heads.filter((one) => wanted.includes(one)) }))
    .filter(({ heads }) => heads.length > 0);
}

function passOf(
  backbone: BackboneManifest,
  { grid, cells, ...pass }: InputRecipe,
  heads: Input["heads"],
  options: RecipeOptions,
): PassRecipe {
  return {
    ...pass,
    detectors: heads.map((head) => {
      const { embedding, ...detector } =
        head === "padim" ? padimDetector(backbone, options) : patchcoreDetector(backbone, options);
      return {
        grid,
        ...(cells !== undefined && { cells }),
        embedding: { ...embedding, ...placesOf({ ...(cells !== undefined && { cells }) }) },
        ...detector,
      };
    }),
  };
}

function padimDetector(
  backbone: BackboneManifest,
  { channels: wanted, seed = 0, padimWeight = 0.5, factors = "int16", statistics }: RecipeOptions,
): Omit<DetectorRecipe<PadimRecipe>, "grid"> {
  const total = totalChannels(backbone);
  const channels = checkChannels(wanted ?? Math.min(total, MOST_CHANNELS), total);
  const projection =
    channels === total ? null : { rows: channels, data: semiOrthogonal(channels, total, seededRandom(seed)) };
  return {
    embedding: {
      grid: "coarsest",
      neighbourhood: 1,
      scales: backbone.taps.map(({ scale }) => scale),
      channels: null,
      projection,
    },
    channels,
    weight: checkWeight(padimWeight),
    head: {
      kind: "padim",
      ridge: { relative: 0.4 },
      poolBelow: FEW_PICTURES,
      factors,
      ...(statistics === "shared" && { shared: true }),
    },
  };
}

function patchcoreDetector(
  backbone: BackboneManifest,
  { bank = BANK.rows, bankPrecision = "int8" }: RecipeOptions,
): Omit<DetectorRecipe<PatchcoreRecipe>, "grid"> {
  const rows = checkBank(bank);
  // A bank is chosen from at least as many patches as it has rows.
  const [pool, far] = [Math.max(BANK.pool, rows), Math.max(BANK.far, rows)];
  return {
    embedding: {
      grid: "coarsest",
      neighbourhood: 3,
      scales: backbone.taps.map(({ scale }) => scale),
      channels: null,
      projection: null,
    },
    channels: totalChannels(backbone),
    weight: 1,
    head: { kind: "patchcore", rows, pool, far, precision: bankPrecision },
  };
}

function turnedBelow(turned: boolean | undefined): number {
  if (turned === undefined) return FEW_PICTURES;
  return turned ? Number.MAX_SAFE_INTEGER : 0;
}

function checkBank(rows: number): number {
  if (Number.isInteger(rows) && rows >= 1 && rows <= MOST_ROWS) return rows;
  throw new BlemishError("OPTION_VALUE", {
    subject: "The size of the memory bank (--bank)",
    expected: `a whole number of patches from 1 to ${MOST_ROWS}`,
    found: String(rows),
  });
}

function checkWeight(weight: number): number {
  if (weight > 0 && weight <= 100) return weight;
  throw new BlemishError("OPTION_VALUE", {
    subject: "PaDiM's weight (--fusion)",
    expected: "a number above 0 and at most 100, where PatchCore's is 1",
    found: String(weight),
  });
}

function sizeText(size: number | Extent): string {
  return typeof size === "number" ? String(size) : `${size.width}x${size.height}`;
}

function bothSizes(size: number | Extent, quality: Quality): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The size (--size)",
    expected: "a size or a quality, because a quality has sizes of its own",
    found: `both: ${sizeText(size)} and ${quality}`,
  });
}
