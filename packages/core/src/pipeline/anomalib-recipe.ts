/** Anomalib 0.7's PaDiM: OpenCV's resize, channels drawn by Python's generator, ridge 0.01, the map's maximum. */
import type { RecipeOptions } from "../bundle/recipe-options.js";
import { BlemishError } from "../errors.js";
import { pythonRandom } from "../python-random.js";
import { type BackboneManifest, backboneSteps } from "../stages/backbone/manifest.js";
import type { PreprocessStep } from "../stages/preprocess/steps.js";
import { checkChannels, checkSize, totalChannels, wrongChannels } from "./recipe-parts.js";
import type { Recipe } from "./recipe-types.js";

/** Anomalib's defaults by number of concatenated channels (ResNet-18 and Wide-ResNet-50-2). */
const DEFAULT_CHANNELS = new Map([
  [448, 100],
  [1792, 550],
]);

/** Options that have no meaning in this profile. */
const FOREIGN = {
  quality: "--quality",
  bank: "--bank",
  bankPrecision: "--bank-precision",
  padimWeight: "--fusion",
};

/** @throws OPTION_VALUE when an option does not fit the backbone or the profile. */
export function anomalibRecipe(backbone: BackboneManifest, options: RecipeOptions): Recipe {
  checkForeign(options);
  const { seed = 42 } = options;
  const side = checkSize(options.size ?? 256, backbone);
  const total = totalChannels(backbone);
  const channels = options.channels ?? DEFAULT_CHANNELS.get(total);
  if (channels === undefined)
    throw wrongChannels(total, "none was given, and Anomalib has no default for this backbone");
  const preprocessing = backboneSteps(backbone, side, side).map(
    (step): PreprocessStep => (step.type === "resize" ? { ...step, interpolation: "linear" } : step),
  );
  const cells = side / Math.min(...backbone.taps.map(({ stride }) => stride));
  const size = { width: side, height: side };
  const embedding = {
    grid: "finest",
    neighbourhood: 1,
    scales: backbone.taps.map(() => 1),
    channels: pythonRandom(seed).sample(total, checkChannels(channels, total)),
    projection: null,
  } as const;
  const factors = options.factors ?? "int16";
  const head = { kind: "padim", ridge: { absolute: 0.01 }, poolBelow: 0, factors } as const;
  const detector = { embedding, channels, grid: { width: cells, height: cells }, weight: 1, head };
  return {
    profile: "anomalib-0.7",
    size,
    passes: [{ size, preprocessing, detectors: [detector] }],
    sigma: 4,
    score: options.score ?? "max",
    falseAlarmRate: options.falseAlarmRate ?? 0.05,
    threshold: "leave-one-out",
    turnedBelow: 0,
    seed,
    ignoreBorder: options.ignoreBorder ?? 0,
  };
}

function checkForeign(options: RecipeOptions): void {
  const { head = "padim", turned = false, threshold = "leave-one-out" } = options;
  const named = Object.entries(FOREIGN).find(([name]) => options[name as keyof RecipeOptions] !== undefined);
  if (named !== undefined) throw foreign(named[1]);
  if (head !== "padim") throw foreign("--head");
  if (turned) throw foreign("--turned");
  if (threshold !== "leave-one-out") throw foreign("--threshold");
}

function foreign(option: string): BlemishError {
  return new BlemishError("OPTION_VALUE", {
    subject: option,
    expected: "nothing beside --profile anomalib-0.7, which is Anomalib's PaDiM",
    found: "a value",
  });
}
