/** The Python environments of the peers: made from the pinned requirements beside this file when they are missing. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Names of the environments, and what each is made from. */
export const ENVIRONMENTS = {
  a070: "requirements-anomalib-0.7.0.txt",
  a270: "requirements-anomalib-2.7.0.txt",
} as const;

/** One of them. */
export type EnvironmentName = keyof typeof ENVIRONMENTS;

/** The Python that both were tested with. */
const PYTHON = "3.11";

/**
 * Makes the environment in `folder/name` unless it is there; with uv where it is installed, else with venv and pip.
 * About 90 seconds and 5 to 8 GB each.
 * @returns its interpreter.
 */
export function ensureEnvironment(folder: string, name: EnvironmentName): string {
  const place = join(folder, name);
  const python = join(place, "bin/python");
  if (existsSync(python)) return python;
  const requirements = join(import.meta.dirname, ENVIRONMENTS[name]);
  console.error(`making ${place} …`);
  if (hasUv()) {
    run("uv", "venv", "-p", PYTHON, place);
    run("uv", "pip", "install", "-p", python, "--no-deps", "-r", requirements);
  } else {
    run(`python${PYTHON}`, "-m", "venv", place);
    run(python, "-m", "pip", "install", "--no-deps", "-r", requirements);
  }
  return python;
}

function hasUv(): boolean {
  try {
    execFileSync("uv", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
}
