import { extractTaps } from "@blemish/core";
import { describe, expect, it } from "vitest";
import { backboneSession } from "./backbone-session.js";
import { loadBackbone } from "./load-backbone.js";

describe("a backbone's session", () => {
  it("gives the taps of the manifest, at any size that fits, with any number of threads", async () => {
    const backbone = await loadBackbone();
    const sums: number[] = [];
    for (const threads of [1, 2]) {
      const session = await backboneSession(backbone, { threads });
      for (const [height, width] of [
        [64, 64],
        [96, 160],
      ] as const) {
        const input = { data: new Float32Array(3 * height * width).fill(0.5), shape: [1, 3, height, width] };
        const taps = await extractTaps(session, backbone.manifest, input);
        expect(taps.map(({ shape }) => shape)).toEqual([
          [1, 40, height / 8, width / 8],
          [1, 112, height / 16, width / 16],
        ]);
        sums.push(taps[1]!.data.reduce((sum, value) => sum + Math.abs(value), 0));
      }
      await session.close();
    }
    expect(sums[2]! / sums[0]!).toBeCloseTo(1, 5);
    expect(sums[3]! / sums[1]!).toBeCloseTo(1, 5);
  });

  it("gives the same bytes with no plan of its memory, in every run", async () => {
    const backbone = await loadBackbone();
    const data = Float32Array.from({ length: 3 * 96 * 64 }, (_, i) => Math.sin(i));
    const input = { data, shape: [1, 3, 96, 64] };
    const [planned, frugal] = await Promise.all(
      [false, true].map(async (frugal) => {
        const session = await backboneSession(backbone, { threads: 1, frugal });
        const runs = [];
        for (let i = 0; i < 3; i++) runs.push(await extractTaps(session, backbone.manifest, input));
        await session.close();
        return runs;
      }),
    );
    expect(frugal).toEqual(planned);
  });

  it("names the backbone when its network cannot be run", async () => {
    const backbone = { ...(await loadBackbone()), modelBytes: new Uint8Array(100), folder: "mine" };
    await expect(backboneSession(backbone, { threads: 1 })).rejects.toMatchObject({
      code: expect.stringMatching(/^MODEL_(BROKEN|UNSUPPORTED)$/),
      subject: "mine (model.onnx)",
    });
  });
});
