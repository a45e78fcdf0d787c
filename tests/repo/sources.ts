/** What the repository's own tests read: its tracked files, its source files and what they import. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

/** The checkout's folder. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** Files that git would carry, tracked or new, as paths from the root. */
export function repositoryFiles(): string[] {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return [...new Set(list.split("\0"))].filter((path) => path !== "" && existsSync(join(ROOT, path))).sort();
}

/** Paths of the packages' TypeScript sources, tests and declarations left out. */
export function sourceFiles(): string[] {
  return repositoryFiles().filter(
    (path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path) && !/\.(test|d)\.ts$|\/assembly\//.test(path),
  );
}

/** A file's text. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** A file's syntax tree. */
export function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022, true);
}

/** One import or re-export of a source file. */
export interface Import {
  /** The text between the quotes. */
  readonly specifier: string;
  /** The file it means, as a path from the root; null for packages. */
  readonly file: string | null;
  /** True when only types are taken, so nothing is left of it when the program runs. */
  readonly typeOnly: boolean;
}

/** Static and dynamic imports and re-exports of a file, in order. */
export function importsOf(path: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Expression | undefined, typeOnly: boolean) => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const text = specifier.text;
    const file = text.startsWith(".")
      ? relative(ROOT, resolve(ROOT, dirname(path), text.replace(/\.js$/, ".ts")))
      : null;
    found.push({ specifier: text, file, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, isTypeOnlyExport(node));
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(parse(path));
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const names = clause.namedBindings;
  if (clause.name !== undefined || names === undefined || !ts.isNamedImports(names)) return false;
  return names.elements.every((element) => element.isTypeOnly);
}

function isTypeOnlyExport(node: ts.ExportDeclaration): boolean {
  if (node.isTypeOnly) return true;
  const names = node.exportClause;
  return (
    names !== undefined && ts.isNamedExports(names) && names.elements.every((element) => element.isTypeOnly)
  );
}
