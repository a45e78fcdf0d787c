import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dictionary, object, type Pickled, pickle } from "../../../../tests/support/torch-archive.js";
import { readPickle } from "./read-pickle.js";

const read = (value: Pickled) => readPickle(pickle(value), "model.ckpt");
const raw = (...bytes: number[]) => readPickle(Uint8Array.from(bytes), "model.ckpt");

describe("plain values", () => {
  const plain = fc.letrec<{ value: Pickled }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }),
      fc.double({ noNaN: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
      fc.string(),
      fc.array(tie("value"), { maxLength: 4 }),
    ),
  })).value;

  it("come back as they are, however deep", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(read(value)).toEqual(value);
      }),
    );
  });

  it("dictionaries keep order and keys of any kind", () => {
    const map = new Map<Pickled, Pickled>([
      ["b", 1],
      [2, "two"],
      [null, [true]],
    ]);
    expect(read(map)).toEqual(map);
  });

  it("whole numbers of any length, short texts, what is remembered", () => {
    expect(raw(0x80, 2, 0x8a, 2, 0xff, 0xff, 0x2e)).toBe(-1);
    expect(raw(0x80, 4, 0x8a, 5, 0, 0, 0, 0, 1, 0x2e)).toBe(2 ** 32);
    expect(raw(0x80, 4, 0x8c, 1, 0x61, 0x94, 0x68, 0, 0x86, 0x2e)).toEqual(["a", "a"]);
  });
});

describe("what a pickle would call", () => {
  it("is noted and not called", () => {
    expect(read({ call: ["torch._utils", "_rebuild_parameter"], args: [1, true] })).toEqual({
      kind: "object",
      name: "torch._utils._rebuild_parameter",
      args: [1, true],
      state: null,
    });
  });

  it("containers are made, objects get their fields", () => {
    expect(read({ call: ["collections", "OrderedDict"], args: [] })).toEqual(new Map());
    expect(read({ call: ["collections", "OrderedDict"], args: [[["a", 1]]] })).toEqual(new Map([["a", 1]]));
    expect(read({ call: ["builtins", "set"], args: [[1, 2]] })).toEqual([1, 2]);
    expect(read(object("torch.nn.modules.conv", "Conv2d", { stride: 2 }))).toMatchObject({
      name: "torch.nn.modules.conv.Conv2d",
      state: new Map([["stride", 2]]),
    });
  });

  it.each([
    ["os", "system"],
    ["posix", "system"],
    ["subprocess", "Popen"],
    ["builtins", "eval"],
    ["__builtin__", "exec"],
    ["builtins", "__import__"],
    ["torch.hub", "load"],
    ["torch.utils.cpp_extension", "load"],
    ["numpy.testing._private.utils", "runstring"],
    ["importlib", "import_module"],
    ["torchevil", "run"],
  ])("%s.%s is refused by name", (module, name) => {
    for (const value of [{ name: [module, name] } as const, { call: [module, name], args: ["x"] } as const])
      expect(() => read(["before", value])).toThrowError(
        expect.objectContaining({
          code: "CHECKPOINT_CODE",
          found: `${module}.${name}`,
          subject: "model.ckpt",
        }),
      );
  });

  it("a name that a text spells is refused, too", () => {
    const text = (word: string) => [0x8c, word.length, ...Buffer.from(word)];
    expect(() => raw(0x80, 4, ...text("os"), ...text("system"), 0x93, 0x2e)).toThrow(/CHECKPOINT_CODE/);
  });
});

describe("damage", () => {
  it("is named, whatever is missing", () => {
    const whole = pickle(dictionary({ a: [1, 2, "three"], b: { storage: ["FloatStorage", "0", 3] } }));
    for (let end = 0; end < whole.length; end++)
      expect(() => readPickle(whole.subarray(0, end), "cut")).toThrow(/MODEL_BROKEN/);
  });

  it("any bytes end in a value or an error of the table", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readPickle(bytes, "noise");
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^(MODEL_BROKEN|CHECKPOINT_CODE)$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["an operation that no checkpoint has", [0x80, 2, 0x49, 0x2e]],
    ["a value that was never remembered", [0x80, 2, 0x68, 7, 0x2e]],
    ["items for a number", [0x80, 2, 0x4b, 1, 0x28, 0x4b, 2, 0x65, 0x2e]],
    ["a call of a number", [0x80, 2, 0x4b, 1, 0x29, 0x52, 0x2e]],
    ["a length beyond the end", [0x80, 2, 0x58, 0xff, 0xff, 0xff, 0x7f, 0x61]],
  ])("%s", (_, bytes) => {
    expect(() => raw(...bytes)).toThrow(/MODEL_BROKEN/);
  });
});
