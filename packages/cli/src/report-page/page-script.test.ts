import { Script } from "node:vm";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { PAGE_SCRIPT } from "./page-script.js";

/** What the compiler says of the program as JavaScript in a browser: unknown names, wrong arguments, unused helpers. */
function complaints(script: string): string[] {
  const options: ts.CompilerOptions = {
    allowJs: true,
    checkJs: true,
    noEmit: true,
    noUnusedLocals: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
  };
  const texts: Record<string, string> = {
    "page.js": script,
    "globals.d.ts": "declare const uPlot: any;",
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => name in texts || fileExists(name);
  host.readFile = (name) => texts[name] ?? readFile(name);
  host.getSourceFile = (name, version) =>
    name in texts ? ts.createSourceFile(name, texts[name] ?? "", version) : getSourceFile(name, version);
  const program = ts.createProgram(Object.keys(texts), options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line;
    return `${script.split("\n")[line]?.trim()}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

describe("PAGE_SCRIPT", () => {
  it("is a program that parses", () => {
    expect(() => new Script(PAGE_SCRIPT)).not.toThrow();
  });

  it("passes the compiler's checks, which find a wrong name", () => {
    expect(complaints(PAGE_SCRIPT)).toEqual([]);
    expect(complaints("setTreshold(1);")).toHaveLength(1);
  });

  it("sets text as text only, and asks for nothing from outside", () => {
    expect(PAGE_SCRIPT).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/,
    );
    expect(PAGE_SCRIPT).not.toMatch(
      /fetch\(|XMLHttpRequest|WebSocket|import\(|sendBeacon|\.href\s*=|https?:/,
    );
  });

  it("cannot end the element that holds it", () => {
    expect(PAGE_SCRIPT).not.toMatch(/<\/script|<!--/i);
  });
});
