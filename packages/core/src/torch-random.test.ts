import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANOMALIB_2_7_RESNET18_DRAWS, torchPermutation } from "./torch-random.js";

describe("torchPermutation", () => {
  it("gives torch.randperm's lists", () => {
    expect([...torchPermutation(10, 42)]).toEqual([2, 6, 1, 8, 4, 5, 0, 9, 3, 7]);
    expect([...torchPermutation(23, 7).slice(0, 8)]).toEqual([10, 15, 1, 9, 11, 20, 7, 14]);
    expect([...torchPermutation(5, 0)]).toEqual([4, 0, 1, 3, 2]);
  });

  it("gives the channels that Anomalib 2.7.0 drew, after the numbers its network took", () => {
    const drawn = [193, 302, 311, 29, 257, 394, 90, 115, 320, 151, 192, 135, 10, 79];
    expect([...torchPermutation(448, 42, ANOMALIB_2_7_RESNET18_DRAWS).slice(0, 14)]).toEqual(drawn);
    expect([...torchPermutation(448, 42).slice(0, 14)]).not.toEqual(drawn);
  });

  it("is always a permutation", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2000 }), fc.nat(), (n, seed) => {
        expect([...torchPermutation(n, seed)].sort((a, b) => a - b)).toEqual(
          Array.from({ length: n }, (_, i) => i),
        );
      }),
    );
  });

  it("refuses lengths where torch changes its draw, and negative seeds", () => {
    expect(() => torchPermutation(214_748_364, 1)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject: "n" }),
    );
    expect(() => torchPermutation(3, -1)).toThrow(
      expect.objectContaining({ code: "OPTION_VALUE", subject: "seed" }),
    );
  });
});
