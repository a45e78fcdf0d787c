import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OnnxModel, type OnnxTensor, type OnnxValue, writeOnnx } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ortSession } from "./ort-session.js";

const FLOAT32 = 1;
const INT64 = 7;
const BOOL = 9;
const OPTIONS = { threads: 1, spinning: false };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-session-"));
});
afterAll(() => rm(folder, { recursive: true }));

const value = (name: string, elementType: number, dims: readonly number[]): OnnxValue => ({
  name,
  elementType,
  dims,
});
const input = value("input", FLOAT32, [1, 4]);

function graph(
  nodes: readonly (readonly [op: string, inputs: string[], output: string])[],
  outputs: readonly OnnxValue[],
  changes: { initialisers?: OnnxTensor[]; domain?: string; opset?: number } = {},
): Uint8Array {
  const { initialisers = [], domain = "", opset = 13 } = changes;
  const model: OnnxModel = {
    irVersion: 7,
    producerName: "",
    producerVersion: "",
    opsets: [{ domain: "", version: opset }, ...(domain === "" ? [] : [{ domain, version: 1 }])],
    metadataProps: [],
    graph: {
      name: "g",
      nodes: nodes.map(([opType, inputs, output]) => ({
        name: "",
        opType,
        domain,
        inputs,
        outputs: [output],
        attributes: [],
      })),
      initialisers,
      inputs: [input],
      outputs,
      valueInfo: [],
    },
  };
  return writeOnnx(model);
}

async function saved(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const externalWeight: OnnxTensor = {
  name: "w",
  dataType: FLOAT32,
  dims: [4],
  payload: { kind: "external", location: "weights.bin", offset: 0, length: 16 },
};
const addWeight = () =>
  graph([["Add", ["input", "w"], "output"]], [value("output", FLOAT32, [1, 4])], {
    initialisers: [externalWeight],
  });

const four = { data: Float32Array.of(-1, 0, 1, 2), shape: [1, 4] };

describe("ortSession", () => {
  it("runs a graph and gives numbers of any type as float32", async () => {
    const path = await saved(
      "types.onnx",
      graph(
        [
          ["Abs", ["input"], "floats"],
          ["Greater", ["input", "floats"], "never"],
          ["Equal", ["input", "floats"], "bools"],
          ["Shape", ["input"], "integers"],
        ],
        [value("floats", FLOAT32, [1, 4]), value("bools", BOOL, [1, 4]), value("integers", INT64, [2])],
      ),
    );
    const session = await ortSession(path, OPTIONS);
    expect(await session.run({ input: four })).toEqual({
      floats: { data: Float32Array.of(1, 0, 1, 2), shape: [1, 4] },
      bools: { data: Float32Array.of(0, 1, 1, 1), shape: [1, 4] },
      integers: { data: Float32Array.of(1, 4), shape: [2] },
    });
    await session.close();
    await session.close();
    await expect(session.run({ input: four })).rejects.toMatchObject({ code: "MODEL_CLOSED" });
  });

  it("gives outputs that later runs leave alone", async () => {
    const path = await saved(
      "abs.onnx",
      graph([["Abs", ["input"], "output"]], [value("output", FLOAT32, [1, 4])]),
    );
    const session = await ortSession(path, OPTIONS);
    const first = await session.run({ input: four });
    four.data.fill(7);
    await session.run({ input: four });
    four.data.set([-1, 0, 1, 2]);
    expect(first.output?.data).toEqual(Float32Array.of(1, 0, 1, 2));
    await session.close();
  });

  it("finds weights in a file beside the model", async () => {
    const path = await saved("external.onnx", addWeight());
    await saved("weights.bin", new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
    const session = await ortSession(path, OPTIONS);
    expect((await session.run({ input: four })).output?.data).toEqual(Float32Array.of(0, 2, 4, 6));
    await session.close();
  });
});

describe("ortSession refuses", () => {
  const output = [value("output", FLOAT32, [1, 4])];
  it.each([
    [
      "an operator of a foreign domain",
      "MODEL_UNSUPPORTED",
      () => graph([["Foo", ["input"], "output"]], output, { domain: "custom.x" }),
    ],
    [
      "an operator that does not exist",
      "MODEL_UNSUPPORTED",
      () => graph([["Foo", ["input"], "output"]], output),
    ],
    [
      "an operator set of the future",
      "MODEL_UNSUPPORTED",
      () => graph([["Abs", ["input"], "output"]], output, { opset: 99 }),
    ],
    [
      "a graph that does not hang together",
      "MODEL_BROKEN",
      () => graph([["Abs", ["nothing"], "output"]], output),
    ],
    [
      "a file that is cut off",
      "MODEL_BROKEN",
      () => graph([["Abs", ["input"], "output"]], output).subarray(0, 40),
    ],
  ])("%s", async (name, code, bytes) => {
    const path = await saved(`${name}.onnx`, bytes());
    await expect(ortSession(path, OPTIONS)).rejects.toMatchObject({ code, subject: path });
  });

  it("missing and short weights", async () => {
    await saved("weights.bin", new Uint8Array(15));
    const path = await saved("external.onnx", addWeight());
    await expect(ortSession(path, OPTIONS)).rejects.toMatchObject({ code: "MODEL_DATA_MISSING" });
    await rm(join(folder, "weights.bin"));
    await expect(ortSession(path, OPTIONS)).rejects.toMatchObject({ code: "MODEL_DATA_MISSING" });
  });

  it("a missing file", async () => {
    await expect(ortSession(join(folder, "none.onnx"), OPTIONS)).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
    });
  });

  it("an input of another shape", async () => {
    const path = await saved("shape.onnx", graph([["Abs", ["input"], "output"]], output));
    const session = await ortSession(path, OPTIONS);
    const refused = session.run({ input: { data: new Float32Array(5), shape: [1, 5] } });
    await expect(refused).rejects.toMatchObject({ code: "MODEL_INPUT", subject: path });
    await session.close();
  });
});
