/** The pictures of a test that could not be judged, counted by the reason. */
import type { FailedItem } from "@blemish/node";
import { counted } from "../report-page/rate-words.js";

/** One line for each reason, the most frequent first; "" when every picture was judged. */
export function unjudgedText(failed: readonly FailedItem[]): string {
  if (failed.length === 0) return "";
  const counts = new Map<string, number>();
  for (const one of failed) {
    const reason = reasonOf(one);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const rows = Array.from(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `  ${String(count).padStart(6)}  ${reason}`);
  return [`Not judged, and in no figure: ${counted(failed.length, "picture")}`, ...rows].join("\n");
}

/** The error's code and, where rules were broken, which. */
function reasonOf({ error }: FailedItem): string {
  const broken = error.evidence?.filter(({ ok }) => !ok).map(({ rule }) => rule) ?? [];
  return broken.length === 0 ? error.code : `${error.code}: ${broken.join(", ")}`;
}
