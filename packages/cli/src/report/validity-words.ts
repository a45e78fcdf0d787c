/** Which pictures a model judges and how it aligns them, in words: for `inspect`, the report and the end of a training. */
import type { AlignmentRules, RuleName, TrainedManifest, ValidityRule } from "@blemish/core";
import { counted, scoreText } from "../report-page/rate-words.js";

type Row = readonly [name: string, value: string];

/** What each rule looks at. */
const MEASURES: Record<RuleName, string> = {
  shape: "width over height",
  size: "longer side, pixels",
  brightness: "mean brightness",
  black: "share of black pixels",
  white: "share of white pixels",
  contrast: "contrast",
  colour: "difference of the channels",
  sharpness: "sharpness",
  likeness: "likeness to the mean good picture",
  place: "distance from the good parts' place, in sides of the picture",
};

/** One row for each rule, one for the rules that were not learnt, one for the alignment. */
export function validityRows({
  validity,
  alignment,
}: Pick<TrainedManifest, "validity" | "alignment">): Row[] {
  const rules =
    validity?.rules.map((rule): Row => [`Judged if: ${MEASURES[rule.rule]}`, ruleText(rule)]) ?? [];
  const reasons = new Map<string, string[]>();
  for (const { rule, reason } of validity?.notLearnt ?? [])
    reasons.set(reason, [...(reasons.get(reason) ?? []), rule]);
  const none = Array.from(reasons, ([reason, names]): Row => [`No rule for ${names.join(", ")}`, reason]);
  return [...rules, ...none, ...(alignment === undefined ? [] : alignmentRows(alignment))];
}

function ruleText({ low, high, good, outside }: ValidityRule): string {
  const limits =
    low === null
      ? `up to ${number(high)}`
      : high === null
        ? `from ${number(low)}`
        : `${number(low)} to ${number(high)}`;
  const range = good.low === good.high ? number(good.low) : `${number(good.low)} to ${number(good.high)}`;
  const odd = outside === undefined ? "" : `; ${counted(outside, "good picture")} outside`;
  return `${limits} (good pictures: ${range}${odd})`;
}

function alignmentRows({ mode, pictures, least, good }: AlignmentRules): Row[] {
  const turned = mode === "rigid" ? `, turned by at most ${number(good.degrees)}°` : "";
  return [
    [
      "Aligned",
      `${mode}, to the mean of ${counted(pictures, "good picture")}; they lay at most ${(100 * good.shift).toFixed(1)} % of a side away${turned}`,
    ],
    [
      "Judged if aligned",
      `with a confidence from ${number(least)} (good pictures: from ${number(good.lowest)}, median ${number(good.median)})`,
    ],
  ];
}

/** What a training says of them; no line for a model without. */
export function validityLines({
  validity,
  alignment,
}: Pick<TrainedManifest, "validity" | "alignment">): string[] {
  const odd = validity?.rules.filter(({ outside }) => outside !== undefined) ?? [];
  return [
    ...(validity === undefined
      ? []
      : [
          `Pictures that are not taken like these are not judged (${validity.rules.length} rules; --no-validity learns none).`,
        ]),
    ...odd.map(
      ({ rule, outside }) =>
        `${counted(outside ?? 0, "training picture")} would not be judged by the rule ${rule}. Is every one as it should be?`,
    ),
    ...(alignment === undefined
      ? []
      : [
          `Every picture is aligned first (${alignment.mode}); regions and zones are places of the aligned part.`,
        ]),
  ];
}

function number(value: number | null): string {
  return value === null ? "" : scoreText(value);
}
