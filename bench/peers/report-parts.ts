/** What the tables of a comparison are made of. */
import { type OverRounds, overRounds } from "@blemish/node";
import type { circumstances } from "../machine.js";
import type { PeerPlan } from "./peer-plans.js";
import type { Amount, Sections } from "./sections.js";

/** The whole JSON. */
export type PeerReport = ReturnType<typeof circumstances> & {
  readonly fromSources: boolean;
  readonly amount: Amount;
  readonly names: Readonly<
    Record<string, Pick<PeerPlan, "name" | "side" | "exact" | "reference" | "processes">>
  >;
  readonly peerVersions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Why peers took no part, by id. */
  readonly skipped: Readonly<Record<string, string>>;
  readonly sections: Sections;
};

/** Quicker than the base, round by round: "2.31 (2.20–2.45)". @param times true = less is quicker. */
export function ratioOf(own: readonly number[], base: readonly number[], times: boolean): OverRounds {
  const pairs = own.map((value, i) => [value, base[i] ?? Number.NaN] as const);
  return overRounds(pairs.map(([value, other]) => (times ? other / value : value / other)));
}

/** The exact peer of other sides whose figure is best. */
export function best(
  { names }: PeerReport,
  results: Readonly<Record<string, { readonly rounds: readonly number[] }>>,
  times: boolean,
  sides: readonly PeerPlan["side"][],
): { readonly id: string; readonly rounds: readonly number[] } | null {
  const able = Object.entries(results).filter(([id]) => names[id]?.exact && sides.includes(names[id].side));
  const value = (rounds: readonly number[]) => (times ? -overRounds(rounds).p50 : overRounds(rounds).p50);
  const sorted = able.toSorted(([, a], [, b]) => value(b.rounds) - value(a.rounds));
  const [first] = sorted;
  return first === undefined ? null : { id: first[0], rounds: first[1].rounds };
}

/** "2.31 (2.20–2.45)". */
export function spreadText({ min, p50, max }: OverRounds): string {
  return `${p50.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

/** Rows of cells as a Markdown table. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}
