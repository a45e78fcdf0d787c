/** Random but valid ONNX models for fast-check. */
import type {
  OnnxAttribute,
  OnnxDim,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
  TensorPayload,
} from "@blemish/core";
import fc from "fast-check";

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const filled = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

/** The varint bytes of a number, the slow and plain way. */
export function plainVarint(value: bigint): number[] {
  const unsigned = BigInt.asUintN(64, value);
  const digits = unsigned.toString(2).padStart(70, "0");
  const groups = Array.from({ length: 10 }, (_, i) =>
    Number.parseInt(digits.slice(63 - 7 * i, 70 - 7 * i), 2),
  );
  const used = Math.max(1, groups.findLastIndex((group) => group !== 0) + 1);
  return groups.slice(0, used).map((group, i) => (i < used - 1 ? group | 128 : group));
}

interface TensorCase {
  readonly dataType: number;
  readonly dims: readonly number[];
  readonly payload: TensorPayload;
}

const dims = fc.array(fc.nat(4), { maxLength: 3 });
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const count = (sides: readonly number[]) => sides.reduce((product, side) => product * side, 1);

/** Element types with their size in bytes. */
const TYPES = [
  [1, 4],
  [2, 1],
  [3, 1],
  [7, 8],
  [9, 1],
  [10, 2],
  [11, 8],
] as const;

const rawCase: fc.Arbitrary<TensorCase> = fc
  .tuple(dims, fc.constantFrom(...TYPES))
  .chain(([sides, [dataType, size]]) =>
    bytesOf(count(sides) * size).map((bytes) => ({ dataType, dims: sides, payload: { kind: "raw", bytes } })),
  );

const externalCase: fc.Arbitrary<TensorCase> = fc
  .tuple(dims, fc.constantFrom("model.onnx.data", "weights/part-2.bin"), fc.nat(), fc.boolean())
  .map(([sides, location, offset, known]) => ({
    dataType: 1,
    dims: sides,
    payload: { kind: "external", location, offset, length: known ? count(sides) * 4 : null },
  }));

const packedCase: fc.Arbitrary<TensorCase> = dims.chain((sides) =>
  fc
    .oneof(
      bytesOf(count(sides) * 4).map((bytes) => ({ type: 1, field: "float" as const, bytes })),
      bytesOf(count(sides) * 8).map((bytes) => ({ type: 11, field: "double" as const, bytes })),
      fc.array(int64, { minLength: count(sides), maxLength: count(sides) }).map((values) => ({
        type: 7,
        field: "int64" as const,
        bytes: Uint8Array.from(values.flatMap(plainVarint)),
      })),
    )
    .map(({ type, field, bytes }) => ({
      dataType: type,
      dims: sides,
      payload: { kind: "packed", field, bytes },
    })),
);

const stringCase: fc.Arbitrary<TensorCase> = fc
  .array(text, { minLength: 1, maxLength: 3 })
  .map((values) => ({ dataType: 8, dims: [values.length], payload: { kind: "strings", values } }));

/** A tensor whose shape and payload agree. */
export const arbitraryTensor: fc.Arbitrary<OnnxTensor> = fc
  .tuple(text, fc.oneof(rawCase, externalCase, packedCase, stringCase))
  .map(([name, tensor]) => ({ name, ...tensor }));

const dim: fc.Arbitrary<OnnxDim> = fc.oneof(fc.nat(2 ** 40), filled, fc.constant(null));

const arbitraryValue: fc.Arbitrary<OnnxValue> = fc.oneof(
  fc.record({
    name: text,
    elementType: fc.nat(20),
    dims: fc.oneof(fc.constant(null), fc.array(dim, { maxLength: 4 })),
  }),
  text.map((name) => ({ name, elementType: null, dims: null })),
);

const float32 = fc.float({ noDefaultInfinity: false });

function arbitraryAttribute(depth: number): fc.Arbitrary<OnnxAttribute> {
  const graphs: fc.Arbitrary<OnnxAttribute>[] =
    depth === 0
      ? []
      : [
          fc.record({ name: text, type: fc.constant("graph" as const), value: arbitraryGraph(depth - 1) }),
          fc.record({
            name: text,
            type: fc.constant("graphs" as const),
            value: fc.array(arbitraryGraph(depth - 1), { maxLength: 2 }),
          }),
        ];
  return fc.oneof(
    fc.record({ name: text, type: fc.constant("float" as const), value: float32 }),
    fc.record({ name: text, type: fc.constant("int" as const), value: int64 }),
    fc.record({ name: text, type: fc.constant("string" as const), value: text }),
    fc.record({ name: text, type: fc.constant("tensor" as const), value: arbitraryTensor }),
    fc.record({
      name: text,
      type: fc.constant("floats" as const),
      value: fc.array(float32, { maxLength: 4 }),
    }),
    fc.record({ name: text, type: fc.constant("ints" as const), value: fc.array(int64, { maxLength: 4 }) }),
    fc.record({ name: text, type: fc.constant("strings" as const), value: fc.array(text, { maxLength: 3 }) }),
    fc.record({
      name: text,
      type: fc.constant("tensors" as const),
      value: fc.array(arbitraryTensor, { maxLength: 2 }),
    }),
    fc.record({ name: text, type: fc.constant("other" as const), value: fc.integer({ min: 11, max: 14 }) }),
    ...graphs,
  );
}

function arbitraryNode(depth: number): fc.Arbitrary<OnnxNode> {
  return fc.record({
    name: text,
    opType: fc.constantFrom("Conv", "Concat", "Gather", "MatMul", "Resize", "Constant", "Identity", "If"),
    domain: fc.constantFrom("", "com.example"),
    inputs: fc.array(text, { maxLength: 3 }),
    outputs: fc.array(text, { maxLength: 2 }),
    attributes: fc.array(arbitraryAttribute(depth), { maxLength: 3 }),
  });
}

function arbitraryGraph(depth: number): fc.Arbitrary<OnnxGraph> {
  return fc.record({
    name: text,
    nodes: fc.array(arbitraryNode(depth), { maxLength: 4 }),
    initialisers: fc.array(arbitraryTensor, { maxLength: 3 }),
    inputs: fc.array(arbitraryValue, { maxLength: 2 }),
    outputs: fc.array(arbitraryValue, { maxLength: 2 }),
    valueInfo: fc.array(arbitraryValue, { maxLength: 2 }),
  });
}

/** A model of a few nodes, with graphs inside graphs. */
export const arbitraryModel: fc.Arbitrary<OnnxModel> = fc.record({
  irVersion: fc.integer({ min: 1, max: 20 }),
  producerName: text,
  producerVersion: text,
  opsets: fc.array(fc.record({ domain: text, version: fc.nat(30) }), { minLength: 1, maxLength: 2 }),
  metadataProps: fc.array(fc.record({ key: text, value: text }), { maxLength: 3 }),
  graph: arbitraryGraph(2),
});
