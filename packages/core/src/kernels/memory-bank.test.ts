import { expect, it } from "vitest";
import { largestWhole, packPoints, quantiseBank, squaredLengths } from "./memory-bank.js";

it("sums of quantised products fit into 32 bits, whatever the number of channels", () => {
  for (const channels of [1, 152, 516, 517, 1536, 4096])
    expect(largestWhole(channels) * 127 * channels).toBeLessThan(2 ** 31);
  expect(largestWhole(160)).toBe(32_767);
});

it("an int8 bank is within half a step of its rows' largest entries", () => {
  const values = Float32Array.from({ length: 6 * 7 }, (_, i) => (i < 7 ? 0 : Math.sin(i) * 10 ** (i % 5)));
  const { data, scale, norms } = quantiseBank(6, 7, values);
  values.forEach((value, i) => {
    const step = scale?.[Math.floor(i / 7)] as number;
    expect(Math.abs((data[i] as number) * step - value)).toBeLessThanOrEqual(0.5001 * step);
  });
  expect([...data.subarray(0, 7), scale?.[0], norms[0]]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(Math.max(...data)).toBe(127);
});

it("squared lengths are those of the rows as stored", () => {
  const data = Int8Array.of(3, -4, 0, 127);
  const bank = { rows: 2, channels: 2, data, scale: Float32Array.of(2, 0.5) };
  expect([...squaredLengths(bank)]).toEqual([100, 63.5 ** 2]);
  expect([...squaredLengths({ rows: 1, channels: 3, data: Float32Array.of(1, 2, 2), scale: null })]).toEqual([
    9,
  ]);
});

it("points stand side by side in blocks of eight", () => {
  const points = Float32Array.from({ length: 9 * 2 }, (_, i) => i + 1);
  const { data, count, channels } = packPoints(points, 9, 2, new Float32Array(32).fill(9));
  expect([count, channels]).toEqual([9, 2]);
  expect([...data.subarray(0, 10)]).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 2, 4]);
  expect([...data.subarray(16)]).toEqual([17, 0, 0, 0, 0, 0, 0, 0, 18, 0, 0, 0, 0, 0, 0, 0]);
});
