import { Script } from "node:vm";
import { expect, it } from "vitest";
import { plotLibrary } from "./plot-library.js";

it("gives uPlot's program with its licence, and its style, fit to be embedded", () => {
  const { script, style } = plotLibrary();
  expect(() => new Script(script)).not.toThrow();
  expect(script).toMatch(/^\/\*\nuPlot\nThe MIT License/);
  expect(script).toContain("var uPlot=");
  expect(script).not.toMatch(/<\/script|<!--/i);
  expect(style).toContain(".u-wrap");
  expect(style).not.toMatch(/<\/style|@import|url\(/i);
});
