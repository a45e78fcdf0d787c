import { describe, expect, it } from "vitest";
import { runGraph } from "../../../../../tests/support/run-graph.js";
import { formulaPicture } from "../../stages/image/formula-picture.js";
import { preProcess } from "../../stages/preprocess/pre-process.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import { graphBuilder } from "./graph-builder.js";
import { pictureNodes } from "./picture-nodes.js";

const NORMALISE: PreprocessStep = {
  type: "normalize",
  mean: [127, 120, 110],
  std: [128, 60, 30],
  maxPixelValue: 1,
};

describe("preprocessing as nodes", () => {
  it.each([
    ["smaller", 40, 56],
    ["larger", 200, 160],
    ["the same size", 128, 128],
  ])(
    "antialiased to %s: within one step of a sample, and in nearly all of them the same",
    async (_, width, height) => {
      const steps: PreprocessStep[] = [
        { type: "resize", width, height, interpolation: "antialias" },
        NORMALISE,
      ];
      const picture = formulaPicture(3, 128);
      const wanted = preProcess(picture, steps);
      const builder = graphBuilder(18);
      const name = pictureNodes(builder, "x", steps);
      const x = preProcess(picture, [{ type: "toFloat", maxValue: 1 }]);
      const [found] = await runGraph(builder, { x }, [name]);
      expect(found?.shape).toEqual(wanted.shape);
      let different = 0;
      found?.data.forEach((value, i) => {
        const difference = Math.abs(value - wanted.data[i]!);
        expect(difference).toBeLessThan(1.001 / 30);
        if (difference > 1e-5) different++;
      });
      expect(different / wanted.data.length).toBeLessThan(0.03);
    },
  );

  it("refuses what ONNX has no operator for", () => {
    const area: PreprocessStep = { type: "resize", width: 8, height: 8, interpolation: "area" };
    for (const step of [area, { type: "centerCrop", width: 4, height: 4 } as const])
      expect(() => pictureNodes(graphBuilder(18), "x", [step])).toThrow(/EXPORT/);
  });
});
