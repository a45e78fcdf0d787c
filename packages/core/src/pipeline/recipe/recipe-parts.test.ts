import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TINY_BACKBONE } from "../../../../../tests/support/small-training.js";
import { checkChannels, checkSize, totalChannels, wrongChannels } from "./recipe-parts.js";

describe("checkSize", () => {
  it("takes multiples of what the network needs, and nothing else", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 5000 }), (size) => {
        const right = size > 0 && size % 32 === 0 && size <= 4096;
        if (right) expect(checkSize(size, TINY_BACKBONE)).toBe(size);
        else expect(() => checkSize(size, TINY_BACKBONE)).toThrow(/--size.*multiple of 32.*OPTION_VALUE/);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 64.5])("refuses %d", (size) => {
    expect(() => checkSize(size, TINY_BACKBONE)).toThrow(/OPTION_VALUE/);
  });
});

describe("checkChannels", () => {
  it("takes as many as the taps have together", () => {
    expect(totalChannels(TINY_BACKBONE)).toBe(5);
    for (const channels of [1, 4, 5]) expect(checkChannels(channels, 5)).toBe(channels);
  });

  it.each([0, -1, 6, 2.5, Number.NaN])("refuses %d of 5", (channels) => {
    expect(() => checkChannels(channels, 5)).toThrow(/--channels.*from 1 to 5.*OPTION_VALUE/);
  });

  it("says what was found in words, too", () => {
    expect(wrongChannels(5, "none was given").message).toMatch(/from 1 to 5.*none was given/);
  });
});
