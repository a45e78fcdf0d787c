/** The memory that a process and its children hold together, looked at a few times a second. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 200;

/** Watches a process until the returned function is called, which gives the peak in bytes; null where it cannot tell. */
export function watchMemory(pid: number): () => number | null {
  let peak: number | null = null;
  const look = () => {
    const now = treeBytes(pid);
    if (now !== null) peak = Math.max(peak ?? 0, now);
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** Proportional set size of the tree: pages that processes share are counted once. */
function treeBytes(pid: number): number | null {
  const own = proportionalBytes(pid);
  if (own === null) return null;
  return childrenOf(pid).reduce((sum, child) => sum + (treeBytes(child) ?? 0), own);
}

function proportionalBytes(pid: number): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(text)?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
