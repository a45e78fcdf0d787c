/** `--learning-curve`: what more pictures would bring, as a section of the report and for the terminal. */
import type { LearningCurve } from "@blemish/node";
import type { Section } from "../report/section.js";
import { counted } from "../report-page/rate-words.js";

/** The section. */
export function learningCurveSection({
  points,
  gain,
  gainInterval,
  verdict,
  held,
  defects,
}: LearningCurve): Section {
  const rows = points.map(({ pictures, auroc, interval: [low, high] }) => {
    const area = `AUROC ${auroc.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
    return [counted(pictures, "picture"), area] as const;
  });
  const [low, high] = gainInterval.map(signed);
  return {
    title: "What more pictures would bring",
    rows: [...rows, ["Gain of the last step", `${signed(gain)} (${low} to ${high}, 95 %)`]],
    remarks: [
      `Told from ${counted(held, "good picture")} that took no part in these trainings, and ${counted(defects, "defect")} pasted into them.`,
      VERDICTS[verdict],
    ],
  };
}

const VERDICTS = {
  helps: "More pictures still help: take more, of all shifts and lots.",
  enough:
    "More pictures like these would hardly find more defects; they would tighten the promise of the threshold.",
  open: "These pictures do not tell whether more of them would find more defects.",
} as const satisfies Record<LearningCurve["verdict"], string>;

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}
