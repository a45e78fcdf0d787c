import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { evaluator } from "@blemish/core";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { EVALUATION_COLUMNS } from "./evaluation/pictures-csv.js";
import { CSV_COLUMNS } from "./output/csv.js";
import { createProgram } from "./program.js";

const docs = join(import.meta.dirname, "../../../docs");
const page = readFileSync(join(docs, "cli.md"), "utf8");
const terminal = { stdout: new PassThrough(), stderr: new PassThrough() };
const program = createProgram(terminal, new AbortController().signal, () => undefined);

/** Every command that does something, by its full name such as `backbone import`. */
function commandsOf(parent: Command, start = ""): [string, Command][] {
  return parent.commands.flatMap((command): [string, Command][] => {
    const name = `${start}${command.name()}`;
    return command.commands.length > 0 ? commandsOf(command, `${name} `) : [[name, command]];
  });
}

const commands = commandsOf(program);

/** A command's chapter of the page. */
function chapter(name: string): string {
  const start = page.indexOf(`\n## blemish ${name}\n`);
  expect(start).toBeGreaterThan(0);
  const end = page.indexOf("\n## ", start + 4);
  return page.slice(start, end < 0 ? undefined : end);
}

function flagsOf(command: Command): string[] {
  return command.options.map(({ long }) => long ?? "").sort();
}

/** Rows of a chapter's tables that begin with an option: every long name in the first cell. */
function documentedFlags(text: string): string[] {
  const cells = text.split("\n").flatMap((line) => /^\| (`--[^|]*)\|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => cell.match(/--[a-z_-]+/g) ?? []).sort();
}

function documentedNames(text: string, heading: string): string[] {
  const table = text.slice(text.indexOf(heading)).split("\n\n").slice(0, 4).join("\n");
  return [...table.matchAll(/^\| `([A-Za-z]+)` +\|/gm)].map((match) => match[1] ?? "");
}

describe("docs/cli.md", () => {
  it.each(commands)("lists the options of %s, all of them and no others", (name, command) =>
    expect(documentedFlags(chapter(name))).toEqual(flagsOf(command)),
  );
  it("has a chapter for each command and no others", () => {
    const chapters = [...page.matchAll(/^## blemish (.+)$/gm)].map((match) => match[1]);
    expect(chapters).toEqual(commands.map(([name]) => name));
  });
  it("lists the fields of a JSON line in the schema's order", () => {
    const schema = JSON.parse(readFileSync(join(docs, "predict-result.schema.json"), "utf8"));
    expect(documentedNames(page, "### JSON lines")).toEqual(Object.keys(schema.properties));
    expect(schema.required).toEqual(Object.keys(schema.properties));
  });
  it("lists the columns of the CSV tables", () => {
    expect(/columns `([^`]*)`/.exec(page)?.[1]?.split(",")).toEqual([...CSV_COLUMNS]);
    expect(/row per picture: `([^`]*)`/.exec(page)?.[1]?.split(",")).toEqual([...EVALUATION_COLUMNS]);
  });
  it("lists the figures of an evaluation", () => {
    const table = chapter("evaluate").split("| field | meaning |")[1] ?? "";
    const names = [...table.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(
      (row) => row[1]?.match(/[A-Za-z0-9]+/g) ?? [],
    );
    expect(names.sort()).toEqual(Object.keys(evaluator(1).figures()).sort());
  });
});

describe("createProgram", () => {
  it("explains every option and hides only second spellings", () => {
    for (const [name, command] of commands) {
      for (const option of command.options) expect(option.description.length).toBeGreaterThan(5);
      const hidden = command.options.filter((option) => option.hidden).map(({ long }) => long);
      expect(hidden).toEqual(name === "predict" ? ["--visualization_mode"] : []);
    }
  });
});
