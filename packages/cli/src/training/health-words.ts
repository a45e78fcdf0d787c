/** What the health check found, for a terminal. */
import type { HealthFinding, HealthReport } from "@blemish/core";
import { type OutputStream, paint, printable } from "../terminal.js";

/** Paths that are listed with a finding. */
const LISTED = 5;

const COLOURS = { error: "red", warning: "yellow", note: "dim" } as const;

/** A line for each finding and one for its pictures; "" for none. */
export function healthWords({ findings }: Pick<HealthReport, "findings">, stream: OutputStream): string {
  return findings.map((finding) => findingWords(finding, stream)).join("\n");
}

function findingWords({ severity, kind, message, paths }: HealthFinding, stream: OutputStream): string {
  const head = `${paint(stream, COLOURS[severity], `${severity}:`)} ${printable(message)}`;
  // A single unreadable picture is named by its own message.
  if (paths.length === 0 || (kind === "unreadable" && paths.length === 1)) return head;
  const names = paths.slice(0, LISTED).map(printable).join(", ");
  const more = paths.length > LISTED ? ` and ${paths.length - LISTED} more` : "";
  return `${head}\n  ${names}${more}`;
}

/** Paths that cannot be read, and so cannot be used. */
export function unreadablePaths({ findings }: Pick<HealthReport, "findings">): Set<string> {
  return new Set(findings.flatMap(({ kind, paths }) => (kind === "unreadable" ? paths : [])));
}
