/**
 * Anomalib 0.7's PaDiM (OpenCV's resize, channels drawn by Python's generator, ridge 0.01, the map's maximum) and its
 * PatchCore (layers 2 and 3, local means of 3 × 3, a share of all patches as bank, nine neighbours that weigh the score).
 */
import type { RecipeOptions } from "../../bundle/recipe-options.js";
import { BlemishError } from "../../errors.js";
import { MOST_NEIGHBOURS } from "../../kernels/memory-bank.js";
import { pythonRandom } from "../../python-random.js";
import { type BackboneManifest, backboneSteps } from "../../stages/backbone/manifest.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import { checkChannels, checkInput, totalChannels, wrongChannels } from "./recipe-parts.js";
import type { DetectorRecipe, Recipe } from "./recipe-types.js";

/** Anomalib's defaults by number of concatenated channels (ResNet-18 and Wide-ResNet-50-2). */
const DEFAULT_CHANNELS = new Map([
  [448, 100],
  [1792, 550],
]);

/** Layers of a ResNet that Anomalib's PatchCore looks at. */
const PATCHCORE_LAYERS: readonly string[] = ["layer2", "layer3"];

/** Anomalib's `coreset_sampling_ratio`. */
const CORESET = 0.1;

/** Bytes of the patches that a bank is chosen from at once; of more pictures in two stages. */
const POOL_BYTES = 400e6;

/** Patches of the second stage, at least. */
const FAR_PATCHES = 60_000;

/** Options that have no meaning in this profile. */
const FOREIGN = {
  quality: "--quality",
  bank: "--bank",
  bankPrecision: "--bank-precision",
  padimWeight: "--fusion",
  statistics: "--statistics",
  tile: "--tile",
  tileMargin: "--tile-margin",
  fit: "--fit",
  region: "A region (--roi, --ignore)",
  filters: "A filter (--min-area, --min-peak, --ignore-touching-border)",
  zones: "--zone",
  uncertainRate: "--uncertain",
  align: "--align",
};

/** Why samples are not mapped for it. */
const OWN_READER = "nothing beside --profile anomalib-0.7, which reads pictures as OpenCV does";

/** Options that have none with one of the heads. */
const FOREIGN_TO = {
  padim: { coreset: "--coreset" },
  patchcore: { channels: "--channels", factors: "--factors" },
} as const;

/** @throws OPTION_VALUE when an option does not fit the backbone or the profile. */
export function anomalibRecipe(whole: BackboneManifest, options: RecipeOptions): Recipe {
  const head = checkForeign(options);
  const backbone = anomalibBackbone(whole, options);
  const { seed = 42 } = options;
  const side = checkInput(options.size ?? 256, backbone);
  const size = typeof side === "number" ? { width: side, height: side } : side;
  const preprocessing = backboneSteps(backbone, size.width, size.height).map(
    (step): PreprocessStep => (step.type === "resize" ? { ...step, interpolation: "linear" } : step),
  );
  const stride = Math.min(...backbone.taps.map((tap) => tap.stride));
  const grid = { width: size.width / stride, height: size.height / stride };
  const detector =
    head === "padim" ? padimDetector(backbone, options, seed) : patchcoreDetector(backbone, options);
  return {
    profile: "anomalib-0.7",
    size,
    passes: [{ size, preprocessing, detectors: [{ ...detector, grid }] }],
    sigma: 4,
    ...(head === "patchcore" && { upsampling: "nearest" as const }),
    score: options.score ?? "max",
    validity: false,
    falseAlarmRate: options.falseAlarmRate ?? 0.05,
    threshold: "leave-one-out",
    turnedBelow: 0,
    seed,
    ignoreBorder: options.ignoreBorder ?? 0,
  };
}

/**
 * The backbone with the taps that the profile looks at: for PatchCore `layer2` and `layer3` where it has them. Others, of
 * which Anomalib has no default, are taken whole.
 */
export function anomalibBackbone(backbone: BackboneManifest, { head }: RecipeOptions): BackboneManifest {
  const taps = backbone.taps.filter(({ name }) => PATCHCORE_LAYERS.includes(name));
  return head === "patchcore" && taps.length === PATCHCORE_LAYERS.length ? { ...backbone, taps } : backbone;
}

type DetectorParts = Omit<DetectorRecipe, "grid">;

function padimDetector(
  backbone: BackboneManifest,
  { channels: wanted, factors = "int16" }: RecipeOptions,
  seed: number,
): DetectorParts {
  const total = totalChannels(backbone);
  const channels = wanted ?? DEFAULT_CHANNELS.get(total);
  if (channels === undefined)
    throw wrongChannels(total, "none was given, and Anomalib has no default for this backbone");
  return {
    embedding: {
      grid: "finest",
      neighbourhood: 1,
      scales: backbone.taps.map(() => 1),
      channels: pythonRandom(seed).sample(total, checkChannels(channels, total)),
      projection: null,
    },
    channels,
    weight: 1,
    head: { kind: "padim", ridge: { absolute: 0.01 }, poolBelow: 0, factors },
  };
}

function patchcoreDetector(
  backbone: BackboneManifest,
  { coreset = CORESET, score, ignoreBorder = 0 }: RecipeOptions,
): DetectorParts {
  const channels = totalChannels(backbone);
  // Another score than Anomalib's own is made of the map.
  const weighed = score === undefined;
  if (weighed && ignoreBorder > 0) throw borderOfPatches(ignoreBorder);
  return {
    embedding: {
      grid: "finest",
      neighbourhood: 3,
      scales: backbone.taps.map(() => 1),
      channels: null,
      projection: null,
    },
    channels,
    weight: 1,
    head: {
      kind: "patchcore",
      rows: { share: checkShare(coreset) },
      pool: Math.floor(POOL_BYTES / (4 * channels)),
      far: FAR_PATCHES,
      precision: "float32",
      ...(weighed && { neighbours: MOST_NEIGHBOURS }),
    },
  };
}

/** @returns the head. */
function checkForeign(options: RecipeOptions): "padim" | "patchcore" {
  const { head = "padim", turned = false, threshold = "leave-one-out" } = options;
  const given = (names: object) =>
    Object.entries(names).find(([name]) => options[name as keyof RecipeOptions] !== undefined)?.[1];
  if (head === "fusion")
    throw refused("--head", "padim or patchcore beside --profile anomalib-0.7, which has no fusion");
  const { range, bayer } = options.capture ?? {};
  if (range !== undefined) throw refused("--range", OWN_READER);
  if (bayer !== undefined) throw refused("--bayer", OWN_READER);
  if (options.validity === true)
    throw refused("validity", "nothing but false beside anomalib-0.7, which has no rules");
  if (options.score === "region")
    throw refused("--score", "max or top1% beside --profile anomalib-0.7, which knows no regions");
  const named = given(FOREIGN) ?? (turned ? "--turned" : undefined);
  const option = named ?? (threshold === "leave-one-out" ? undefined : "--threshold");
  if (option !== undefined) throw refused(option, "nothing beside --profile anomalib-0.7, which has none");
  const other = given(FOREIGN_TO[head]);
  if (other !== undefined)
    throw refused(other, `nothing beside --profile anomalib-0.7 with --head ${head}, which has none`);
  return head;
}

function refused(option: string, expected: string): BlemishError {
  return new BlemishError("OPTION_VALUE", { subject: option, expected, found: "a value" });
}

function checkShare(share: number): number {
  if (share > 0 && share <= 1) return share;
  throw new BlemishError("OPTION_VALUE", {
    subject: "The share of patches in the memory bank (--coreset)",
    expected: "a number above 0 and at most 1, such as 0.01",
    found: String(share),
  });
}

function borderOfPatches(border: number): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: "The ignored border (--ignore-border)",
    expected:
      "a score of the map beside it (--score), because Anomalib's is made of patches and not of pixels",
    found: String(border),
  });
}
