/**
 * The packages as a stranger meets them: built, packed, unpacked into an empty folder, imported by plain Node and
 * type-checked. Only what a package declares as its dependency can be found there.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../repo/sources.js";

const folder = mkdtempSync(join(tmpdir(), "blemish-stranger-"));
const run = (command: string, args: string[], cwd = folder) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

beforeAll(() => {
  run("npx", ["tsc", "-b"], ROOT);
  for (const workspace of ["packages/core", "packages/node", "packages/cli", "backbones/efficientnet-lite0"])
    install(workspace);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Packs a workspace and unpacks it where a package manager would put it, with links to its declared dependencies. */
function install(workspace: string): void {
  const packed = JSON.parse(
    run("npm", ["pack", "--json", "--pack-destination", folder, "-w", workspace], ROOT),
  );
  const entry = Array.isArray(packed) ? packed[0] : Object.values(packed)[0];
  const unpacked = mkdtempSync(join(tmpdir(), "blemish-pack-"));
  run("tar", ["xzf", join(folder, entry.filename.replace(/^@/, "").replace("/", "-")), "-C", unpacked]);
  const { name } = JSON.parse(readFileSync(join(unpacked, "package/package.json"), "utf8"));
  const target = join(folder, "node_modules", name);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(unpacked, "package"), target, { recursive: true });
  rmSync(unpacked, { recursive: true });
  const { dependencies = {} } = JSON.parse(readFileSync(join(target, "package.json"), "utf8"));
  for (const dependency of Object.keys(dependencies)) {
    if (dependency.startsWith("@blemish/")) continue;
    link(dependency);
  }
}

function link(dependency: string): void {
  const path = join(folder, "node_modules", dependency);
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  symlinkSync(join(ROOT, "node_modules", dependency), path, "dir");
}

describe("the packed packages", () => {
  it("hold the built code, its types and the licence, and no tests", () => {
    for (const name of ["core", "node", "cli"]) {
      const files = readdirSync(join(folder, "node_modules/@blemish", name), { recursive: true }).map(String);
      expect(files).toContain("LICENSE");
      expect(files).toContain(name === "cli" ? "dist/main.js" : "dist/index.d.ts");
      // npm links a command when it installs, in this repository before anything is built.
      if (name === "cli") expect(files).toContain("bin/blemish.js");
      expect(files.filter((file) => /\.test\.|tsbuildinfo/.test(file))).toEqual([]);
    }
  });

  it("are imported by plain Node", () => {
    writeFileSync(
      join(folder, "use.mjs"),
      `import { BlemishError, preProcess } from "@blemish/core";
       import { open, readImage } from "@blemish/node";
       const image = await readImage({ data: new Uint8Array(12), width: 2, height: 2, channels: 3 });
       const tensor = preProcess(image, [{ type: "toFloat", maxValue: 255 }]);
       const error = await open("missing.onnx").catch((e) => e);
       console.log(tensor.shape.join(), error instanceof BlemishError, error.code);`,
    );
    expect(run("node", ["use.mjs"]).trim()).toBe("1,3,2,2 true MODEL_NOT_FOUND");
  });

  it("are typed", () => {
    writeFileSync(
      join(folder, "use.ts"),
      `import { open, type Model } from "@blemish/node";
       import type { ImageResult } from "@blemish/core";
       export async function judge(): Promise<number> {
         const model: Model = await open("model.onnx", { workers: 1 });
         const result: ImageResult = await model.predict("part.png");
         // @ts-expect-error an unknown option is a type error
         await open("model.onnx", { worker: 1 });
         return result.predScore;
       }`,
    );
    const compilerOptions = {
      noEmit: true,
      strict: true,
      module: "nodenext",
      target: "es2022",
      types: ["node"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    // Whoever writes TypeScript for Node has its types.
    link("@types/node");
    link("undici-types");
    expect(run("node", [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder])).toBe("");
  });

  it("bring a command that runs", () => {
    const main = join(folder, "node_modules/@blemish/cli/bin/blemish.js");
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(run("node", [main, "--version"]).trim()).toBe(version);
  });
});
