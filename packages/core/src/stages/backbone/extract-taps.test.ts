import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../tensor.js";
import type { Session } from "../detector/detector.js";
import { extractTaps } from "./extract-taps.js";
import { type BackboneManifest, tileUnit } from "./manifest.js";

const MANIFEST: BackboneManifest = {
  id: "tiny",
  model: "model.onnx",
  sha256: "0".repeat(64),
  input: { name: "x", multipleOf: 8, colour: "rgb", mean: [0, 0, 0], std: [1, 1, 1], resize: "antialias" },
  taps: [
    { name: "deep", channels: 2, stride: 8, scale: 1 },
    { name: "fine", channels: 1, stride: 4, scale: 1 },
  ],
  licence: "none",
  source: "made for this test",
};

const zeros = (...shape: number[]): Tensor => ({
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  shape,
});
const session = (results: Record<string, Tensor>): Session => ({
  run: async (feeds) => {
    expect(Object.keys(feeds)).toEqual(["x"]);
    return results;
  },
  close: async () => undefined,
});
const RESULTS = { fine: zeros(1, 1, 4, 6), deep: zeros(1, 2, 2, 3), unused: zeros(1) };

describe("taps", () => {
  it("come in the manifest's order, as the network gave them", async () => {
    const taps = await extractTaps(session(RESULTS), MANIFEST, zeros(1, 3, 16, 24));
    expect(taps[0]).toBe(RESULTS.deep);
    expect(taps[1]).toBe(RESULTS.fine);
    expect(taps).toHaveLength(2);
  });

  it("round sides up where strides do not divide them, as padded convolutions do", async () => {
    const manifest = { ...MANIFEST, input: { ...MANIFEST.input, multipleOf: 1 } };
    const results = { fine: zeros(1, 1, 5, 6), deep: zeros(1, 2, 3, 3) };
    expect(await extractTaps(session(results), manifest, zeros(1, 3, 17, 22))).toHaveLength(2);
    const cut = { ...results, deep: zeros(1, 2, 2, 3) };
    await expect(extractTaps(session(cut), manifest, zeros(1, 3, 17, 22))).rejects.toThrow("[1, 2, 3, 3]");
  });

  it("count from the size that the network resizes to itself", async () => {
    const resizesTo = { width: 24, height: 16 };
    const manifest = { ...MANIFEST, input: { ...MANIFEST.input, multipleOf: 1, resizesTo } };
    expect(await extractTaps(session(RESULTS), manifest, zeros(1, 3, 31, 7))).toHaveLength(2);
  });

  it.each<[string, Record<string, Tensor>, string]>([
    [
      "is missing",
      { fine: RESULTS.fine },
      "expected tap deep [1, 2, 2, 3] for 24 × 16 pixels, as its manifest says, found no such output",
    ],
    ["has other channels", { ...RESULTS, deep: zeros(1, 3, 2, 3) }, "found [1, 3, 2, 3]"],
    ["has another stride", { ...RESULTS, fine: zeros(1, 1, 2, 3) }, "expected tap fine [1, 1, 4, 6]"],
    ["has another rank", { ...RESULTS, fine: zeros(1, 4, 6) }, "found [1, 4, 6]"],
    [
      "has no data",
      { ...RESULTS, fine: { ...RESULTS.fine, data: new Float32Array(3) } },
      "expected tap fine",
    ],
  ])("are refused when one %s", async (_, results, words) => {
    const failure = extractTaps(session(results), MANIFEST, zeros(1, 3, 16, 24));
    await expect(failure).rejects.toThrow(words);
    await expect(failure).rejects.toMatchObject({
      code: "BACKBONE",
      subject: "The network of backbone tiny",
    });
  });

  it.each<[Tensor]>([
    [zeros(1, 3, 16, 20)],
    [zeros(1, 3, 0, 24)],
    [zeros(2, 3, 16, 24)],
    [zeros(1, 1, 16, 24)],
    [zeros(3, 16, 24)],
    [{ data: new Float32Array(5), shape: [1, 3, 16, 24] }],
  ])("need an input that fits: %#", async (input) => {
    await expect(extractTaps(session(RESULTS), MANIFEST, input)).rejects.toMatchObject({
      code: "MODEL_INPUT",
    });
  });
});

/**
 * A network of which every value depends on the pixels up to `reach` away: at each cell the sum over a square around its
 * first pixel, zeros beyond the border as convolutions pad. Sums of whole numbers are exact.
 */
function localNetwork(reach: number, shapes: string[]): Session {
  const sumAround = ({ data, shape }: Tensor, stride: number, channel: number): number[] => {
    const [, , height, width] = shape as [number, number, number, number];
    const sums: number[] = [];
    for (let y = 0; y < height; y += stride)
      for (let x = 0; x < width; x += stride) {
        let sum = 0;
        for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++)
          for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++)
            sum += data[(channel * height + v) * width + u] as number;
        sums.push(sum);
      }
    return sums;
  };
  return {
    async run({ x }) {
      const input = x as Tensor;
      const [, , height, width] = input.shape as [number, number, number, number];
      shapes.push(`${width} × ${height}`);
      const deep = [...sumAround(input, 8, 0), ...sumAround(input, 8, 1)];
      return {
        deep: { data: Float32Array.from(deep), shape: [1, 2, height / 8, width / 8] },
        fine: { data: Float32Array.from(sumAround(input, 4, 2)), shape: [1, 1, height / 4, width / 4] },
      };
    },
    close: async () => undefined,
  };
}

const picture = (width: number, height: number): Tensor => ({
  data: Float32Array.from({ length: 3 * width * height }, (_, i) => (i * 7919) % 251),
  shape: [1, 3, height, width],
});

describe("taps of tiles", () => {
  it("are those of the whole picture, where the margin covers what the network sees, in runs of one size", async () => {
    const side = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(side, side, fc.integer({ min: 1, max: 3 }), async (columns, rows, inner) => {
        const [width, height] = [8 * columns, 8 * rows];
        const shapes: string[] = [];
        const network = localNetwork(8, shapes);
        const whole = await extractTaps(network, MANIFEST, picture(width, height));
        shapes.length = 0;
        const tiles = { size: 16 + 8 * inner, margin: 8 };
        expect(await extractTaps(network, MANIFEST, picture(width, height), tiles)).toEqual(whole);
        expect(new Set(shapes).size).toBe(1);
        expect(shapes[0]).toBe(`${Math.min(width, tiles.size)} × ${Math.min(height, tiles.size)}`);
      }),
      { numRuns: 30 },
    );
  });

  it("differ near their edges where the margin is smaller", async () => {
    const network = localNetwork(12, []);
    const whole = await extractTaps(network, MANIFEST, picture(80, 80));
    const cut = await extractTaps(network, MANIFEST, picture(80, 80), { size: 48, margin: 8 });
    expect(cut[0]?.data).not.toEqual(whole[0]?.data);
  });

  it("need sides that are whole cells of every tap", async () => {
    const manifest = { ...MANIFEST, input: { ...MANIFEST.input, multipleOf: 1 } };
    expect(tileUnit(manifest)).toBe(8);
    expect(tileUnit({ ...MANIFEST, input: { ...MANIFEST.input, multipleOf: 12 } })).toBe(24);
    const tiled = extractTaps(session(RESULTS), manifest, zeros(1, 3, 20, 24), { size: 16, margin: 0 });
    await expect(tiled).rejects.toMatchObject({ code: "MODEL_INPUT" });
  });
});
