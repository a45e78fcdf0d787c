import { describe, expect, it } from "vitest";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import { formulaPicture } from "../../stages/image/formula-picture.js";
import { preProcess, preProcessedSize } from "../../stages/preprocess/pre-process.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import { graphBuilder } from "./graph-builder.js";
import { pictureNodes } from "./picture-nodes.js";

const NORMALISE: PreprocessStep = {
  type: "normalize",
  mean: [127, 120, 110],
  std: [128, 60, 30],
  maxPixelValue: 1,
};
const GREY = [120, 110, 100];
const SMALLER: PreprocessStep = { type: "resize", width: 40, height: 56, interpolation: "linear" };

describe("preprocessing as nodes", () => {
  it.each<[string, PreprocessStep[]]>([
    ["nothing but colours", [NORMALISE]],
    ["numbers from 0 to 1", [{ type: "toFloat", maxValue: 255 }]],
    ["resized", [SMALLER, NORMALISE]],
    ["its middle", [SMALLER, { type: "centerCrop", width: 37, height: 51 }, NORMALISE]],
    ["the middle of a picture as it is", [{ type: "centerCrop", width: 37, height: 51 }, NORMALISE]],
    ["a rectangle of it", [{ type: "crop", x: 5, y: 9, width: 60, height: 20 }, SMALLER, NORMALISE]],
    ["padded", [SMALLER, { type: "pad", left: 3, top: 1, width: 48, height: 64, colour: GREY }, NORMALISE]],
    ["painted", [SMALLER, { type: "paint", runs: [0, 50, 400, 1000], colour: GREY }, NORMALISE]],
  ])("a picture, %s, is the tensor that our preprocessing makes", async (_, preprocessing) => {
    const picture = formulaPicture(3, 128);
    const wanted = preProcess(picture, preprocessing);
    const builder = graphBuilder(11);
    const pass = { preprocessing, size: preProcessedSize(preprocessing, 128, 128) };
    const name = pictureNodes(builder, "x", pass);
    const [found] = await runGraph(builder, { x: preProcess(picture, []) }, [name]);
    expect(found?.shape).toEqual(wanted.shape);
    const most = found?.data.reduce((a, value, i) => Math.max(a, Math.abs(value - wanted.data[i]!)), 0);
    expect(most).toBeLessThan(1e-6);
  });

  it("refuses OpenCV's INTER_AREA", () => {
    const preprocessing = [{ type: "resize", width: 8, height: 8, interpolation: "area" }] as const;
    const pass = { preprocessing, size: { width: 8, height: 8 } };
    expect(() => pictureNodes(graphBuilder(18), "x", pass)).toThrow(/EXPORT/);
  });
});
