/** The library example of the README, word for word: it compiles, it runs, it says what it should. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderPart } from "@blemish/core";
import { encodePng } from "@blemish/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT, read } from "../repo/sources.js";

// Inside the checkout, where the packages are found; git ignores it.
const folder = join(ROOT, "out", `readme-${process.pid}`);

beforeAll(async () => {
  mkdirSync(join(folder, "good"), { recursive: true });
  const png = async (name: string, ...part: Parameters<typeof renderPart>) =>
    writeFileSync(join(folder, name), await encodePng(renderPart(...part).image));
  for (let seed = 0; seed < 8; seed++) await png(`good/${seed}.png`, "cap", { seed, width: 96, height: 96 });
  const defect = { type: "missing" as const, size: 0.35, contrast: 1 };
  await png("new.png", "cap", { seed: 20, width: 96, height: 96, defect });
  await png("a.png", "cap", { seed: 3, width: 96, height: 96 });
  writeFileSync(join(folder, "b.png"), "no picture");
});
afterAll(() => rmSync(folder, { recursive: true }));

it("the README's library example compiles and runs", () => {
  const example = /```ts\n([\s\S]*?)```/.exec(read("README.md"))?.[1];
  expect(example).toContain("trainModel");
  writeFileSync(join(folder, "example.ts"), example as string);
  const compilerOptions = { composite: false, noEmit: true, lib: ["ES2023"], types: ["node"] };
  // The packages are read as sources here; core's list of the names it takes from its surroundings belongs to them.
  const files = ["example.ts", join(ROOT, "packages/core/src/globals.d.ts")];
  const config = { extends: join(ROOT, "tsconfig.base.json"), compilerOptions, files };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const run = (args: string[]) => execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  expect(run([join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder])).toBe("");

  const lines = run(["--conditions=blemish-source", "--import", "tsx", "example.ts"]).trim().split("\n");
  expect(lines[0]).toMatch(/^[\d.]+ 0\.\d+$/);
  expect(lines[1]).toMatch(/^anomalous 1 /);
  expect(lines.slice(-2)).toEqual(["a.png good", "b.png IMAGE_FORMAT"]);
});
