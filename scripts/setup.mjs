/**
 * Makes a fresh clone ready: installs the locked packages when they are missing or older than the lock file; with
 * `--build` compiles the packages; with `--browser` provides a browser for the report's tests where it may (as root on
 * Debian) and says so where it may not. Does nothing when everything is there. Needs only Node and npm.
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
if (process.argv.includes("--browser")) provideBrowser();

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

function provideBrowser() {
  const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const places = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : usual;
  if (places.some((place) => existsSync(place))) return;
  const may = process.getuid?.() === 0 && existsSync("/etc/debian_version");
  if (may) {
    console.log("Installing Debian's Chromium for the browser tests …");
    const options = {
      stdio: "ignore",
      timeout: 300_000,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    try {
      execFileSync("apt-get", ["update"], options);
      execFileSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], options);
    } catch {
      // Said below: tests that need a browser are skipped.
    }
  }
  if (!existsSync(browser))
    console.log(`No browser at ${browser}: the tests that open the report in one are skipped.`);
}
