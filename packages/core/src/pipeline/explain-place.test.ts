import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smallFusion } from "../../../../tests/support/small-fusion.js";
import { detectorsOf } from "../bundle/detectors-of.js";
import type { DetectorManifest } from "../bundle/manifest.js";
import type { StoredPatchcore } from "../bundle/stored-detectors.js";
import { createArena } from "../kernels/arena.js";
import { seededRandom } from "../random.js";
import type { DetectorExplanation } from "../stages/detector/explanation.js";
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

  it("names no place of patches of which nobody knows where they are from", () => {
    const model = smallFusion();
    const detectors = model.detectors.map((one) => {
      if (one.head.kind !== "patchcore") return one;
      const unknown = new Int32Array(one.head.bank.rows).fill(-1);
      return { ...one, head: { ...one.head, bank: { ...one.head.bank, picture: unknown, cell: unknown } } };
    });
    const nameless = { ...model, detectors };
    const scorer = learnedScorer(nameless, createArena(detectorBytes(model.manifest) + headBytes(model)));
    scorer.scoredMap();
    const bank = scorer.explain({ x: 0.5, y: 0.5 }).detectors.find(({ kind }) => kind === "patchcore")!;
    expect(bank.nearest.length).toBeGreaterThan(0);
    for (const { picture, path, box } of bank.nearest) expect([picture, path, box]).toEqual([-1, "", null]);
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

  it.each(["float32", "int8"] as const)(
    "finds a good patch itself, at no distance: a bank in %s",
    (precision) => {
      const model = smallFusion({ bank: precision });
      const scorer = learnedScorer(model, createArena(detectorBytes(model.manifest) + headBytes(model)));
      const [{ grid, channels }] = detectorsOf(model.manifest) as [DetectorManifest];
      const { bank } = model.detectors[0]!.head as StoredPatchcore;
      const cells = grid.width * grid.height;
      for (let row = 0; row < bank.rows; row++) {
        const scale = bank.scale?.[row] ?? 1;
        for (let d = 0; d < channels; d++)
          scorer.embeddings[0]![d * cells + bank.cell[row]!] = bank.data[row * channels + d]! * scale;
        scorer.scoredMap();
        const place = {
          x: ((bank.cell[row]! % grid.width) + 0.5) / grid.width,
          y: (Math.floor(bank.cell[row]! / grid.width) + 0.5) / grid.height,
        };
        const [{ nearest, box }] = scorer.explain(place).detectors as [DetectorExplanation];
        expect(nearest[0]).toMatchObject({
          picture: bank.picture[row],
          path: `good/00${bank.picture[row]}.png`,
          box,
        });
        expect(nearest[0]!.distance).toBeLessThan(1e-2);
      }
    },
  );

  it("has boxes inside the picture, that of its own holding the place", () => {
    const { scorer } = scored();
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, (x, y) => {
        for (const { box, nearest, typical } of scorer.explain({ x, y }).detectors) {
          for (const one of [box, typical?.box, ...nearest.map((patch) => patch.box)])
            if (one)
              expect(
                Math.min(one.x, one.y) >= 0 && Math.max(one.x + one.width, one.y + one.height) <= 1 + 1e-12,
              ).toBe(true);
          expect(box.x <= x && x <= box.x + box.width + 1e-12).toBe(true);
          expect(box.y <= y && y <= box.y + box.height + 1e-12).toBe(true);
        }
      }),
    );
  });

  it("names what is typical at the place, where the model knows it", () => {
    const { model, scorer } = scored();
    const at = (one: typeof scorer) =>
      one.explain({ x: 0.99, y: 0 }).detectors.find(({ kind }) => kind === "padim")!;
    expect(at(scorer).typical).toBeNull();
    const detectors = model.detectors.map(({ head, ...one }) => {
      if (head.kind !== "padim") return { ...one, head };
      const typical = Int32Array.from({ length: head.gaussians.cells }, (_, cell) => cell % 5);
      return { ...one, head: { ...head, typical } };
    });
    const known = { ...model, detectors };
    const other = learnedScorer(known, createArena(detectorBytes(known.manifest) + headBytes(known)));
    for (const embedding of other.embeddings) embedding.fill(1);
    other.scoredMap();
    const { box, typical } = at(other);
    const { grid } = detectorsOf(model.manifest).find(({ head }) => head.kind === "padim")!;
    const picture = (grid.width - 1) % 5;
    expect(typical).toEqual({ picture, path: `good/00${picture}.png`, box });
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
