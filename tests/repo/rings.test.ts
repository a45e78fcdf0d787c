/** No two source files import each other, directly or around a ring. Type imports count as well. */
import { expect, it } from "vitest";
import { importsOf, sourceFiles } from "./sources.js";

/** The first ring found on a walk through the graph, as the list of its files; null without one. */
function findRing(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const ring = walk(next, [...path, file]);
      if (ring !== null) return ring;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const ring = walk(file, []);
    if (ring !== null) return ring;
  }
  return null;
}

it("finds a ring where there is one", () => {
  expect(
    findRing(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
  ).toEqual(["b", "c", "b"]);
});

it("has no import ring", () => {
  const graph = new Map(
    sourceFiles().map((file) => [file, importsOf(file).flatMap((one) => one.file ?? [])]),
  );
  expect(findRing(graph)).toBeNull();
});
