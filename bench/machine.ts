/** Where and when something was measured: what a result needs to be compared with another one. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem, type } from "node:os";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");

/** Machine, versions, date and commit; the load is that of the last minute, before anything is measured. */
export function circumstances() {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      os: type(),
      loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    },
    versions: { node: process.version.slice(1), ...versionsOf("onnxruntime-node", "sharp") },
  };
}

/** The commit, with "+" when the tree differs from it; null outside of git. */
function commit(): string | null {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+");
  } catch {
    return null;
  }
}

function versionsOf(...packages: string[]): Record<string, string> {
  const read = (name: string) => readFileSync(resolve(ROOT, "node_modules", name, "package.json"), "utf8");
  return Object.fromEntries(packages.map((name) => [name, JSON.parse(read(name)).version]));
}
