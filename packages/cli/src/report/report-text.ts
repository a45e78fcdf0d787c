/** Sections as plain text: titles, names and values in columns, long values wrapped under themselves. */
import { type OutputStream, paint, printable } from "../terminal.js";
import type { Section } from "./section.js";

const INDENT = "  ";

/** Characters per line. */
const WIDTH = 110;

/** The text, with a line end after each line. */
export function reportText(sections: readonly Section[], stream: OutputStream): string {
  const widest = Math.max(0, ...sections.flatMap(({ rows }) => rows.map(([name]) => name.length)));
  const column = Math.min(widest, 30) + 2;
  return sections
    .map(({ title, rows, remarks }) => {
      const facts = rows.map(([name, value]) => rowText(name, value, column, stream));
      const bullets = remarks.map((remark) => `${INDENT}- ${wrapped(remark, INDENT.length + 2)}`);
      return [paint(stream, "bold", title), ...facts, ...bullets].map((line) => `${line}\n`).join("");
    })
    .join("\n");
}

function rowText(name: string, value: string, column: number, stream: OutputStream): string {
  // A name that is longer than its column still stands apart from its value.
  const label = `${printable(name)}  `.padEnd(column);
  return `${INDENT}${paint(stream, "dim", label)}${wrapped(value, INDENT.length + column)}`;
}

/** Breaks text at spaces so that it fits behind an indent. */
function wrapped(text: string, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH - indent) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}
