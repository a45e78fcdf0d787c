import { describe, expect, it } from "vitest";
import type { DecodedImage } from "../stages/image/image.js";
import { maskFromImage } from "./mask-from-image.js";

function decoded(values: readonly number[], facts: Partial<DecodedImage> = {}): DecodedImage {
  const channels = facts.channels ?? 1;
  const base = {
    format: "png",
    width: values.length / channels,
    height: 1,
    channels,
    colour: "grey",
    alpha: false,
    orientation: 1,
  } as const;
  return { ...base, data: Uint8Array.from(values), ...facts };
}
const mask = (values: readonly number[], facts: Partial<DecodedImage> = {}) => [
  ...maskFromImage(decoded(values, facts)).data,
];

describe("maskFromImage", () => {
  it.each([
    ["0 and 255", [0, 255, 0, 255], [0, 1, 0, 1]],
    ["0 and 1", [0, 1, 1, 0], [0, 1, 1, 0]],
    ["numbers of defects", [0, 1, 3, 8], [0, 1, 1, 1]],
    ["soft edges", [0, 64, 127, 128, 255], [0, 0, 0, 1, 1]],
    ["a grey of its own", [0, 100, 200, 10], [0, 0, 1, 0]],
    ["nothing", [0, 0], [0, 0]],
  ])("%s", (_, values, wanted) => expect(mask(values)).toEqual(wanted));

  it("takes the largest channel of a coloured file and leaves alpha out", () => {
    const colour = { channels: 4, colour: "rgb", alpha: true } as const;
    expect(mask([0, 0, 0, 255, 128, 0, 0, 255, 0, 0, 90, 0], colour)).toEqual([0, 1, 1]);
  });

  it("reads 16 bits, and ignores the noise of JPEG", () => {
    expect(mask([0, 0], { width: 2, data: Uint16Array.of(0, 1) })).toEqual([0, 1]);
    expect(mask([0, 0, 0], { width: 3, data: Uint16Array.of(0, 30000, 65535) })).toEqual([0, 0, 1]);
    expect(mask([0, 3, 5], { format: "jpeg" })).toEqual([0, 0, 0]);
    expect(mask([0, 3, 250], { format: "jpeg" })).toEqual([0, 0, 1]);
  });

  it("leaves its input alone", () => {
    const input = decoded([0, 7]);
    maskFromImage(input);
    expect([...input.data]).toEqual([0, 7]);
  });
});
