import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainVarint } from "../../../../tests/support/arbitrary-onnx.js";
import { TENSOR, TENSOR_LIST } from "./onnx-fields.js";
import { readTensor } from "./read-tensor.js";
import type { WireParts } from "./wire-format.js";
import {
  delimited,
  fixed32,
  joinParts,
  openWire,
  putBytes,
  putInt,
  putMessage,
  putText,
  varint,
  wireParts,
} from "./wire-format.js";

function tensor(build: (parts: WireParts) => void) {
  const parts = wireParts();
  build(parts);
  return readTensor(openWire(joinParts(parts), "a file"));
}

function external(entries: Record<string, string>) {
  return tensor((parts) => {
    putInt(parts, TENSOR.dims, 2);
    putInt(parts, TENSOR.dataType, 1);
    for (const [key, value] of Object.entries(entries)) {
      const entry = wireParts();
      putText(entry, delimited(1), key);
      putText(entry, delimited(2), value);
      putMessage(parts, TENSOR.external, entry);
    }
  });
}

describe("readTensor", () => {
  it("shapes may come packed or one by one", () => {
    const one = tensor((parts) => {
      putInt(parts, TENSOR.dims, 1);
      putInt(parts, TENSOR.dims, 2);
      putInt(parts, TENSOR.dataType, 2);
      putBytes(parts, TENSOR.raw, Uint8Array.of(5, 6));
    });
    const packed = tensor((parts) => {
      putBytes(parts, TENSOR.dimsPacked, Uint8Array.of(1, 2));
      putInt(parts, TENSOR.dataType, 2);
      putBytes(parts, TENSOR.raw, Uint8Array.of(5, 6));
    });
    expect(one).toEqual({
      name: "",
      dataType: 2,
      dims: [1, 2],
      payload: { kind: "raw", bytes: Uint8Array.of(5, 6) },
    });
    expect(packed).toEqual(one);
  });

  it("typed lists are the same, packed in one run, in several, or one by one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }), { maxLength: 6 }),
        fc.nat(6),
        (values, cut) => {
          const field = TENSOR_LIST.int64;
          const bytes = (list: readonly bigint[]) => Uint8Array.from(list.flatMap(plainVarint));
          const head = (parts: WireParts) => {
            putInt(parts, TENSOR.dims, values.length);
            putInt(parts, TENSOR.dataType, 7);
          };
          const runs = tensor((parts) => {
            head(parts);
            putBytes(parts, delimited(field), bytes(values.slice(0, cut)));
            putBytes(parts, delimited(field), bytes(values.slice(cut)));
          });
          expect(runs.payload).toEqual({ kind: "packed", field: "int64", bytes: bytes(values) });
          if (values.length === 0) return;
          const single = tensor((parts) => {
            head(parts);
            for (const value of values) putInt(parts, varint(field), value);
          });
          expect(single).toEqual(runs);
        },
      ),
    );
  });

  it("floats one by one make one list", () => {
    const read = tensor((parts) => {
      putBytes(parts, TENSOR.dimsPacked, Uint8Array.of(1));
      putInt(parts, TENSOR.dataType, 1);
      parts.pieces.push(Uint8Array.of(fixed32(TENSOR_LIST.float), 0, 0, 0x80, 0x3f));
      parts.length += 5;
    });
    expect(read.payload).toEqual({ kind: "packed", field: "float", bytes: Uint8Array.of(0, 0, 0x80, 0x3f) });
  });

  it("refuses a shape that does not fit the bytes", () => {
    const wrong = (dims: number[], length: number) => () =>
      tensor((parts) => {
        for (const side of dims) putInt(parts, TENSOR.dims, side);
        putInt(parts, TENSOR.dataType, 1);
        putBytes(parts, TENSOR.raw, new Uint8Array(length));
      });
    expect(wrong([2, 2], 12)).toThrow(/12 bytes for the tensor .* of \[2, 2\], which takes 16/);
    expect(wrong([2 ** 40, 2 ** 40], 12)).toThrow(/an impossible shape/);
    expect(wrong([-1], 0)).toThrow(/negative side/);
    expect(wrong([3], 0)).toThrow(/0 bytes/);
    expect(wrong([], 4)().dims).toEqual([]);
  });

  it("external data: place and length, within the model's folder", () => {
    expect(external({ location: "a.data", offset: "16", length: "8" }).payload).toEqual({
      kind: "external",
      location: "a.data",
      offset: 16,
      length: 8,
    });
    expect(external({ location: "a.data" }).payload).toMatchObject({ offset: 0, length: null });
    expect(() => external({ location: "a.data", length: "9" })).toThrow(/9 bytes for the tensor/);
    expect(() => external({ location: "a.data", offset: "-4" })).toThrow(/impossible place/);
    expect(() => external({ location: "a.data", offset: "99999999999999999999" })).toThrow(
      /impossible place/,
    );
    expect(() => external({ location: "../a.data" })).toThrow(/MODEL_BROKEN/);
    expect(() => external({ offset: "0" })).toThrow(/MODEL_BROKEN/);
  });
});
