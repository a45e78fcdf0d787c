import { describe, expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { detectorsOf } from "../bundle/detectors-of.js";
import { createArena } from "../kernels/arena.js";
import { seededRandom } from "../random.js";
import { detectorBytes, headBytes, learnedScorer } from "./learned-detector.js";

/** A fused model that has scored noise. */
function scored() {
  const model = smallFusion();
  const scorer = learnedScorer(model, createArena(detectorBytes(model.manifest) + headBytes(model)));
  const random = seededRandom(4);
  for (const embedding of scorer.embeddings)
    for (let i = 0; i < embedding.length; i++) embedding[i] = random.normal();
  scorer.scoredMap();
  return { model, scorer };
}

describe("explainPlace", () => {
  it("says what each detector measured there, and how much of the map goes back to it", () => {
    const { model, scorer } = scored();
    const distances = scorer.distances().map((values) => values.slice());
    const { detectors } = scorer.explain({ x: 0.99, y: 0 });
    expect(detectors.map(({ kind }) => kind)).toEqual(model.detectors.map(({ head }) => head.kind));
    detectorsOf(model.manifest).forEach(({ grid }, i) => {
      const cell = grid.width - 1;
      expect(detectors[i]!.distance).toBe(distances[i]![cell]);
      expect(detectors[i]!.box).toEqual({
        x: cell / grid.width,
        y: 0,
        width: 1 / grid.width,
        height: 1 / grid.height,
      });
    });
    expect(detectors.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  it("names the nearest good patches, the nearest first, at the distance that was measured", () => {
    const { scorer } = scored();
    const bank = scorer.explain({ x: 0.1, y: 0.1 }).detectors.find(({ kind }) => kind === "patchcore")!;
    const found = bank.nearest.map(({ distance }) => distance);
    expect(found.length).toBeGreaterThan(1);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(Math.abs(found[0]! / bank.distance - 1)).toBeLessThan(1e-4);
    expect(bank.channels).toEqual([]);
  });

  it("names the channels that deviate most, whose shares make up the distance", () => {
    const { model, scorer } = scored();
    const padim = scorer.explain({ x: 0.1, y: 0.9 }).detectors.find(({ kind }) => kind === "padim")!;
    expect(padim.nearest).toEqual([]);
    const shares = padim.channels.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    const { channels } = detectorsOf(model.manifest).find(({ head }) => head.kind === "padim")!;
    if (channels <= 5) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(padim.channels[0]!.tap).toBe(model.manifest.backbone.taps[0]!.name);
  });
});
