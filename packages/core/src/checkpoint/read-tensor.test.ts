import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PickleObject, PickleValue } from "./pickle-value.js";
import { readTensor } from "./read-tensor.js";

function tensor(
  type: string,
  offset: number,
  size: readonly number[],
  stride: readonly number[],
): PickleObject {
  const storage: PickleValue = {
    kind: "storage",
    reference: ["storage", { kind: "name", name: `torch.${type}Storage` }, "7", "cpu", 0],
  };
  const args = [storage, offset, [...size], [...stride], false, new Map()];
  return { kind: "object", name: "torch._utils._rebuild_tensor_v2", args, state: null };
}

const read = (object: PickleObject, data: ArrayBufferView) =>
  readTensor(
    object,
    (key) => (key === "7" ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : undefined),
    "model.pt",
  );

describe("a tensor", () => {
  it("is a window on its storage, whatever its strides", () => {
    const sides = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 4 });
    fc.assert(
      fc.property(sides, fc.nat(5), fc.nat(), (size, offset, seed) => {
        // A permuted contiguous tensor: what a transposed one is.
        const order = size
          .map((_, axis) => axis)
          .sort((a, b) => ((seed >> a) & 1) - ((seed >> b) & 1) || a - b);
        const stride = size.map(() => 1);
        let step = 1;
        for (const axis of [...order].reverse()) {
          stride[axis] = step;
          step *= size[axis]!;
        }
        const data = Float32Array.from({ length: offset + step }, (_, i) => i / 3);
        const found = read(tensor("Float", offset, size, stride), data)!;
        expect([found.type, found.shape, found.data.length]).toEqual(["F32", size, step]);
        const place = size.map(() => 0);
        for (let i = 0; i < step; i++) {
          const at = place.reduce((sum, p, axis) => sum + p * stride[axis]!, offset);
          expect(found.data[i]).toBe(data[at]);
          for (let axis = size.length - 1; axis >= 0; axis--) {
            place[axis]!++;
            if (place[axis]! < size[axis]!) break;
            place[axis] = 0;
          }
        }
      }),
    );
  });

  it.each([
    ["Double", Float64Array.of(0.1, -2), "F32", [Math.fround(0.1), -2]],
    [
      "Half",
      Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00),
      "F32",
      [1, -2, 2 ** -24, Number.POSITIVE_INFINITY],
    ],
    ["BFloat16", Uint16Array.of(0x3f80, 0xc040), "F32", [1, -3]],
    ["Long", BigInt64Array.of(5n, -7n), "I32", [5, -7]],
    ["Int", Int32Array.of(5, -7), "I32", [5, -7]],
    ["Bool", Uint8Array.of(1, 0), "U8", [1, 0]],
  ] as const)("of %s", (type, data, wanted, values) => {
    const found = read(tensor(type, 0, [data.length], [1]), data)!;
    expect([found.type, Array.from(found.data as Float32Array)]).toEqual([wanted, values]);
  });

  it("may be wrapped in a parameter", () => {
    const inner = tensor("Float", 0, [1], [1]);
    const parameter: PickleObject = {
      kind: "object",
      name: "torch._utils._rebuild_parameter",
      args: [inner, true],
      state: null,
    };
    expect(read(parameter, Float32Array.of(4))?.data[0]).toBe(4);
    expect(
      read({ kind: "object", name: "torch.device", args: ["cpu"], state: null }, Float32Array.of(4)),
    ).toBe(null);
  });
});

describe("bad tensors", () => {
  it.each<[string, PickleObject]>([
    ["beyond the storage", tensor("Float", 3, [2], [1])],
    ["a stride beyond it", tensor("Float", 0, [2, 2], [1, 9])],
    ["an unknown kind", tensor("Quantized", 0, [1], [1])],
    ["a negative offset", tensor("Float", -1, [1], [1])],
    ["more elements than there is memory", tensor("Float", 0, [2 ** 20, 2 ** 20], [0, 0])],
    ["sizes without strides", tensor("Float", 0, [1, 1], [1])],
  ])("%s", (_, object) => {
    expect(() => read(object, Float32Array.of(1, 2, 3, 4))).toThrow(/MODEL_BROKEN/);
  });

  it("a storage that is not there", () => {
    expect(() => readTensor(tensor("Float", 0, [1], [1]), () => undefined, "x")).toThrow(/storage 7/);
  });
});
