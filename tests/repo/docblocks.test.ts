/** Every exported symbol of a source file has a docstring. */
import ts from "typescript";
import { expect, it } from "vitest";
import { parse, sourceFiles } from "./sources.js";

function undocumented(path: string): string[] {
  const file = parse(path);
  if (path.endsWith("/index.ts")) return [];
  return file.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    const line = file.getLineAndCharacterOfPosition(statement.getStart()).line + 1;
    return [`${path}:${line}: ${statement.getText().split("\n")[0]}`];
  });
}

/** The head comment that says what the file is. */
function hasHead(path: string): boolean {
  const text = parse(path)
    .getFullText()
    .replace(/^#![^\n]*\n/, "")
    .trimStart();
  return text.startsWith("/**") || text.startsWith("/*") || text.startsWith("//");
}

it("every exported symbol has a docstring", () => {
  expect(sourceFiles().flatMap(undocumented)).toEqual([]);
});

it("every source file begins by saying what it is", () => {
  expect(sourceFiles().filter((path) => !hasHead(path))).toEqual([]);
});
