/** Filters, zones and the grey zone of a model in words: for `inspect` and the report. */
import type { DecisionZone, TrainedManifest } from "@blemish/core";
import { ofHundred, scoreText } from "../report-page/rate-words.js";
import { printable } from "../terminal.js";

type Row = readonly [name: string, value: string];

/** Rows about what decides besides the threshold; none for a model without filters, zones and grey zone. */
export function decisionWords({
  decision,
  calibration,
  size,
}: Pick<TrainedManifest, "decision" | "calibration" | "size">): Row[] {
  const { uncertain, imageThreshold } = calibration;
  const grey: Row[] =
    uncertain === undefined
      ? []
      : [
          [
            "Uncertain",
            `from ${scoreText(uncertain.imageThreshold)} up to the image threshold; asked for ${ofHundred(uncertain.askedRate)}, ${ofHundred(uncertain.expectedRate)} expected, with 95 % confidence at most ${ofHundred(uncertain.guaranteedRate, "up")}`,
          ],
        ];
  if (decision === undefined) return grey;
  const pixels = size.width * size.height;
  return [
    ...grey,
    ...decision.zones.map((zone): Row => {
      if (zone.name === "") return ["Regions that count", filterText(zone) || "all"];
      const threshold = scoreText((imageThreshold * zone.unit) / zone.weight);
      const share = `${((100 * pixelsOf(zone)) / pixels).toFixed(1)} % of the map`;
      const weight = zone.weight === 1 ? [] : [`weight ${zone.weight}`];
      const filter = filterText(zone);
      const parts = [`threshold ${threshold}`, share, ...weight, ...(filter === "" ? [] : [filter])];
      return [`Zone ${printable(zone.name)}`, parts.join(", ")];
    }),
  ];
}

function filterText({ minArea, minPeak, ignoreTouchingBorder }: DecisionZone): string {
  return [
    ...(minArea > 0 ? [`at least ${scoreText(minArea)} pixels of the map`] : []),
    ...(minPeak > 0.5 ? [`a peak of at least ${minPeak} (0.5 = threshold)`] : []),
    ...(ignoreTouchingBorder ? ["not touching the border"] : []),
  ].join(", ");
}

function pixelsOf({ runs }: DecisionZone): number {
  return runs.reduce((sum, at, i) => sum + (i % 2 === 0 ? -at : at), 0);
}
