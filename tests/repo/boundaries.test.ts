/** The import rules: the whole list. CONTRIBUTING.md says them in words. */
import { describe, expect, it } from "vitest";
import { type Import, importsOf, sourceFiles } from "./sources.js";

const CORE = "packages/core/src/";
const BASE = /^(errors|tensor|random|python-random|torch-random)\.ts$/;

/** What the files of each area of core may import besides the base and their own folder: functions, or types only. */
const AREAS: Record<string, { readonly functions: readonly string[]; readonly types: readonly string[] }> = {
  linalg: { functions: [], types: [] },
  kernels: { functions: [], types: [] },
  metrics: { functions: ["linalg/"], types: [] },
  onnx: { functions: [], types: [] },
  dataset: { functions: ["metrics/", "stages/image/"], types: [] },
  synth: { functions: ["stages/image/"], types: [] },
  stages: {
    functions: ["stages/image/", "stages/region/", "stages/decision/", "linalg/", "kernels/"],
    types: ["stages/", "anomalib/model-description.ts"],
  },
  anomalib: { functions: ["onnx/"], types: ["stages/"] },
  openvino: { functions: ["onnx/"], types: [] },
  checkpoint: {
    functions: ["anomalib/transform.ts"],
    types: ["anomalib/", "bundle/safetensors.ts", "stages/"],
  },
  // A manifest is checked, and arrays are laid out, by the stage that owns them.
  bundle: {
    functions: [
      "stages/backbone/manifest.ts",
      "stages/region/",
      "stages/image/capture.ts",
      "stages/padim/packed-gaussians.ts",
      "stages/padim/pack-gaussians.ts",
      "stages/padim/pack-whole.ts",
      "stages/patchcore/patch-bank.ts",
      "stages/validity/validity-rules.ts",
      "stages/alignment/alignment-model.ts",
    ],
    types: ["metrics/", "stages/", "anomalib/"],
  },
  backbones: {
    functions: ["onnx/", "bundle/safetensors.ts", "backbones/cut-graph.ts"],
    types: ["stages/"],
  },
  // Importing a model is a story too: its graph is recognised, cut and written.
  pipeline: {
    functions: [
      ...["pipeline/", "stages/", "metrics/", "bundle/", "kernels/", "linalg/"],
      ...["anomalib/", "backbones/", "checkpoint/", "onnx/"],
    ],
    types: [],
  },
};

/** Whether a file of core may import another: "types" = with `import type` only. */
function coreRule(from: string, to: string): "yes" | "types" | "no" {
  if (from === "index.ts" || BASE.test(to)) return "yes";
  if (BASE.test(from)) return "no";
  const folder = (path: string) => path.split("/").slice(0, -1).join("/");
  if (folder(from) === folder(to)) return "yes";
  const rule = AREAS[from.split("/")[0] ?? ""];
  if (rule?.functions.some((start) => to.startsWith(start))) return "yes";
  return rule?.types.some((start) => to.startsWith(start)) ? "types" : "no";
}

/** Which packages the sources of a package may name besides their declared dependencies. */
const WORKSPACE_IMPORTS: Record<string, readonly string[]> = {
  core: [],
  node: ["@blemish/core"],
  cli: ["@blemish/core", "@blemish/node"],
};

/** Heavy dependencies stand behind one door file each. */
const DOORS: Record<string, string> = {
  "onnxruntime-node": "packages/node/src/session/ort-session.ts",
  sharp: "packages/node/src/images/",
  commander: "packages/cli/src/",
};

function violations(from: string, { specifier, file, typeOnly }: Import): string[] {
  const problems: string[] = [];
  if (file !== null && from.startsWith(CORE)) {
    const rule = file.startsWith(CORE) ? coreRule(from.slice(CORE.length), file.slice(CORE.length)) : "no";
    if (rule === "no") problems.push(`${from} must not import ${specifier}`);
    if (rule === "types" && !typeOnly) problems.push(`${from} may import only types from ${specifier}`);
  }
  if (file !== null && file.split("/")[1] !== from.split("/")[1])
    problems.push(`${from} reaches into another package: ${specifier}`);
  if (file !== null || specifier.startsWith("node:")) {
    if (specifier.startsWith("node:") && from.startsWith(CORE)) problems.push(`${from} imports ${specifier}`);
    return problems;
  }
  const allowed = WORKSPACE_IMPORTS[from.split("/")[1] ?? ""];
  if (specifier.startsWith("@blemish/") && !allowed?.includes(specifier))
    problems.push(`${from} must not import ${specifier}`);
  if (from.startsWith(CORE)) problems.push(`core has no dependencies, but ${from} imports ${specifier}`);
  const door = DOORS[specifier];
  if (door !== undefined && !from.startsWith(door) && !typeOnly)
    problems.push(`${specifier} is imported in ${door} only, not in ${from}`);
  return problems;
}

describe("import rules", () => {
  it("finds sources to check", () => expect(sourceFiles().length).toBeGreaterThan(30));

  it("hold for every source file", () => {
    expect(sourceFiles().flatMap((from) => importsOf(from).flatMap((one) => violations(from, one)))).toEqual(
      [],
    );
  });

  it("catch a stage that calls its neighbour, and core that leaves its package", () => {
    const call = {
      specifier: "../visualise/jet.js",
      file: `${CORE}stages/visualise/jet.ts`,
      typeOnly: false,
    };
    expect(violations(`${CORE}stages/postprocess/x.ts`, call)).toHaveLength(1);
    expect(violations(`${CORE}stages/postprocess/x.ts`, { ...call, typeOnly: true })).toEqual([]);
    expect(
      violations(`${CORE}errors.ts`, { specifier: "node:fs", file: null, typeOnly: false }),
    ).toHaveLength(1);
    expect(
      violations("packages/node/src/a.ts", { specifier: "@blemish/cli", file: null, typeOnly: true }),
    ).toHaveLength(1);
  });
});
