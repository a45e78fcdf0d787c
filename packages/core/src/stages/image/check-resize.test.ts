import { expect, test } from "vitest";
import { checkResize } from "./check-resize.js";

const picture = { width: 3, height: 2, channels: 4, data: new Uint8Array(24) };
const map = { width: 3, height: 2, data: new Float32Array(6) };

test("accepts pictures and maps whose data fits, and any size from 1", () => {
  expect(() => checkResize(picture, 1, 1)).not.toThrow();
  expect(() => checkResize(map, 900, 1)).not.toThrow();
});

test.each([
  ["too short", { ...picture, data: new Uint8Array(23) }],
  ["too long", { ...map, data: new Float32Array(7) }],
  ["no pixels", { ...map, width: 0, data: new Float32Array(0) }],
  ["half a pixel", { ...map, width: 1.5, height: 4 }],
  ["no channels", { ...picture, channels: 0, data: new Uint8Array(0) }],
])("refuses data that is no picture: %s", (_, image) => {
  expect(() => checkResize(image, 2, 2)).toThrow(expect.objectContaining({ code: "IMAGE_PIXELS" }));
});

test("the error says what was expected and found", () => {
  expect(() => checkResize({ ...picture, data: new Uint8Array(5) }, 2, 2)).toThrow(
    "expected 3 × 2 × 4 samples, found 5",
  );
  expect(() => checkResize(picture, 0, 7)).toThrow("found 0 × 7");
});

test("counts channels when it limits the size of the result", () => {
  expect(() => checkResize(map, 2 ** 30, 1)).not.toThrow();
  expect(() => checkResize(picture, 2 ** 30, 1)).toThrow(expect.objectContaining({ code: "OPTION_VALUE" }));
});
