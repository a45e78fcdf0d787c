/** `--quality auto` and `--fusion auto`: what is measured decides, and the report shows the table. */
import type { RecipeOptions } from "@blemish/core";
import {
  chooseFusion,
  chooseQuality,
  type FusionChoice,
  findImages,
  type QualityChoice,
  type TrainOptions,
} from "@blemish/node";
import type { TrainRequest } from "../options/train-options.js";
import type { Talk } from "../output/talk.js";
import type { Section } from "../report/section.js";

/** What was chosen and what spoke for it. */
export interface ChosenRecipe {
  readonly options: Pick<RecipeOptions, "quality" | "padimWeight">;
  readonly quality: QualityChoice | null;
  readonly fusion: FusionChoice | null;
  /** For the report; null when nothing was to be chosen. */
  readonly section: Section | null;
}

/** Nothing was to be chosen. */
const GIVEN: ChosenRecipe = { options: {}, quality: null, fusion: null, section: null };

/**
 * Chooses what the request leaves open.
 * @throws BlemishError OPTION_VALUE when no quality is quick enough, and as a training.
 */
export async function chooseRecipe(
  { choice }: Pick<TrainRequest, "choice">,
  goods: readonly string[],
  { onProgress: _onProgress, addTo: _addTo, ...options }: TrainOptions,
  talk: Talk,
): Promise<ChosenRecipe> {
  if (choice.maxMs !== null) {
    const bad = choice.bad.length === 0 ? [] : (await findImages([...choice.bad])).map(({ path }) => path);
    const onProgress = (_: string, done: number, total: number) => talk.stages.at("Comparing", done, total);
    const quality = await chooseQuality(goods, { ...options, maxMs: choice.maxMs, bad, onProgress });
    const chosen = quality.candidates.find((one) => one.quality === quality.quality);
    const fusion = choice.fusion ? (chosen?.fusion ?? null) : null;
    return {
      options: { quality: quality.quality, ...weightOf(fusion) },
      quality,
      fusion,
      section: qualitySection(quality, choice.maxMs),
    };
  }
  if (!choice.fusion) return GIVEN;
  talk.stages.at("Comparing", 0, 1);
  const fusion = await chooseFusion(goods, options);
  return { options: weightOf(fusion), quality: null, fusion, section: fusion && fusionSection(fusion) };
}

function weightOf(fusion: FusionChoice | null): Pick<RecipeOptions, "padimWeight"> {
  return fusion === null ? {} : { padimWeight: fusion.weight };
}

function qualitySection(choice: QualityChoice, maxMs: number): Section {
  const { candidates, decided, by, nested, pictures } = choice;
  const rows = candidates.map(({ quality, ms, bytes, affordable, pasted, real }) => {
    const cost = `${ms.toFixed(1)} ms, ${(bytes / 1e6).toFixed(1)} MB`;
    if (!affordable) return [quality, `${cost}: slower than ${maxMs} ms`] as const;
    const found = [
      ...(pasted === null ? [] : [`pasted defects ${figure(pasted)}`]),
      ...(real === null ? [] : [`real defects ${figure(real)}`]),
    ];
    return [quality, `${cost}; AUROC of ${found.join(", ")}`] as const;
  });
  const what = by === "real" ? "real defects" : "defects pasted into them";
  const verdict = decided
    ? `Quality ${choice.quality} was chosen: the difference is beyond doubt (95 %).`
    : `Quality ${choice.quality} was taken: the evidence does not decide, and it found most on other data sets.`;
  return {
    title: "How the quality was chosen",
    rows,
    remarks: [
      `Compared on ${pictures} good pictures that did not take part in these trainings, and ${what}.`,
      verdict,
      ...(Number.isNaN(nested) || candidates.filter(({ affordable }) => affordable).length < 2
        ? []
        : [
            `A choice made like this is worth an AUROC of ${nested.toFixed(3)} on pictures that it was not made on.`,
          ]),
    ],
  };
}

function fusionSection({
  weight,
  padim,
  patchcore,
  interval,
  decided,
  pictures,
  defects,
}: FusionChoice): Section {
  const [low, high] = interval.map((value) => value.toFixed(3));
  return {
    title: "How PaDiM's weight was chosen",
    rows: [
      ["PaDiM alone", `AUROC ${padim.toFixed(3)}`],
      ["PatchCore alone", `AUROC ${patchcore.toFixed(3)}`],
      ["Difference", `${low} to ${high} (95 %)`],
      ["Weight of PaDiM", `${weight} beside PatchCore's 1`],
    ],
    remarks: [
      `Told from ${pictures} good pictures that did not take part in this training, and ${defects} defects pasted into them.`,
      ...(decided ? [] : ["The evidence does not decide: the interval holds 0."]),
    ],
  };
}

function figure({
  auroc,
  interval: [low, high],
}: {
  auroc: number;
  interval: readonly [number, number];
}): string {
  return `${auroc.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
