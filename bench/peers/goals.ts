/** What was to be reached, and what was. */
import { QUALITIES } from "@blemish/core";
import { overRounds } from "@blemish/node";
import type { PictureSet } from "./places.js";
import { best, type PeerReport, ratioOf, spreadText, table } from "./report-parts.js";

/** A goal: a ratio that is to be reached, or a difference that is not to be exceeded. */
interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly reached: string;
  readonly met: boolean;
}

/** The goals that what was measured can answer. */
export function goalTable(report: PeerReport): string {
  const goals = [
    ...throughputGoals(report),
    ...latencyGoals(report),
    ...startGoals(report),
    ...scoreGoals(report),
    ...trainingGoals(report),
    ...sizeGoals(report),
  ];
  if (goals.length === 0) return "";
  const rows = goals.map(({ what, wanted, reached, met }) => [what, wanted, reached, met ? "yes" : "**no**"]);
  return `### Goals\n\n${table(["goal", "wanted", "reached", "met"], rows)}`;
}

const SETS = ["900", "256"] as const satisfies readonly PictureSet[];

/** Against Anomalib's best, and against the best that can be written in Python by hand. */
const OPPONENTS = [
  { words: "Anomalib's best in float32", sides: ["anomalib"] },
  { words: "the best Python in float32", sides: ["anomalib", "python"] },
] as const;

function throughputGoals(report: PeerReport): Goal[] {
  return SETS.flatMap((set) => {
    const results = report.sections.throughput?.results[set] ?? {};
    return OPPONENTS.flatMap(({ words, sides }) => {
      const base = best(report, results, false, sides);
      return [
        ratioGoal(
          `throughput, ${set} px, \`--engine fast\` / ${words}`,
          results["fast-engine"],
          base,
          false,
          2.5,
        ),
        ratioGoal(
          `throughput, ${set} px, PaDiM on its own backbone / ${words}`,
          results.padim,
          base,
          false,
          5,
        ),
        ratioGoal(`throughput, ${set} px, ResNet-18 int8 / ${words}`, results.int8, base, false, 5),
      ].flat();
    });
  });
}

function latencyGoals(report: PeerReport): Goal[] {
  return SETS.flatMap((set) => {
    const results = report.sections.latency?.results[set] ?? {};
    return OPPONENTS.flatMap(({ words, sides }) =>
      ratioGoal(
        `latency p50, ${set} px, ${words} / \`--engine fast\``,
        results["fast-engine"],
        best(report, results, true, sides),
        true,
        2,
      ),
    );
  });
}

function startGoals(report: PeerReport): Goal[] {
  const results = report.sections.start?.results ?? {};
  const base = best(report, results, true, ["anomalib"]);
  return [
    ratioGoal("start to first result, Anomalib's quickest / imported model", results.imported, base, true, 4),
    ratioGoal(
      "start to first result, Anomalib's quickest / `--engine fast`",
      results["fast-engine"],
      base,
      true,
      4,
    ),
  ].flat();
}

function scoreGoals({ sections: { scores } }: PeerReport): Goal[] {
  const results = scores?.results ?? {};
  const equal = (["onnx", "fast-engine", "imported", "fast-engine-270", "patchcore-270"] as const).flatMap(
    (id) => {
      const one = results[id];
      if (one?.maxRelative === undefined || one.maxRelative === null) return [];
      const reached = `${one.maxRelative.toExponential(1)}, ${one.flippedLabels} flipped labels`;
      const met = one.maxRelative <= 1e-4 && one.flippedLabels === 0;
      return [{ what: `scores of ${id} against Anomalib's own`, wanted: "≤ 1e-4 relative", reached, met }];
    },
  );
  const base = results["python-ort"]?.auroc;
  const lost = (["int8", "padim", "padim-int8", ...QUALITIES] as const).flatMap((id) => {
    const own = results[id]?.auroc;
    if (base === undefined || own === undefined) return [];
    const loss = base - own;
    return [
      {
        what: `image AUROC lost by ${id} against ResNet-18`,
        wanted: "≤ 0.005",
        reached: loss.toFixed(4),
        met: loss <= 0.005,
      },
    ];
  });
  return [...equal, ...lost];
}

function trainingGoals({ sections: { training } }: PeerReport): Goal[] {
  const seconds = (id: string) => training?.results[id]?.seconds;
  const base = seconds("a070");
  return (["resnet18", "padim", ...QUALITIES] as const).flatMap((id) => {
    const own = seconds(id);
    if (own === undefined || base === undefined) return [];
    return [plainGoal(`whole training, Anomalib 0.7.0 / ${id}`, base / own, 3)];
  });
}

function sizeGoals({ sections: { size } }: PeerReport): Goal[] {
  const base = size?.models.a070;
  return (["imported", "resnet18", "int8", "padim", ...QUALITIES] as const).flatMap((id) => {
    const own = size?.models[id];
    if (own === undefined || base === undefined) return [];
    return [plainGoal(`model file, Anomalib's ONNX / ${id}`, base / own, 4)];
  });
}

type Rounds = { readonly rounds: readonly number[] };

function ratioGoal(
  what: string,
  own: Rounds | undefined,
  base: Rounds | null,
  times: boolean,
  wanted: number,
): Goal[] {
  if (own === undefined || base === null) return [];
  const ratio = ratioOf(own.rounds, base.rounds, times);
  return [{ what, wanted: `≥ ${wanted}`, reached: spreadText(ratio), met: ratio.p50 >= wanted }];
}

function plainGoal(what: string, ratio: number, wanted: number): Goal {
  const { p50 } = overRounds([ratio]);
  return { what, wanted: `≥ ${wanted}`, reached: p50.toFixed(2), met: p50 >= wanted };
}
