import { describe, expect, it } from "vitest";
import type { Tensor } from "../../tensor.js";
import type { Session } from "../detector/detector.js";
import { extractTaps } from "./extract-taps.js";
import type { BackboneManifest } from "./manifest.js";

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
