/** Renders the pages of docs/ that are made from the sources: the error table and the list of public names. */
import { resolve } from "node:path";
import ts from "typescript";
import { ERRORS } from "../packages/core/src/errors.js";

const ROOT = resolve(import.meta.dirname, "..");
const PACKAGES = ["core", "node"] as const;

/** Every generated page: path from the root → text. */
export function renderDocs(): Record<string, string> {
  return { "docs/errors.md": renderErrors(), "docs/api.md": renderApi() };
}

function renderErrors(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { problem, next, exit, http }]) => `| \`${code}\` | … ${problem} | ${next} | ${exit} | ${http} |`,
  );
  return [
    "# Errors",
    "",
    "Made from `packages/core/src/errors.ts` by `npm run docs`; a test keeps the two equal.",
    "",
    "Every error is one sentence that names the file or option, says what was expected and what was found, and ends",
    "with the next step and the code. Programs match on the code (`error.code`); it never changes its meaning.",
    "",
    "| code | the file or option … | next step | exit code | HTTP status |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "A batch goes on past a picture that fails: the picture is reported as `invalid` with its error, and the command",
    "ends with exit code 2.",
    "",
  ].join("\n");
}

function renderApi(): string {
  const entries = PACKAGES.map((name) => resolve(ROOT, `packages/${name}/src/index.ts`));
  const program = ts.createProgram([...entries, resolve(ROOT, "packages/core/src/globals.d.ts")], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ["blemish-source"],
    types: ["node"],
    skipLibCheck: true,
    strict: true,
    noEmit: true,
  });
  const sections = PACKAGES.map((name, index) => renderPackage(program, name, entries[index] as string));
  return [
    "# Public names",
    "",
    "Made from the packages' `index.ts` by `npm run docs`; a test keeps the two equal. Shapes, units, ranges and errors",
    "of each symbol stand in its docstring, which your editor shows.",
    "",
    ...sections.flat(),
  ].join("\n");
}

function renderPackage(program: ts.Program, name: string, entry: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} exports nothing`);
  const rows = checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ").trim();
    return `| \`${exported.name}\` | ${kindOf(symbol)} | ${firstSentence(text)} |`;
  });
  return [`## @blemish/${name}`, "", "| name | kind | what it is |", "|---|---|---|", ...rows, ""];
}

function kindOf(symbol: ts.Symbol): string {
  if (symbol.flags & ts.SymbolFlags.Class) return "class";
  if (symbol.flags & ts.SymbolFlags.Function) return "function";
  if (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) return "type";
  return "constant";
}

function firstSentence(text: string): string {
  const end = /[.:;](?=\s|$)/.exec(text.replace(/e\.g\.|i\.e\./g, "xxxx"));
  const sentence = end === null ? text : text.slice(0, end.index);
  return sentence.replaceAll("|", "\\|");
}
