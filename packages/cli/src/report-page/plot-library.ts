/** uPlot as text to be embedded in a page: program, style sheet and the licence that must go with them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The three texts. */
export interface PlotLibrary {
  readonly script: string;
  readonly style: string;
}

/** Reads uPlot from its installed package. The licence stands as a comment at the head of the program. */
export function plotLibrary(): PlotLibrary {
  const require = createRequire(import.meta.url);
  const text = (file: string) => readFileSync(require.resolve(`uplot/${file}`), "utf8");
  const licence = text("LICENSE").replaceAll("*/", "* /");
  return {
    script: `/*\nuPlot\n${licence}\n*/\n${text("dist/uPlot.iife.min.js")}`,
    style: text("dist/uPlot.min.css"),
  };
}
