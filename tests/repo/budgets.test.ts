/** Sizes that keep the house pleasant: file and function lengths, a test beside each file, few folders. */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { parse, read, repositoryFiles, sourceFiles } from "./sources.js";

const FILE_LINES = 400;
const FUNCTION_LINES = 60;

/** Files whose lines are data made by a script. */
const GENERATED = new Set([
  "packages/core/src/stages/visualise/glyphs.ts",
  "packages/core/src/kernels/compiled-kernels.ts",
]);

/** Files that hold only types, tables of names or the start of a process: nothing to test by themselves. */
function needsTest(path: string): boolean {
  if (GENERATED.has(path) || /\/(index|main)\.ts$/.test(path)) return false;
  return parse(path).statements.some(
    (statement) =>
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      (ts.isVariableStatement(statement) && /=>|function/.test(statement.getText())),
  );
}

function longFunctions(path: string): string[] {
  const file = parse(path);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const start = file.getLineAndCharacterOfPosition(node.getStart()).line;
      const lines = file.getLineAndCharacterOfPosition(node.getEnd()).line - start + 1;
      if (lines > FUNCTION_LINES) found.push(`${path}:${start + 1} has ${lines} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe("budgets", () => {
  const sources = sourceFiles();

  it(`source files have at most ${FILE_LINES} lines`, () => {
    const lengths = sources
      .filter((path) => !GENERATED.has(path))
      .map((path) => ({ path, lines: read(path).split("\n").length - 1 }));
    expect(lengths.filter(({ lines }) => lines > FILE_LINES)).toEqual([]);
  });

  it(`functions have at most ${FUNCTION_LINES} lines`, () => {
    expect(sources.flatMap(longFunctions)).toEqual([]);
  });

  it("a test of the same name stands beside every source file", () => {
    const all = new Set(repositoryFiles());
    const untested = sources.filter((path) => needsTest(path) && !all.has(path.replace(/\.ts$/, ".test.ts")));
    expect(untested).toEqual([]);
  });

  it("there are at most eight top folders, and no source file is deeper than five folders in its package", () => {
    const top = new Set(
      repositoryFiles()
        .filter((path) => path.includes("/") && !path.startsWith("."))
        .map((path) => path.split("/")[0]),
    );
    expect([...top].length).toBeLessThanOrEqual(8);
    expect(sources.filter((path) => path.split("/").length > 7)).toEqual([]);
  });

  it("no file is larger than 5 MB", () => {
    expect(repositoryFiles().filter((path) => Buffer.byteLength(read(path), "latin1") > 5_000_000)).toEqual(
      [],
    );
  });
});
