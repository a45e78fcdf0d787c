/**
 * Kills `blemish train` with SIGKILL at random moments while it replaces a model, and looks at what is left each time:
 * the old model or the new one, whole. Run: node --conditions=blemish-source --import tsx bench/kill-train.ts [KILLS] [SEED]
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { seededRandom } from "@blemish/core";
import { readTrainedModel, writeSynthSet } from "@blemish/node";

const ROOT = resolve(import.meta.dirname, "..");

/** How often each outcome was seen. */
export interface KillCounts {
  /** The old model was there. */
  old: number;
  /** The new model was there: the kill came too late, or between writing and the end. */
  new: number;
  /** Anything else: must stay 0. */
  broken: number;
  /** Hidden temporary files that were left behind; they are never taken for a model. */
  leftovers: number;
}

/**
 * Runs the kills, evenly spread at random over the time that a whole training takes.
 * @param say told after every kill.
 */
export async function killTrain(kills: number, seed: number, say = (_: string) => {}): Promise<KillCounts> {
  const folder = await mkdtemp(join(tmpdir(), "blemish-kill-"));
  const model = join(folder, "out", "part.blemish");
  const counts: KillCounts = { old: 0, new: 0, broken: 0, leftovers: 0 };
  try {
    for (const [name, set] of [["a", 1] as const, ["b", 2] as const]) {
      const size = { train: 6, testGood: 0, testBad: 0, width: 48, height: 48 };
      await writeSynthSet("cap", join(folder, name), { seed: set, ...size, workers: 1 });
    }
    const started = performance.now();
    const hashes: string[] = [];
    for (const name of ["b", "a"]) {
      await train(join(folder, name), model, null);
      hashes.push(await hashOf(model));
    }
    const duration = (performance.now() - started) / 2;
    const random = seededRandom(seed);
    for (let i = 1; i <= kills; i++) {
      const delay = random.range(0, 1.05 * duration);
      await train(join(folder, "b"), model, delay);
      const state = await stateOf(model, hashes);
      counts[state]++;
      counts.leftovers += await clearLeftovers(join(folder, "out"));
      say(`${i}/${kills}: killed after ${Math.round(delay)} of ${Math.round(duration)} ms: ${state}`);
      // The next kill shall again find the old model.
      if (state !== "old") await train(join(folder, "a"), model, null);
    }
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One training as a process, killed after `delay` ms unless null. */
function train(set: string, model: string, delay: number | null): Promise<void> {
  const flags = ["--conditions=blemish-source", "--import", "tsx", join(ROOT, "packages/cli/src/main.ts")];
  const args = ["train", set, "--output", model, "--size", "64", "--workers", "1", "--no-report", "--quiet"];
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...flags, ...args], { cwd: ROOT, stdio: "ignore" });
    const timer = delay === null ? null : setTimeout(() => child.kill("SIGKILL"), delay);
    child.on("error", fail);
    child.on("close", (code) => {
      if (timer !== null) clearTimeout(timer);
      if (delay === null && code !== 0) fail(new Error(`train ended with ${code}`));
      else done();
    });
  });
}

async function stateOf(
  model: string,
  [newer, older]: readonly string[],
): Promise<Exclude<keyof KillCounts, "leftovers">> {
  const hash = await hashOf(model).catch(() => "");
  if (hash !== newer && hash !== older) return "broken";
  await readTrainedModel(model);
  return hash === newer ? "new" : "old";
}

async function hashOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

async function clearLeftovers(folder: string): Promise<number> {
  const left = (await readdir(folder)).filter((name) => name.endsWith(".tmp"));
  for (const name of left) await rm(join(folder, name));
  return left.length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [kills = "50", seed = "1"] = process.argv.slice(2);
  console.log(await killTrain(Number(kills), Number(seed), (line) => console.log(line)));
}
