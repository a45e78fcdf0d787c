/**
 * `npm run demo`: draws parts with known defects, trains on the good ones, tests, and says what was found and where to
 * look. Everything goes into out/demo. Options: --kind KIND (one kind of part instead of all five), --seed N.
 * Plain JavaScript: it runs the built command line and nothing else.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";

const KINDS = ["washer", "cloth", "label", "cap", "pads"];
// From 50 pictures on every cell stands for itself, which is also faster.
const SET = ["--train", "60", "--good", "20", "--bad", "25", "--size", "256"];
/** Views that are written for each kind: parts with these defects. */
const SHOWN = ["scratch", "stain", "missing"];

const root = resolve(import.meta.dirname, "..");
const out = join(root, "out", "demo");
const main = join(root, "packages/cli/dist/main.js");

const { values } = parseArgs({
  options: { kind: { type: "string" }, seed: { type: "string", default: "0" } },
});
if (values.kind !== undefined && !KINDS.includes(values.kind)) {
  console.error(`--kind is one of ${KINDS.join(", ")}; found ${values.kind}.`);
  process.exit(64);
}
const kinds = values.kind === undefined ? KINDS : [values.kind];
// Two kinds at a time, each with half of the cores: while one waits for a file the other computes.
const SIDE_BY_SIDE = Math.min(2, kinds.length);
const workers = String(Math.max(1, Math.floor(availableParallelism() / SIDE_BY_SIDE)));

const started = performance.now();
console.log(
  `Drawing, learning and testing ${kinds.length === 1 ? `the ${kinds[0]}` : "five kinds of parts"} …`,
);
const queue = [...kinds];
const lines = new Map();
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
for (const kind of kinds) console.log(lines.get(kind));
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`Done in ${seconds} s. Open a report in a browser; heat maps are also in ${shown(out)}/*/views.`);

async function work() {
  for (let kind = queue.shift(); kind !== undefined; kind = queue.shift())
    lines.set(kind, await demonstrate(kind));
}

/** One kind from nothing to its line. */
async function demonstrate(kind) {
  const folder = join(out, kind);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [set, model, report] = ["set", `${kind}.blemish`, "report.html"].map((name) => join(folder, name));
  await blemish(
    "synth",
    kind,
    "--output",
    set,
    ...SET,
    "--seed",
    values.seed,
    "--workers",
    workers,
    "--quiet",
  );
  const trained = await blemish(
    ...["train", set, "--output", model, "--report", report, "--workers", workers],
    ...["--json", "--quiet"],
  );
  const parts = SHOWN.map((defect) => join(set, "test", defect)).map((path) =>
    join(path, readdirSync(path)[0]),
  );
  const views = join(folder, "views");
  await blemish("predict", model, ...parts, "--output", views, "--visualization-mode", "full", "--quiet");
  const { anomalous, escapes, good, falseAlarms } = JSON.parse(trained).evaluation;
  const found = `found ${anomalous - escapes} of ${anomalous} defects`;
  const alarms = `${falseAlarms} false ${falseAlarms === 1 ? "alarm" : "alarms"} in ${good} good parts`;
  return `${kind.padEnd(7)} ${found}, ${alarms}: ${shown(report)}`;
}

/** Runs the command line; gives what it prints. Exit code 1 means that something anomalous was found. */
function blemish(...args) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { out: "", err: "" };
    child.stdout.on("data", (chunk) => {
      printed.out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      printed.err += chunk;
    });
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0 || code === 1) done(printed.out);
      else fail(new Error(`blemish ${args[0]} failed (${code}):\n${printed.err}`));
    });
  }).catch((error) => {
    console.error(error.message);
    process.exit(2);
  });
}

function shown(path) {
  return relative(process.cwd(), path) || ".";
}
