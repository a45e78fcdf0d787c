import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryModel } from "../../../../tests/support/arbitrary-onnx.js";
import { FUZZ_TIMEOUT, fuzzRuns, resultOrCode } from "../../../../tests/support/fuzz.js";
import { smallModel, smallPadim } from "../../../../tests/support/small-onnx.js";
import { externalDataFiles, forEachTensor } from "./external-data.js";
import { readOnnx } from "./read-onnx.js";
import { tensorValues } from "./tensor-values.js";
import { writeOnnx } from "./write-onnx.js";

const ascii = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));

/** Reads a file and everything in it; the model, or the code of the error. */
function readAll(bytes: Uint8Array) {
  return resultOrCode(() => {
    const model = readOnnx(bytes, "m");
    externalDataFiles(model);
    forEachTensor(model.graph, (tensor) => void tensorValues(tensor));
    return model;
  });
}

const ERRORS = ["MODEL_FORMAT", "MODEL_BROKEN"];
const samples = fc.sample(arbitraryModel, { numRuns: 60, seed: 1 });
const files = [smallPadim(), smallModel(), ...samples].map(writeOnnx);

describe("readOnnx", () => {
  it("weights are views into the file, also when it came as a Buffer", () => {
    const file = Buffer.from(writeOnnx(smallPadim()));
    const model = readOnnx(file, "m");
    const [first] = model.graph.initialisers;
    expect(first?.payload.kind === "raw" && first.payload.bytes.buffer).toBe(file.buffer);
    expect(model).toEqual(smallPadim());
  });

  it("what is no ONNX file is MODEL_FORMAT and says what it looks like", () => {
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(0), /an empty file/],
      [ascii("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), /a PNG picture/],
      [ascii("\xff\xd8\xff\xe0\0\x10JFIF"), /a JPEG picture/],
      [ascii('{"task": "segmentation"}'), /JSON text/],
      [ascii('<?xml version="1.0"?><net>'), /XML text/],
      [ascii("PK\x03\x04\x14\0\x08"), /ZIP archive/],
      [ascii("version https://git-lfs.github.com/spec/v1\n"), /Git LFS pointer/],
      [ascii("Hello, this is a text file.\n"), /text/],
      [Uint8Array.of(0, 0, 0, 0), /bytes that no ONNX file starts with/],
    ];
    for (const [bytes, found] of cases) {
      expect(() => readOnnx(bytes, "model.onnx"), String(found)).toThrow(
        /^model\.onnx is no model that is read here/,
      );
      expect(() => readOnnx(bytes, "model.onnx")).toThrow(found);
    }
  });

  it("an ONNX file without a graph or version is MODEL_FORMAT, one cut off behind the graph MODEL_BROKEN", () => {
    expect(() => readOnnx(Uint8Array.of(8, 6), "m")).toThrow(/no graph in it.*MODEL_FORMAT/);
    expect(() => readOnnx(Uint8Array.of(0x3a, 0, 0x42, 0), "m")).toThrow(/an IR version.*MODEL_FORMAT/);
    expect(() => readOnnx(Uint8Array.of(8, 6, 0x3a, 0), "m")).toThrow(/no operator set.*MODEL_BROKEN/);
  });

  it("fields that are not known are skipped", () => {
    const file = writeOnnx(smallPadim());
    const more = Uint8Array.of(...file, 0x28, 1, 0x32, 3, 97, 98, 99, 0xa2, 1, 0, 0xc8, 1, 5);
    expect(readOnnx(more, "m")).toEqual(smallPadim());
  });

  it("a huge claimed length is refused without being allocated", () => {
    const lie = Uint8Array.of(8, 6, 0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f, 1);
    expect(() => readOnnx(lie, "m")).toThrow(/a part of 34359738367 bytes where 1 are left.*MODEL_BROKEN/);
  });

  it("time is linear: eight times the nodes take at most thirty times as long", () => {
    const node = { name: "n", opType: "Relu", domain: "", inputs: ["a"], outputs: ["b"], attributes: [] };
    const timeFor = (count: number) => {
      const file = writeOnnx(smallModel({ nodes: Array.from({ length: count }, () => node) }));
      const start = performance.now();
      expect(readOnnx(file, "m").graph.nodes).toHaveLength(count);
      return performance.now() - start;
    };
    timeFor(5_000);
    const small = Math.max(1, timeFor(5_000), timeFor(5_000));
    expect(Math.min(timeFor(40_000), timeFor(40_000))).toBeLessThan(30 * small);
  });
});

describe("readOnnx on hostile files", () => {
  it(
    "random bytes",
    () => {
      const start = fc.constantFrom([], [8, 6], [8, 8, 0x3a], [8, 6, 0x3a, 40, 0x0a, 30]);
      fc.assert(
        fc.property(start, fc.uint8Array({ maxLength: 200 }), (head, tail) => {
          const result = readAll(Uint8Array.from([...head, ...tail]));
          if (typeof result === "string") expect(ERRORS).toContain(result);
        }),
        { numRuns: fuzzRuns(3000) },
      );
    },
    FUZZ_TIMEOUT,
  );

  it(
    "cut off at any byte: an error, unless only trailing fields are gone",
    () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...files),
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          (file, part) => {
            const whole = readOnnx(file, "m");
            const result = readAll(file.slice(0, Math.floor(part * file.length)));
            if (typeof result === "string") expect(ERRORS).toContain(result);
            else expect(result.graph).toEqual(whole.graph);
          },
        ),
        { numRuns: fuzzRuns(2500) },
      );
    },
    FUZZ_TIMEOUT,
  );

  it(
    "bytes changed anywhere",
    () => {
      const change = fc.tuple(fc.nat(1_000_000), fc.nat(255));
      fc.assert(
        fc.property(
          fc.constantFrom(...files),
          fc.array(change, { minLength: 1, maxLength: 8 }),
          (file, changes) => {
            const damaged = file.slice();
            for (const [at, value] of changes) damaged[at % damaged.length] = value;
            const result = readAll(damaged);
            if (typeof result === "string") expect(ERRORS).toContain(result);
          },
        ),
        { numRuns: fuzzRuns(4000) },
      );
    },
    FUZZ_TIMEOUT,
  );
});
