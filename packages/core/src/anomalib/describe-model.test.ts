import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryModel } from "../../../../tests/support/arbitrary-onnx.js";
import { FUZZ_TIMEOUT, fuzzRuns, resultOrCode } from "../../../../tests/support/fuzz.js";
import {
  BOOL,
  floats,
  node,
  port,
  type SmallModel,
  smallModel,
  smallPadim,
} from "../../../../tests/support/small-onnx.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import { readOnnx } from "../onnx/read-onnx.js";
import { writeOnnx } from "../onnx/write-onnx.js";
import { type DescribeOptions, describeModel } from "./describe-model.js";
import { inspectModel } from "./inspect-model.js";
import { type Metadata, parseMetadata } from "./metadata.js";

const SUBJECT = "model.onnx";
const plain = parseMetadata(
  '{"task": "detection", "image_threshold": 5, "pixel_threshold": 4, "min": 0, "max": 10}',
  "m",
);
const resize = (height: number, width: number) =>
  ({ type: "resize", height, width, interpolation: "linear" }) as const;

function describeSmall(
  parts: SmallModel | OnnxModel,
  metadata: Metadata | null,
  options: DescribeOptions = {},
) {
  const model = "graph" in parts ? parts : smallModel(parts);
  return describeModel({ model, subject: SUBJECT, metadata, metadataSubject: "metadata.json", options });
}

const free = { inputs: [port("input", ["b", 3, "h", "w"])] };
const both = { outputs: [port("output", [1, 1, 32, 32]), port("307", [1])] };
const named = {
  outputs: [
    port("pred_score", ["b", 1]),
    port("pred_label", ["b", 1], BOOL),
    port("anomaly_map", ["b", 1, 8, 8]),
    port("pred_mask", ["b", 1, 8, 8], BOOL),
  ],
};

describe("describeModel", () => {
  it("0.5 to 0.7: the metadata's transform, raw thresholds, score from the map", () => {
    const transform = [resize(40, 40), { type: "centerCrop", height: 32, width: 32 } as const];
    const description = describeSmall(smallPadim(), { ...plain, transform });
    expect(description).toMatchObject({
      profile: "anomalib-0.7",
      kind: "padim",
      task: "detection",
      input: { name: "input", height: 32, width: 32, batch: 1 },
      outputs: { map: "output", score: null, label: null, mask: null },
      scoreSource: "map-max",
      preprocessing: transform,
      imageThreshold: 5,
      pixelThreshold: 4,
      normalisation: { method: "min_max", image: { min: 0, max: 10 } },
      notes: [],
    });
    expect(description.evidence.length).toBeGreaterThan(0);
    expect(structuredClone(description)).toEqual(description);
  });

  it("0.3 and 0.4: resize and ImageNet normalisation are assumed, and said", () => {
    const description = describeSmall({}, { ...plain, task: null });
    expect(description.preprocessing).toEqual([
      resize(32, 32),
      { type: "normalize", mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], maxPixelValue: 255 },
    ]);
    expect(description.notes.join(" ")).toMatch(
      /No task is named; segmentation is assumed.*names no transform; a linear resize to 32 × 32/,
    );
  });

  it("1.x: values 0–1 and no more, or an antialiased resize where the export fixed the size", () => {
    expect(describeSmall(free, plain)).toMatchObject({
      profile: "anomalib-1",
      preprocessing: [{ type: "toFloat", maxValue: 255 }],
    });
    const fixed = describeSmall({}, { ...plain, separateRanges: true });
    expect(fixed.preprocessing).toEqual([
      { type: "resize", height: 32, width: 32, interpolation: "antialias" },
      { type: "toFloat", maxValue: 255 },
    ]);
    expect(fixed.notes).toContain(
      "Pictures of other sizes are first resized, antialiased, to 32 × 32 pixels.",
    );
  });

  it("2.x: needs no metadata, decides inside the graph at 0.5 unless the graph says otherwise", () => {
    const description = describeSmall({ ...free, ...named }, null);
    expect(description).toMatchObject({
      profile: "anomalib-2",
      outputs: { map: "anomaly_map", score: "pred_score", label: "pred_label", mask: "pred_mask" },
      scoreSource: "output",
      imageThreshold: 0.5,
      pixelThreshold: 0.5,
      normalisation: { method: "in-graph" },
      task: "segmentation",
    });
    const sensitive = {
      ...free,
      ...named,
      initialisers: [floats("t", [], [0.25])],
      nodes: [node("Greater", ["pred_score", "t"], "pred_label")],
    };
    expect(describeSmall(sensitive, null)).toMatchObject({ imageThreshold: 0.25, pixelThreshold: 0.5 });
    expect(describeSmall({ ...free, ...named }, plain).notes).toContain(
      "The metadata file is not used: this graph holds its own thresholds.",
    );
  });

  it("a second output with the image score is used by default, as the threshold was fitted for it", () => {
    const description = describeSmall(both, plain);
    expect(description).toMatchObject({ scoreSource: "output", outputs: { map: "output", score: "307" } });
    expect(description.notes[0]).toMatch(/The output 307 is the image score/);
    expect(describeSmall(both, plain, { scoreSource: "map-max" }).scoreSource).toBe("map-max");
  });

  it("a classifier has a score and no map", () => {
    const description = describeSmall({ outputs: [port("output", [1])] }, { ...plain, task: null });
    expect(description).toMatchObject({
      task: "classification",
      outputs: { map: null, score: "output" },
      scoreSource: "output",
    });
  });

  it("missing thresholds and ranges stay null, with notes", () => {
    const description = describeSmall(free, parseMetadata('{"image_threshold": NaN}', "m"));
    expect(description).toMatchObject({
      imageThreshold: null,
      pixelThreshold: null,
      normalisation: { method: "none" },
    });
    expect(description.notes).toEqual([
      "No task is named; segmentation is assumed.",
      "image_threshold is NaN and counts as missing.",
      "The metadata has no image threshold.",
      "The metadata has no pixel threshold.",
      "The metadata has no ranges: scores and maps stay raw.",
    ]);
  });

  it("options win over the files", () => {
    expect(describeSmall({}, plain, { task: "classification" }).task).toBe("classification");
    expect(describeSmall({}, plain, { profile: "anomalib-1" }).profile).toBe("anomalib-1");
  });
});

describe("describeModel: what does not fit", () => {
  it("no metadata for 0.x and 1.x", () => {
    expect(() => describeSmall({}, null)).toThrow(/^metadata\.json .*METADATA_NOT_FOUND/);
    expect(() => describeModel({ model: smallModel(free), subject: SUBJECT, metadata: null })).toThrow(
      /^The metadata of model\.onnx .*METADATA_NOT_FOUND/,
    );
  });

  it("a transform of another size names both", () => {
    expect(() => describeSmall({}, { ...plain, transform: [resize(64, 48)] })).toThrow(
      /^model\.onnx .*expected 32 × 32 pixels, found 48 × 64 from the transform of metadata\.json.*MODEL_INPUT/,
    );
    expect(describeSmall({}, { ...plain, transform: [] }).notes[0]).toMatch(
      /does not resize: pictures must be 32 × 32/,
    );
    expect(describeSmall(free, { ...plain, transform: [resize(64, 48)] }).profile).toBe("anomalib-0.7");
  });

  it("pixel statistics of another size", () => {
    const cdf = parseMetadata(
      '{"image_mean": 1, "image_std": 1, "pixel_mean": [[1]], "pixel_std": [[1]]}',
      "m",
    );
    expect(() => describeSmall({}, cdf)).toThrow(
      /^metadata\.json .*of 32 × 32, the model's map, found 1 × 1.*METADATA_FORMAT/,
    );
    expect(describeSmall({ outputs: [port("output", [1, 1, 1, 1])] }, cdf).normalisation.method).toBe("cdf");
  });

  it("a score source that is not there", () => {
    expect(() => describeSmall({}, plain, { scoreSource: "output" })).toThrow(
      /a score among the outputs.*OPTION_VALUE/,
    );
    expect(() => describeSmall({ outputs: [port("o", [1])] }, plain, { scoreSource: "map-max" })).toThrow(
      /a map among the outputs.*OPTION_VALUE/,
    );
    expect(() => describeSmall({ ...free, ...named }, null, { scoreSource: "map-max" })).toThrow(
      /OPTION_VALUE/,
    );
  });
});

describe("describeModel on hostile models", () => {
  const CODES = [
    "MODEL_FORMAT",
    "MODEL_BROKEN",
    "MODEL_NOT_ANOMALY",
    "MODEL_INPUT",
    "METADATA_NOT_FOUND",
    "METADATA_FORMAT",
    "OPTION_VALUE",
    "MODEL_DATA_MISSING",
  ];
  const options = fc.record<DescribeOptions>(
    {
      profile: fc.constantFrom("anomalib-0.7", "anomalib-1", "anomalib-2"),
      scoreSource: fc.constantFrom("output", "map-max"),
    },
    { requiredKeys: [] },
  );
  const metadata = fc.constantFrom(null, plain, { ...plain, transform: [resize(32, 32)] });
  const check = (model: OnnxModel, one: Metadata | null, chosen: DescribeOptions) => {
    const result = resultOrCode(() => describeSmall(model, one, chosen));
    if (typeof result === "string") expect(CODES).toContain(result);
    const description = typeof result === "string" ? null : result;
    const facts = resultOrCode(() => inspectModel({ model, fileBytes: 1, description, metadata: one }));
    if (typeof facts === "string") expect(CODES).toContain(facts);
    else expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  };

  it(
    "a PaDiM file with bytes changed, read and described",
    () => {
      const file = writeOnnx(smallPadim());
      const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
      fc.assert(
        fc.property(
          fc.array(change, { minLength: 1, maxLength: 5 }),
          metadata,
          options,
          (changes, one, chosen) => {
            const damaged = file.slice();
            for (const [at, value] of changes) damaged[at] = value;
            const model = resultOrCode(() => readOnnx(damaged, SUBJECT));
            if (typeof model !== "string") check(model, one, chosen);
          },
        ),
        { numRuns: fuzzRuns(2000) },
      );
    },
    FUZZ_TIMEOUT,
  );

  it(
    "graphs of random nodes around the ports of a detector",
    () => {
      const outputs = fc.constantFrom(both.outputs, named.outputs, smallModel().graph.outputs);
      const inputs = fc.constantFrom(free.inputs, smallModel().graph.inputs);
      fc.assert(
        fc.property(
          arbitraryModel,
          fc.boolean(),
          inputs,
          outputs,
          metadata,
          options,
          (random, keep, ins, outs, one, chosen) => {
            const graph = keep ? random.graph : { ...random.graph, inputs: ins, outputs: outs };
            check({ ...random, graph }, one, chosen);
          },
        ),
        { numRuns: fuzzRuns(800) },
      );
    },
    FUZZ_TIMEOUT,
  );

  it(
    "the PaDiM graph with inputs rewired at random",
    () => {
      const { graph } = smallPadim();
      const names = [
        ...graph.nodes.flatMap(({ outputs }) => outputs),
        ...graph.initialisers.map(({ name }) => name),
        "input",
        "",
      ];
      const rewiring = fc.tuple(fc.nat(graph.nodes.length - 1), fc.nat(3), fc.constantFrom(...names));
      fc.assert(
        fc.property(fc.array(rewiring, { minLength: 1, maxLength: 6 }), metadata, (wires, one) => {
          const nodes = graph.nodes.map((old, at) => {
            const inputs = [...old.inputs];
            for (const [which, slot, name] of wires)
              if (which === at) inputs[slot % (inputs.length + 1)] = name;
            return { ...old, inputs };
          });
          check({ ...smallPadim(), graph: { ...graph, nodes } }, one, {});
        }),
        { numRuns: fuzzRuns(1000) },
      );
    },
    FUZZ_TIMEOUT,
  );
});
