import { describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { LANES } from "../kernels/kernels.js";
import { wasmKernels } from "../kernels/wasm-kernels.js";
import type { Session } from "../stages/detector/detector.js";
import { detectorBytes, learnedDetector } from "./learned-detector.js";

/** A model of 2 channels whose mean is 1 and whose factor is the unit matrix: distances are plain lengths. */
function unitModel() {
  const model = smallModel();
  const factor = new Float32Array(3 * LANES);
  factor.fill(1, 0, LANES).fill(1, 2 * LANES);
  const map = { sigma: 0, score: "max" as const, ignoreBorder: 0 };
  return {
    ...model,
    manifest: { ...model.manifest, map },
    mean: new Float32Array(2 * LANES).fill(1),
    factor,
  };
}

/** A backbone whose tap is its manifest's scale times what the test wants to see. */
const session = (values: readonly number[]): Session => ({
  run: async () => ({
    s3: { shape: [1, 2, 4, 6], data: Float32Array.from(values, (value) => value * 24.5) },
  }),
  close: async () => {},
});
const input = { shape: [1, 3, 64, 96], data: new Float32Array(3 * 64 * 96) };

describe("learnedDetector", () => {
  const model = unitModel();
  const kernels = () => wasmKernels(detectorBytes(model, 2));

  it("is backbone → embedding → distance → map", async () => {
    const tap = new Array(2 * 24).fill(1);
    tap[2 * 6 + 2] = 1 + 3;
    tap[24 + 2 * 6 + 2] = 1 + 4;
    const detector = learnedDetector(
      session(tap),
      { ...model, manifest: stride16(model.manifest) },
      kernels(),
    );
    const { map, score, normalised, label } = await detector.detect(input);
    expect([map?.width, map?.height, normalised, label]).toEqual([96, 64, false, null]);
    // Column 2, row 2 of the 6 × 4 grid lies at pixels 32–47 of both axes.
    expect(score).toBeGreaterThan(4.5);
    expect(score).toBeLessThanOrEqual(5);
    expect(map?.data[40 * 96 + 40]).toBeGreaterThan(4.5);
    expect(map?.data[0]).toBe(0);
  });

  it("refuses a backbone that gives other taps", async () => {
    const detector = learnedDetector(session([1, 2, 3]), model, kernels());
    await expect(detector.detect(input)).rejects.toThrow(/BACKBONE/);
  });
});

/** The small model's grid is 3 × 2; this one has 6 × 4 cells, one for every 16 pixels of its 96 × 64 input. */
function stride16(manifest: ReturnType<typeof smallModel>["manifest"]) {
  return { ...manifest, head: { ...manifest.head, gridWidth: 6, gridHeight: 4 } };
}
