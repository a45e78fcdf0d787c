import { describeModelFile, readOnnx } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import { smallModel } from "../../../../tests/support/small-model.js";
import { prepareModel } from "../model/prepare-model.js";
import { shareModel } from "../model/shared-model.js";
import { openDetector } from "./open-detector.js";
import { createRunGate } from "./run-gate.js";

const setup = (modelPath: string) => ({
  modelPath,
  description: describeModelFile(smallModel()),
  threads: 1,
  spinning: false,
});

/** A float32 picture, the same every time. */
function picture(side: number) {
  const data = Float32Array.from({ length: 3 * side * side }, (_, i) => Math.sin(i * 0.37));
  return { data, shape: [1, 3, side, side] };
}

describe("openDetector", () => {
  it("names the backbone of a model file that does not load", async () => {
    const { part } = shareModel(smallModel(), "part.blemish", 1).takePart();
    await expect(openDetector({ ...setup("part.blemish"), part }, createRunGate())).rejects.toThrow(
      /The backbone in part\.blemish/,
    );
  });

  it("takes a path without shared memory as an exported graph", async () => {
    await expect(openDetector(setup("missing.onnx"), createRunGate())).rejects.toThrow(
      /missing\.onnx.*MODEL_NOT_FOUND/,
    );
  });

  it("computes the same in a part of the shared memory and in memory of its own", async () => {
    const { shared, modelPath, description } = await prepareModel(
      fixturePath("padim-070-segmentation"),
      { factors: "float32" },
      1,
    );
    const { part } = shared!.takePart();
    const common = { modelPath, description, threads: 1, spinning: false };
    const maps: Float32Array[] = [];
    for (const setup of [{ ...common, part }, { ...common, part: { ...part, scratch: null } }, common]) {
      const detector = await openDetector(setup, createRunGate());
      const { map } = await detector.detect([picture(description.input.width!)]);
      maps.push(map!.data);
      await detector.close();
    }
    expect(maps[1]).toEqual(maps[0]);
    const worst = maps[0]!.reduce((most, value, i) => Math.max(most, Math.abs(value / maps[2]![i]! - 1)), 0);
    expect(worst).toBeLessThan(1e-4);
    expect(readOnnx(shared!.model.backbone, "backbone").graph.outputs.length).toBeGreaterThan(0);
  });
});
