/** Words that can drift from the code: generated pages, the dependency list, the map of the house, links. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderDocs } from "../../scripts/render-docs.js";
import { ROOT, read, repositoryFiles } from "./sources.js";

describe("generated pages", () => {
  for (const [path, text] of Object.entries(renderDocs())) {
    it(`${path} says what the sources say (npm run docs)`, () => expect(read(path)).toBe(text));
  }
});

describe("dependencies", () => {
  const page = read("docs/dependencies.md");
  const manifests = repositoryFiles().filter((path) => /^(packages\/[^/]+\/)?package\.json$/.test(path));
  const declared = new Set(
    manifests.flatMap((path) => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(read(path));
      return Object.keys({ ...dependencies, ...devDependencies }).filter(
        (name) => !name.startsWith("@blemish/"),
      );
    }),
  );
  const described = new Set([...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]));

  it("each has a line in docs/dependencies.md", () => {
    expect([...declared].filter((name) => !described.has(name))).toEqual([]);
  });
  it("docs/dependencies.md describes no other", () => {
    expect([...described].filter((name) => !declared.has(name ?? ""))).toEqual([]);
  });
  it("core has none", () => {
    expect(JSON.parse(read("packages/core/package.json")).dependencies).toBeUndefined();
  });
});

it("commands are files of the repository: npm links no others in a fresh clone, before anything is built", () => {
  const { bin } = JSON.parse(read("packages/cli/package.json"));
  expect(repositoryFiles()).toContain(join("packages/cli", bin.blemish));
});

describe("the map of the house in CONTRIBUTING.md", () => {
  const paths = [...read("CONTRIBUTING.md").matchAll(/^\| `([^`]+\/)` \|/gm)].map(
    (match) => match[1] as string,
  );

  it("names folders that exist", () => {
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
  it("names every folder of core and every top folder", () => {
    const files = repositoryFiles();
    const core = files.flatMap(
      (path) => /^packages\/core\/src\/(?:stages\/)?[^/]+\/(?=[^/]+$)/.exec(path)?.[0] ?? [],
    );
    const top = files
      .flatMap((path) => /^[^./][^/]*\//.exec(path)?.[0] ?? [])
      .filter((path) => path !== "packages/");
    expect([...new Set([...core, ...top])].filter((path) => !paths.includes(path))).toEqual([]);
  });
});

it("links between pages lead somewhere", () => {
  const pages = repositoryFiles().filter((path) => path.endsWith(".md"));
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)/g)]
      .map((match) => match[1] as string)
      .filter((target) => !existsSync(join(ROOT, dirname(page), target)))
      .map((target) => `${page} → ${target}`),
  );
  expect(broken).toEqual([]);
});

it("the order of stages is the same in core's README, its index and the pipeline", () => {
  const table = [...read("packages/core/README.md").matchAll(/^\| `([a-z-]+)` \|/gm)].map(
    (match) => match[1],
  );
  const index = [...read("packages/core/src/index.ts").matchAll(/from "\.\/stages\/([a-z-]+)\//g)].map(
    (m) => m[1],
  );
  expect([...new Set(index)]).toEqual(table);
  const calls = [
    ...read("packages/core/src/pipeline/predict.ts").matchAll(/from "\.\.\/stages\/([a-z-]+)\//g),
  ];
  expect(calls.length).toBeGreaterThan(3);
});
