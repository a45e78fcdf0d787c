import { describe, expect, it } from "vitest";
import { port, smallModel } from "../../../../tests/support/small-onnx.js";
import { BlemishError } from "../errors.js";
import { indexGraph } from "../onnx/graph-index.js";
import type { OnnxValue } from "../onnx/onnx-model.js";
import { refusal } from "./graph-walk.js";
import { onePicture, pictureInput, recognised, resizes, samePieces, walksOf } from "./recognition.js";

const inputOf = (...inputs: OnnxValue[]) => pictureInput(indexGraph(smallModel({ inputs }).graph));
const refused = expect.objectContaining({ code: "MODEL_ENGINE" });

describe("recognised", () => {
  it("gives what was found, or the refusal as a sentence", () => {
    expect(recognised(() => 7)).toBe(7);
    expect(
      recognised(() => {
        throw refusal("a bank", "none");
      }),
    ).toEqual({
      recognised: false,
      reason: "The fast engine needs a bank; found: none.",
      expected: "a bank",
      found: "none",
    });
  });

  it("lets every other error through", () => {
    const broken = new BlemishError("MODEL_BROKEN", { subject: "x" });
    for (const error of [broken, new TypeError("x")])
      expect(() =>
        recognised(() => {
          throw error;
        }),
      ).toThrow(error);
  });
});

describe("pictureInput", () => {
  it("reads a fixed size, a free one, and a fixed batch", () => {
    expect(inputOf(port("x", [1, 3, 40, 50]))).toEqual({ name: "x", batch: 1, sides: [[40, 50]] });
    const free = inputOf(port("x", ["batch_size", 3, "height", "width"]));
    expect(free.batch).toBe(1);
    expect(free.sides.length).toBeGreaterThan(1);
    expect(inputOf(port("x", [2, 3, "h", "w"])).batch).toBe(2);
  });

  it.each([
    [[port("x", [1, 3, 40, "width"])]],
    [[port("x", [1, 1, 40, 50])]],
    [[port("x", [1, 3, 40])]],
    [[port("x", null)]],
    [[port("x", [0, 3, 40, 50])]],
    [[port("x", [65, 3, 40, 50])]],
    [[port("x", [1, 3, 40, 50], 7)]],
    [[port("x", [1, 3, 40, 50]), port("y", [1])]],
    [[]],
  ])("refuses %j", (inputs: OnnxValue[]) => {
    expect(() => inputOf(...inputs)).toThrowError(refused);
  });

  it("one picture at a time where that is needed", () => {
    const one = inputOf(port("x", [1, 3, 40, 50]));
    expect(onePicture(one)).toBe(one);
    expect(() => onePicture(inputOf(port("x", [2, 3, 40, 50])))).toThrowError(refused);
  });
});

describe("the sizes that a graph is followed for", () => {
  const index = indexGraph(smallModel({ inputs: [port("x", [2, 3, "h", "w"])] }).graph);
  const input = pictureInput(index);

  it("tell the shape of the input", () => {
    const shapes = walksOf(index, input, undefined).map((walk) => walk.shapes("x")?.dims);
    expect(shapes).toEqual(input.sides.map((sides) => [2, 3, ...sides]));
  });

  it("must not change what was found", () => {
    expect(samePieces([{ size: 3 }, { size: 3 }], ({ size }) => [size])).toEqual({ size: 3 });
    expect(() => samePieces([{ size: 3 }, { size: 4 }], ({ size }) => [size])).toThrowError(refused);
  });

  it("tell whether the graph resizes", () => {
    const fixed = inputOf(port("x", [1, 3, 40, 50]));
    expect(resizes(fixed, { width: 50, height: 40 })).toBe(false);
    expect(resizes(fixed, { width: 40, height: 40 })).toBe(true);
    expect(resizes(input, { width: 50, height: 40 })).toBe(true);
  });
});
