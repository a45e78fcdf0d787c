import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { floats, ints, node, port, smallPadim } from "../../../../tests/support/small-onnx.js";
import {
  gaussianKernel,
  WHOLE_CHANNELS,
  WHOLE_SIGMA,
  type WholeParts,
  wholePadim,
  wholePadim2,
} from "../../../../tests/support/whole-padim.js";
import { readOnnx } from "../onnx/read-onnx.js";
import { writeOnnx } from "../onnx/write-onnx.js";
import { type RecognisedPadim, recognisePadim } from "./recognise-padim.js";

const taken = (model = wholePadim()) => recognisePadim(model) as RecognisedPadim;

describe("recognisePadim", () => {
  it("takes a graph of 0.7 to pieces", () => {
    const { mean, inverseCovariance, ...pieces } = taken();
    expect(pieces).toEqual({
      recognised: true,
      input: "input",
      size: { width: 32, height: 32 },
      resizes: false,
      taps: [
        { name: "f1", channels: 4, width: 8, height: 8 },
        { name: "f2", channels: 8, width: 4, height: 4 },
      ],
      grid: { width: 8, height: 8 },
      channels: WHOLE_CHANNELS,
      sigma: WHOLE_SIGMA,
      end: null,
    });
    expect([mean.length, inverseCovariance.length]).toEqual([4 * 64, 4 * 64 * 16]);
    expect(new Float32Array(inverseCovariance.slice().buffer)[0]).toBe(2);
  });

  it("takes one of 2.x to pieces, which resizes, normalises and decides itself", () => {
    expect(taken(wholePadim2())).toMatchObject({
      size: { width: 32, height: 32 },
      resizes: true,
      end: {
        normaliser: { image: { threshold: 3, range: 4 }, pixel: { threshold: 2.5, range: 5 } },
        decisions: { image: 0.5, pixel: 0.5 },
      },
    });
  });

  it("gives the same of a graph that was written and read, and the large weights in their place", () => {
    const bytes = writeOnnx(wholePadim());
    const { mean, inverseCovariance } = taken();
    const again = taken(readOnnx(bytes, "again"));
    expect([again.mean, again.inverseCovariance]).toEqual([mean, inverseCovariance]);
    const tensor = wholePadim().graph.initialisers.find(({ name }) => name === "inv_cov");
    if (tensor?.payload.kind !== "raw") throw new Error("raw weights");
    const { buffer } = taken(wholePadim({ initialisers: { inv_cov: tensor } })).inverseCovariance;
    expect(buffer).toBe(tensor.payload.bytes.buffer);
  });

  it("reads weights from the files that it is given, and refuses without", () => {
    const tensor = wholePadim().graph.initialisers.find(({ name }) => name === "mean");
    if (tensor?.payload.kind !== "raw") throw new Error("raw weights");
    const payload = { kind: "external", location: "weights.bin", offset: 8, length: null } as const;
    const model = wholePadim({ initialisers: { mean: { ...tensor, payload } } });
    const file = new Uint8Array(8 + tensor.payload.bytes.length);
    file.set(tensor.payload.bytes, 8);
    expect((recognisePadim(model, new Map([["weights.bin", file]])) as RecognisedPadim).mean).toEqual(
      taken().mean,
    );
    expect(recognisePadim(model)).toMatchObject({ recognised: false, expected: "the means of the cells" });
  });

  it("accepts other spellings of the same steps", () => {
    const spellings: NonNullable<WholeParts["nodes"]>[] = [
      { clamped: node("Max", ["squares", "zero"], "clamped") },
      { weighted: node("Mul", ["delta", "product"], "weighted") },
      {
        enlarged: node("Resize", ["distances", "", "", "map sizes"], "enlarged", {
          mode: "linear",
          coordinate_transformation_mode: "pytorch_half_pixel",
        }),
      },
    ];
    for (const nodes of spellings)
      expect(recognisePadim(wholePadim({ nodes }))).toMatchObject({ recognised: true });
  });
});

/** What is changed in the graph of 0.7, and what the reason says. */
const REFUSED: readonly (readonly [string, WholeParts, string])[] = [
  ["no PaDiM", { nodes: { product: node("Identity", ["delta"], "product") } }, "PaDiM"],
  [
    "layers enlarged with linear interpolation",
    {
      nodes: {
        up2: node("Resize", ["f2", "", "", "sizes"], "up2", {
          mode: "linear",
          coordinate_transformation_mode: "asymmetric",
        }),
      },
    },
    "linear, asymmetric",
  ],
  [
    "layers enlarged with another rounding",
    {
      nodes: {
        up2: node("Resize", ["f2", "", "", "sizes"], "up2", {
          mode: "nearest",
          coordinate_transformation_mode: "asymmetric",
        }),
      },
    },
    "round_prefer_floor",
  ],
  [
    "layers enlarged by factors",
    {
      nodes: {
        up2: node("Resize", ["f2", "", "factors"], "up2", {
          mode: "nearest",
          coordinate_transformation_mode: "asymmetric",
          nearest_mode: "floor",
        }),
      },
    },
    "the operation Resize before it (up2)",
  ],
  [
    "a layer that is not enlarged",
    { nodes: { up2: node("Identity", ["f2"], "up2") } },
    "the operation Concat before it (taps)",
  ],
  [
    "the same layer twice",
    { nodes: { taps: node("Concat", ["f1", "f1", "f1"], "taps", { axis: 1 }) } },
    "each layer once",
  ],
  ["channels beyond the layers", { initialisers: { idx: ints("idx", [4], [9, 2, 4, 12]) } }, "drawn"],
  [
    "channels that are chosen on another axis",
    { nodes: { chosen: node("Gather", ["taps", "idx"], "chosen", { axis: 2 }) } },
    "PaDiM",
  ],
  [
    "a difference the other way round",
    { nodes: { difference: node("Sub", ["mean", "rows"], "difference") } },
    "less their mean",
  ],
  [
    "squares without the bound at 0",
    { nodes: { clamped: node("Identity", ["squares"], "clamped") } },
    "cut at 0",
  ],
  [
    "squares with an upper bound",
    { nodes: { clamped: node("Clip", ["squares", "zero", "zero"], "clamped") } },
    "cut at 0",
  ],
  [
    "squares that stay squares",
    { nodes: { distances: node("Relu", ["clamped"], "distances") } },
    "square root",
  ],
  [
    "a product with something else",
    { nodes: { weighted: node("Mul", ["product", "product"], "weighted") } },
    "inverse covariance",
  ],
  [
    "a sum over the cells",
    { nodes: { sums: node("ReduceSum", ["weighted", "axis 0"], "sums", { keepdims: 0 }) } },
    "ReduceSum",
  ],
  [
    "cells that are moved",
    {
      nodes: {
        turned: node("Reshape", ["sums", "box"], "turned"),
        squares: node("Transpose", ["turned"], "squares", { perm: [0, 1, 3, 2] }),
      },
      initialisers: { flat: ints("flat", [3], [1, 4, 64]), square: ints("box", [4], [1, 1, 8, 8]) },
    },
    "row-major",
  ],
  [
    "a map enlarged by nearest neighbour",
    {
      nodes: {
        enlarged: node("Resize", ["distances", "", "", "map sizes"], "enlarged", { mode: "nearest" }),
      },
    },
    "bilinear",
  ],
  [
    "a map with aligned corners",
    {
      nodes: {
        enlarged: node("Resize", ["distances", "", "", "map sizes"], "enlarged", {
          mode: "linear",
          coordinate_transformation_mode: "align_corners",
        }),
      },
    },
    "align_corners",
  ],
  ["a border of zeros", { nodes: { padded: node("Pad", ["enlarged", "pads"], "padded") } }, "constant"],
  ["another border", { initialisers: { pads: ints("pads", [8], [0, 0, 4, 4, 0, 0, 4, 5]) } }, "border of 4"],
  [
    "a kernel that is no Gaussian",
    {
      initialisers: {
        kernel: floats(
          "kernel",
          [1, 1, 9, 9],
          gaussianKernel(1).map((value) => value * 1.01),
        ),
      },
    },
    "Gaussian kernel",
  ],
  ["another method at the end", { nodes: { output: node("Sigmoid", ["padded"], "output") } }, "Sigmoid"],
  [
    "an operator of another domain",
    { nodes: { distances: { ...node("Sqrt", ["clamped"], "distances"), domain: "com.example" } } },
    "the operation Sqrt before it (distances)",
  ],
];

describe("recognisePadim refuses", () => {
  it.each(REFUSED)("%s", (_, changed, words) => {
    const found = recognisePadim(wholePadim(changed));
    expect(found).toMatchObject({ recognised: false, reason: expect.stringContaining(words) });
    expect(found.recognised ? "" : found.reason).toMatch(/^The fast engine needs .+; found: .+\.$/);
  });

  const REFUSED_2: readonly (readonly [string, WholeParts, string])[] = [
    ["a range of 0", { initialisers: { "image.range": floats("image.range", [], [0]) } }, "range 0"],
    ["another middle", { nodes: { "pixel.add": node("Add", ["pixel.div", "one"], "pixel.add") } }, "1 added"],
    [
      "values that are cut elsewhere",
      { nodes: { pred_score: node("Clip", ["image.add", "zero", "half"], "pred_score") } },
      "cut to 0 and 0.5",
    ],
    [
      "the mean as score",
      { nodes: { highest: node("ReduceMean", ["raw", "last two"], "highest", { keepdims: 0 }) } },
      "maximum of the raw map",
    ],
    [
      "the score of a part",
      { nodes: { highest: node("ReduceMax", ["raw", "third"], "highest", { keepdims: 0 }) } },
      "maximum",
    ],
    [
      "a decision of another kind",
      { nodes: { pred_label: node("Less", ["pred_score", "half"], "pred_label") } },
      "pred_label",
    ],
    [
      "a mask of the score",
      { nodes: { pred_mask: node("Greater", ["raw", "half"], "pred_mask") } },
      "pred_mask",
    ],
    [
      "pictures that are not resized",
      { nodes: { resized: node("Identity", ["input"], "resized") } },
      "sizes that can be followed",
    ],
  ];
  it.each(REFUSED_2)("a graph of 2.x with %s", (_, changed, words) => {
    const found = recognisePadim(wholePadim2(changed));
    expect(found).toMatchObject({ recognised: false, reason: expect.stringContaining(words) });
  });

  it("other inputs and outputs", () => {
    const model = wholePadim();
    const withPorts = (changes: Partial<typeof model.graph>) =>
      recognisePadim({ ...model, graph: { ...model.graph, ...changes } });
    expect(withPorts({ inputs: [port("input", [2, 3, 32, 32])] })).toMatchObject({
      found: expect.stringContaining("2"),
    });
    expect(withPorts({ inputs: [port("input", [1, 1, 32, 32])] })).toMatchObject({ recognised: false });
    expect(withPorts({ inputs: [port("input", [1, 3, 32, "width"])] })).toMatchObject({ recognised: false });
    expect(withPorts({ outputs: [port("output", null), port("f1", null)] })).toMatchObject({
      found: "output, f1",
    });
    expect(withPorts({ outputs: [] })).toMatchObject({ found: "none" });
  });

  it("a graph that only looks like PaDiM", () => {
    expect(recognisePadim(smallPadim())).toMatchObject({ recognised: false });
  });

  it("whatever is left out of a graph, and never fails otherwise", () => {
    const { graph, ...model } = wholePadim2();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: graph.nodes.length - 1 }), (gone) => {
        const nodes = graph.nodes.filter((_, at) => at !== gone);
        expect(recognisePadim({ ...model, graph: { ...graph, nodes } }).recognised).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
