/**
 * Makes a fresh clone ready: installs the locked packages when they are missing or older than the lock file, and
 * with `--build` compiles the packages. Does nothing when everything is there. Needs only Node and npm.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const lock = resolve(root, "package-lock.json");
const installed = resolve(root, "node_modules/.package-lock.json");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`Blemish needs Node 20.11 or newer; this is ${process.version}.`);
  process.exit(1);
}

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.log("Installing the locked packages (npm ci) …");
  npm("ci");
}
if (process.argv.includes("--build")) npm("run", "--silent", "build");

function npm(...args) {
  // The ONNX Runtime package would otherwise try to download GPU libraries that Blemish does not use.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  const { name } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
  try {
    execFileSync("npm", args, { cwd: root, env, stdio: "inherit", shell: process.platform === "win32" });
  } catch {
    console.error(`${name}: "npm ${args.join(" ")}" failed; its output is above.`);
    process.exit(1);
  }
}
