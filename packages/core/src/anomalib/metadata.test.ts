import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FUZZ_TIMEOUT, fuzzRuns, resultOrCode } from "../../../../tests/support/fuzz.js";
import { parseMetadata } from "./metadata.js";

const NAME = "metadata.json";
const parse = (value: unknown) => parseMetadata(JSON.stringify(value), NAME);

const transform = {
  __version__: "1.3.1",
  transform: {
    __class_fullname__: "Compose",
    p: 1.0,
    transforms: [
      { __class_fullname__: "Resize", always_apply: true, p: 1, height: 64, width: 64, interpolation: 1 },
      { __class_fullname__: "ToFloat", always_apply: false, p: 1.0, max_value: 255 },
    ],
  },
};
const full = {
  task: "segmentation",
  transform,
  image_threshold: 13.7,
  pixel_threshold: 12.5,
  min: 5.25,
  max: 22.75,
};

describe("parseMetadata: the variants that Anomalib writes", () => {
  it("0.5 to 0.7: task, transform, thresholds, one range for both", () => {
    expect(parse(full)).toEqual({
      task: "segmentation",
      transform: [
        { type: "resize", height: 64, width: 64, interpolation: "linear" },
        { type: "toFloat", maxValue: 255 },
      ],
      imageThreshold: 13.7,
      pixelThreshold: 12.5,
      normalisation: {
        method: "min_max",
        image: { min: 5.25, max: 22.75 },
        pixel: { min: 5.25, max: 22.75 },
      },
      mapSize: null,
      separateRanges: false,
      notes: [],
    });
  });

  it("0.3 and 0.4: thresholds and range only", () => {
    const {
      task,
      transform: none,
      notes,
    } = parse({ image_threshold: 1, pixel_threshold: 2, min: 0, max: 1 });
    expect([task, none, notes]).toEqual([null, null, []]);
  });

  it("1.1.1 to 1.2: ranges of their own; box_scores are known but not used", () => {
    const metadata = parse({
      task: null,
      "pred_scores.min": 3,
      "pred_scores.max": 26,
      "anomaly_maps.min": 0.5,
      "anomaly_maps.max": 26,
      "box_scores.min": 1,
      "box_scores.max": 2,
    });
    expect(metadata.normalisation).toEqual({
      method: "min_max",
      image: { min: 3, max: 26 },
      pixel: { min: 0.5, max: 26 },
    });
    expect(metadata).toMatchObject({ separateRanges: true, task: null, notes: [] });
  });

  it("one of the two ranges missing: the other serves both, with a note", () => {
    const metadata = parse({ "pred_scores.min": 3, "pred_scores.max": 26 });
    expect(metadata.normalisation).toMatchObject({ pixel: { min: 3, max: 26 } });
    expect(metadata.notes).toEqual([
      "The range of anomaly_maps is missing; that of pred_scores is used for both.",
    ]);
  });

  it("no normalisation: raw values", () => {
    expect(parse({ image_threshold: 1 })).toMatchObject({
      normalisation: { method: "none" },
      pixelThreshold: null,
    });
    expect(parse({})).toMatchObject({ imageThreshold: null, pixelThreshold: null });
  });

  it("cdf: log statistics of image and pixels", () => {
    const metadata = parse({
      image_mean: 1.5,
      image_std: 0.25,
      pixel_mean: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      pixel_std: [
        [1, 1, 1],
        [2, 2, 2],
      ],
    });
    expect(metadata.normalisation).toEqual({
      method: "cdf",
      image: { mean: 1.5, std: 0.25 },
      pixel: { mean: Float32Array.of(1, 2, 3, 4, 5, 6), std: Float32Array.of(1, 1, 1, 2, 2, 2) },
    });
    expect(metadata.mapSize).toEqual({ height: 2, width: 3 });
  });

  it("NaN and infinite thresholds count as missing, infinite ranges too, with notes", () => {
    const metadata = parseMetadata(
      '{"image_threshold": NaN, "pixel_threshold": -Infinity, "min": Infinity, "max": -Infinity}',
      NAME,
    );
    expect(metadata).toMatchObject({
      imageThreshold: null,
      pixelThreshold: null,
      normalisation: { method: "none" },
    });
    expect(metadata.notes).toEqual([
      "image_threshold is NaN and counts as missing.",
      "pixel_threshold is -Infinity and counts as missing.",
      "min and max are infinite and count as missing.",
    ]);
  });

  it("unknown keys are noted, shortened and counted", () => {
    const extra = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`key ${i} ${"x".repeat(100)}`, i]),
    );
    const [note] = parse({ ...full, ...extra }).notes;
    expect(note).toMatch(/^Keys that are not used: "key 0 x+…", .* and 12 more\.$/);
    expect(parseMetadata('{"__proto__": {"min": 1}}', NAME).notes).toEqual([
      'Keys that are not used: "__proto__".',
    ]);
  });
});

describe("parseMetadata: what is refused", () => {
  it("files that are no object, with the place", () => {
    for (const [text, found] of [
      ["", /an empty file/],
      ["null", /a JSON object, found null/],
      ["[1]", /found a list/],
      ["13.7", /found 13.7/],
      ['{"min": 1,', /a key in quotes, found the end of the text in line 1, column 11/],
    ] as const) {
      expect(() => parseMetadata(text, NAME), text).toThrow(found);
      expect(() => parseMetadata(text, NAME), text).toThrow(/^metadata\.json .*METADATA_FORMAT/);
    }
  });

  it("every field of a wrong type is named at once", () => {
    expect(() =>
      parse({ task: "counting", image_threshold: "5", pixel_threshold: true, min: [], max: 3 }),
    ).toThrow(
      /task is the text "counting", not one of classification, segmentation, detection; image_threshold is the text "5", not a number; pixel_threshold is true, not a number; min is a list, not a number/,
    );
  });

  it("ranges that cannot be: NaN, one end only, empty, upside down", () => {
    expect(() => parseMetadata('{"min": NaN, "max": 3}', NAME)).toThrow(
      /min is NaN, not a number.*METADATA_FORMAT/,
    );
    expect(() => parse({ min: 1 })).toThrow(/max is missing/);
    expect(() => parse({ "pred_scores.max": 1 })).toThrow(/pred_scores\.min is missing/);
    expect(() => parse({ min: 2, max: 2 })).toThrow(/max 2 is not above min 2/);
    expect(() => parse({ "anomaly_maps.min": 3, "anomaly_maps.max": 2 })).toThrow(
      /anomaly_maps\.max 2 is not above/,
    );
    expect(() => parseMetadata('{"min": 1, "max": Infinity}', NAME)).toThrow(/min is 1 but max is Infinity/);
  });

  it("cdf statistics that cannot be", () => {
    const good = { image_mean: 1, image_std: 1, pixel_mean: [[1, 2]], pixel_std: [[1, 1]] };
    expect(() => parse({ ...good, image_std: 0 })).toThrow(/image_std 0 is not above 0/);
    expect(() => parse({ ...good, image_mean: null })).toThrow(/image_mean is null, not a finite number/);
    expect(() => parse({ ...good, pixel_mean: [[1, 2], [3]] })).toThrow(
      /row 1 of pixel_mean does not hold 2 numbers/,
    );
    expect(() => parse({ ...good, pixel_mean: [[1, "2"]] })).toThrow(
      /pixel_mean holds the text "2" in row 0, column 1/,
    );
    expect(() => parse({ ...good, pixel_mean: 3 })).toThrow(/pixel_mean is 3, not rows of numbers/);
    expect(() => parse({ ...good, pixel_std: [[1, 0]] })).toThrow(
      /pixel_std holds values that are not above 0/,
    );
    expect(() => parse({ ...good, pixel_std: [[1]] })).toThrow(/differ in size/);
    expect(() => parse({ ...good, min: 0, max: 1 })).toThrow(/both min\/max and mean\/std are given/);
  });

  it("a transform that is not known keeps its own code", () => {
    expect(() => parse({ ...full, transform: { __class_fullname__: "Blur" } })).toThrow(
      /Blur.*METADATA_TRANSFORM/,
    );
  });
});

describe("parseMetadata on hostile text", () => {
  const CODES = ["METADATA_FORMAT", "METADATA_TRANSFORM"];
  const check = (text: string) => {
    const result = resultOrCode(() => parseMetadata(text, NAME));
    if (typeof result === "string") expect(CODES).toContain(result);
    else expect(Number.isFinite(result.imageThreshold ?? 0)).toBe(true);
  };
  const sample = JSON.stringify({ ...full, pixel_mean: [[1]], "pred_scores.min": 1 }, null, 4);

  it(
    "random text of JSON's pieces",
    () => {
      const key = fc
        .constantFrom(...Object.keys(full), "pixel_mean", "__proto__", "pred_scores.min")
        .map((name) => `"${name}":`);
      const piece = fc.oneof(
        key,
        fc.constantFrom(..."{}[],:".split(""), "NaN", "-Infinity", "1e999", "null", '"', "\\u0000", "{}"),
        fc.string(),
      );
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => check(pieces.join(""))),
        { numRuns: fuzzRuns(1500) },
      );
    },
    FUZZ_TIMEOUT,
  );

  it(
    "real metadata, cut and with characters changed",
    () => {
      const change = fc.tuple(fc.nat(100_000), fc.constantFrom(...'{}[],:"\\0NaIx-.e \u0000'));
      fc.assert(
        fc.property(fc.array(change, { maxLength: 4 }), fc.nat(sample.length), (changes, end) => {
          let text = sample;
          for (const [at, character] of changes) {
            const place = at % text.length;
            text = text.slice(0, place) + character + text.slice(place + 1);
          }
          check(text);
          check(text.slice(0, end));
        }),
        { numRuns: fuzzRuns(1200) },
      );
    },
    FUZZ_TIMEOUT,
  );

  it(
    "real keys with any value",
    () => {
      const value = fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...Object.values(full)));
      const keys = [
        ...Object.keys(full),
        "image_mean",
        "image_std",
        "pixel_mean",
        "pixel_std",
        "anomaly_maps.max",
      ];
      const record = fc.dictionary(fc.constantFrom(...keys), value, { noNullPrototype: true });
      fc.assert(
        fc.property(record, (fields) => check(JSON.stringify(fields))),
        { numRuns: fuzzRuns(1500) },
      );
    },
    FUZZ_TIMEOUT,
  );

  it(
    "any value in place of any part of the transform",
    () => {
      const text = JSON.stringify(full);
      const parts = [...text.matchAll(/"[^"]*"|\d+(?:\.\d+)?|true|false/g)].map(
        (match) => [match.index, match[0].length] as const,
      );
      fc.assert(
        fc.property(fc.constantFrom(...parts), fc.jsonValue({ maxDepth: 2 }), ([start, length], value) => {
          check(text.slice(0, start) + JSON.stringify(value) + text.slice(start + length));
        }),
        { numRuns: fuzzRuns(1000) },
      );
    },
    FUZZ_TIMEOUT,
  );
});
