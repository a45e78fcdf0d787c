import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type OnnxAttribute, type OnnxModel, type OnnxNode, type OnnxTensor, writeOnnx } from "@blemish/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { fixturePath } from "../../../../tests/support/anomalib-fixtures.js";
import {
  TINY_SIDE,
  tinyMetadata,
  tinyModel,
  tinyPicture,
  writeTinyModel,
  writeTinyPicture,
} from "../../../../tests/support/tiny-model.js";
import type { Model } from "./model.js";
import { type OpenOptions, open } from "./open.js";

let pictures: string;
let good: string;
let bad: string;
beforeAll(async () => {
  pictures = await mkdtemp(join(tmpdir(), "blemish-pictures-"));
  [good, bad] = [join(pictures, "good.png"), join(pictures, "bad.png")];
  await writeTinyPicture(good, 0);
  await writeTinyPicture(bad, 30);
});
afterAll(() => rm(pictures, { recursive: true }));

let folder: string;
beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), "blemish-open-"));
  folder = made;
  onTestFinished(() => rm(made, { recursive: true }));
  await writeTinyModel(folder);
});

async function openHere(options: OpenOptions = {}): Promise<Model> {
  const model = await open(folder, { threads: 1, ...options });
  onTestFinished(() => model.close());
  return model;
}

const writeModel = (model: OnnxModel) => writeFile(join(folder, "model.onnx"), writeOnnx(model));
const writeMetadata = (changes: object) =>
  writeFile(join(folder, "metadata.json"), JSON.stringify({ ...tinyMetadata(), ...changes }));

function node(opType: string, inputs: string[], output: string, attributes: OnnxAttribute[] = []): OnnxNode {
  return { name: output, opType, domain: "", inputs, outputs: [output], attributes };
}

/** The tiny network as Anomalib 2.7.0 exports PatchCore: four outputs, 0–1, and a batch fixed at 2. */
function batchOfTwo(): OnnxModel {
  const { graph } = tinyModel();
  const constant = (name: string, value: number): OnnxTensor => ({
    name,
    dataType: 1,
    dims: [],
    payload: { kind: "raw", bytes: new Uint8Array(Float32Array.of(value).buffer) },
  });
  const over = { name: "axes", type: "ints", value: [2n, 3n] } as const;
  const flat = { name: "keepdims", type: "int", value: 0n } as const;
  const side = TINY_SIDE;
  return {
    ...tinyModel(),
    irVersion: 7,
    opsets: [{ domain: "", version: 13 }],
    graph: {
      ...graph,
      nodes: [
        node("Sub", ["input", "grey"], "centred"),
        node("Conv", ["centred", "weight"], "signed"),
        node("Abs", ["signed"], "distance"),
        node("Mul", ["distance", "scale"], "anomaly_map"),
        node("ReduceMax", ["anomaly_map"], "pred_score", [over, flat]),
        node("Greater", ["pred_score", "half"], "pred_label"),
        node("Greater", ["anomaly_map", "half"], "pred_mask"),
      ],
      initialisers: [
        ...graph.initialisers,
        constant("grey", 128 / 255),
        constant("scale", 0.15),
        constant("half", 0.5),
      ],
      inputs: [{ name: "input", elementType: 1, dims: [2, 3, side, side] }],
      outputs: [
        { name: "pred_score", elementType: 1, dims: [2, 1] },
        { name: "pred_label", elementType: 9, dims: [2, 1] },
        { name: "anomaly_map", elementType: 1, dims: [2, 1, side, side] },
        { name: "pred_mask", elementType: 9, dims: [2, 1, side, side] },
      ],
    },
  };
}

describe("the mode", () => {
  it("shares out the cores, and the model says how", async () => {
    const cores = availableParallelism();
    const byMode = async (options: OpenOptions) => {
      const model = await open(folder, options);
      onTestFinished(() => model.close());
      expect((await model.predict(bad)).verdict).toBe("anomalous");
      return model.schedule;
    };
    expect(await byMode({})).toEqual({ workers: 1, threads: cores });
    expect(await byMode({ mode: "throughput" })).toEqual({ workers: cores, threads: 1 });
    expect(await byMode({ mode: "throughput", workers: 1, threads: 2 })).toEqual({ workers: 1, threads: 2 });
  });

  it("auto measures, keeps one schedule, and can be cancelled", async () => {
    const model = await open(folder, { mode: "auto" });
    onTestFinished(() => model.close());
    expect(model.schedule.workers * model.schedule.threads).toBeLessThanOrEqual(availableParallelism());
    expect((await model.predict(bad)).verdict).toBe("anomalous");
    const soon = AbortSignal.timeout(150);
    await expect(open(folder, { mode: "auto", signal: soon })).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("that contradicts the numbers is refused before anything is read", async () => {
    await expect(open("none", { mode: "latency", workers: 2 })).rejects.toMatchObject({
      code: "OPTION_VALUE",
    });
    await expect(open("none", { mode: "auto", threads: 2 })).rejects.toMatchObject({ code: "OPTION_VALUE" });
    await expect(open("none", { mode: "fast" as never })).rejects.toMatchObject({ code: "OPTION_VALUE" });
  });
});

describe("open", () => {
  it("judges pictures from a path, from bytes and from pixels alike", async () => {
    const model = await openHere();
    expect(model).toMatchObject({
      path: join(folder, "model.onnx"),
      description: { profile: "anomalib-0.7" },
    });
    const fromPath = await model.predict(bad, { heatMap: true });
    expect(fromPath).toMatchObject({
      verdict: "anomalous",
      predLabel: true,
      width: 80,
      height: 60,
      predBoxes: null,
    });
    expect(fromPath.rawScore).toBeCloseTo(10, 4);
    expect(fromPath.regions).toHaveLength(1);
    const pixels = tinyPicture(80, 60, 30);
    const { timings: _, ...fromPixels } = await model.predict(pixels, { heatMap: true });
    expect(fromPath).toMatchObject(fromPixels);
    expect(pixels.data.length).toBe(80 * 60 * 3);
    expect(await model.predict(good)).toMatchObject({ verdict: "good", predLabel: false, regions: [] });
  });

  it("obeys task, threshold and metadata", async () => {
    expect(await (await openHere({ task: "detection" })).predict(bad)).toMatchObject({ boxLabels: [1] });
    const strict = await openHere({ threshold: 11 });
    expect(await strict.predict(bad)).toMatchObject({ verdict: "good", imageThreshold: 11 });
    const metadata = join(folder, "other.json");
    await copyFile(join(folder, "metadata.json"), metadata);
    await writeMetadata({ image_threshold: 20 });
    expect(await (await openHere()).predict(bad)).toMatchObject({ imageThreshold: 20, verdict: "good" });
    expect(await (await openHere({ metadata })).predict(bad)).toMatchObject({ imageThreshold: 5 });
  });

  it("gives the same with several workers and threads", async () => {
    const [one, several] = [await openHere(), await openHere({ workers: 2, threads: 2 })];
    const expected = await one.predict(bad, { maps: false });
    for await (const { result } of several.predictMany(Array(6).fill(bad), { maps: false })) {
      expect({ ...result, timings: null }).toEqual({ ...expected, timings: null });
    }
  });

  it("feeds a model whose batch is fixed at 2", async () => {
    await writeModel(batchOfTwo());
    await rm(join(folder, "metadata.json"));
    const model = await openHere();
    expect(model.description).toMatchObject({ profile: "anomalib-2", input: { batch: 2 } });
    const result = await model.predict(bad);
    expect(result).toMatchObject({
      verdict: "anomalous",
      rawScore: null,
      rawMap: { width: TINY_SIDE, height: TINY_SIDE },
    });
    expect(result.predScore).toBeCloseTo((127 / 255) * 10 * 0.15, 5);
    expect(result.rawMap?.data.length).toBe(TINY_SIDE ** 2);
    expect(result.regions).toHaveLength(1);
    expect(await model.predict(good)).toMatchObject({ verdict: "good", predMask: { width: 80, height: 60 } });
  });

  it("goes on past a bad picture", async () => {
    const model = await openHere({ workers: 2 });
    const sources = [bad, join(pictures, "none.png"), new Uint8Array(0), Buffer.from("no picture"), good];
    const verdicts: (string | undefined)[] = [];
    for await (const { result, error, index, source } of model.predictMany(sources)) {
      expect(source).toBe(sources[index]);
      verdicts.push(error?.code ?? result?.verdict);
    }
    expect(verdicts).toEqual(["anomalous", "IMAGE_NOT_FOUND", "IMAGE_EMPTY", "IMAGE_FORMAT", "good"]);
  });

  it("needs no threshold in the metadata when one is given", async () => {
    await writeMetadata({ image_threshold: undefined });
    expect(await (await openHere({ threshold: 5 })).predict(bad)).toMatchObject({ verdict: "anomalous" });
  });
});

describe("open refuses", () => {
  const refused = (options: OpenOptions = {}) => expect(openHere(options)).rejects;

  it("a metadata file without thresholds", async () => {
    await writeMetadata({ image_threshold: undefined });
    await refused().toMatchObject({ code: "THRESHOLD_MISSING", subject: join(folder, "metadata.json") });
    await writeFile(
      join(folder, "metadata.json"),
      JSON.stringify(tinyMetadata()).replace('"image_threshold":5', '"image_threshold":NaN'),
    );
    await refused().toMatchObject({ code: "THRESHOLD_MISSING" });
  });

  it("missing metadata", async () => {
    await rm(join(folder, "metadata.json"));
    await refused().toMatchObject({ code: "METADATA_NOT_FOUND" });
  });

  it("the metadata of another model", async () => {
    const text = JSON.stringify(tinyMetadata())
      .replaceAll(`"height":${TINY_SIDE}`, '"height":64')
      .replaceAll(`"width":${TINY_SIDE}`, '"width":64');
    await writeFile(join(folder, "metadata.json"), text);
    await refused().toMatchObject({ code: "MODEL_INPUT", subject: join(folder, "model.onnx") });
  });

  it("a model that is cut off, or none", async () => {
    const bytes = writeOnnx(tinyModel());
    await writeFile(join(folder, "model.onnx"), bytes.subarray(0, bytes.length / 2));
    await refused().toMatchObject({ code: "MODEL_BROKEN" });
    await writeFile(join(folder, "model.onnx"), "these are words");
    await refused().toMatchObject({ code: "MODEL_FORMAT" });
    await rm(join(folder, "model.onnx"));
    await refused().toMatchObject({ code: "MODEL_NOT_FOUND" });
  });

  it("an ONNX file that is no detector", async () => {
    const { graph } = tinyModel();
    await writeModel({
      ...tinyModel(),
      graph: { ...graph, outputs: [{ name: "output", elementType: 1, dims: [1, 1000] }] },
    });
    await refused().toMatchObject({ code: "MODEL_NOT_ANOMALY" });
  });

  it("missing external weights, before a worker is started", async () => {
    const { graph } = tinyModel();
    const payload = { kind: "external", location: "model.onnx.data", offset: 0, length: 12 } as const;
    const initialisers = graph.initialisers.map((tensor) => ({ ...tensor, payload }));
    await writeModel({ ...tinyModel(), graph: { ...graph, initialisers } });
    await refused().toMatchObject({ code: "MODEL_DATA_MISSING", expected: "model.onnx.data with 12 bytes" });
  });

  it("an operator that ONNX Runtime does not know, in its own words", async () => {
    const { graph } = tinyModel();
    const nodes = graph.nodes.map((one) => (one.opType === "Abs" ? { ...one, opType: "Wonder" } : one));
    await writeModel({ ...tinyModel(), graph: { ...graph, nodes } });
    await refused().toMatchObject({ code: "MODEL_UNSUPPORTED", found: expect.stringContaining("Wonder") });
  });

  it.each([
    [{ workers: 0 }, "OPTION_VALUE"],
    [{ threads: 1.5 }, "OPTION_VALUE"],
    [{ threshold: Number.NaN }, "OPTION_VALUE"],
    [{ profile: "anomalib-9" }, "OPTION_VALUE"],
    [{ worker: 2 }, "OPTION"],
  ])("%j", async (options, code) => {
    await refused(options as OpenOptions).toMatchObject({ code });
  });

  it("to open when it is cancelled", async () => {
    await refused({ signal: AbortSignal.abort() }).toMatchObject({ code: "CANCELLED" });
    const controller = new AbortController();
    const opening = open(folder, { threads: 1, signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    await expect(opening).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

describe("an opened model", () => {
  it("cancels before, while and after", async () => {
    const model = await openHere();
    await expect(model.predict(bad, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    const controller = new AbortController();
    const many = Array.from({ length: 8 }, () => model.predict(bad, { signal: controller.signal }));
    const outcomes = Promise.allSettled(many);
    await many[0];
    controller.abort();
    expect(
      (await outcomes).map((outcome) => (outcome.status === "rejected" ? outcome.reason.code : "done")),
    ).toContain("CANCELLED");
    expect(await model.predict(good)).toMatchObject({ verdict: "good" });
  });

  it("stops a batch that is cancelled between two pictures", async () => {
    const model = await openHere();
    const controller = new AbortController();
    const seen: number[] = [];
    const batch = (async () => {
      for await (const { index } of model.predictMany(Array(50).fill(good), { signal: controller.signal })) {
        seen.push(index);
        if (index === 1) controller.abort();
      }
    })();
    await expect(batch).rejects.toMatchObject({ code: "CANCELLED" });
    expect(seen).toEqual([0, 1]);
  });

  it("cannot be used after it was closed", async () => {
    const model = await openHere();
    await model.close();
    await model.close();
    await expect(model.predict(bad)).rejects.toMatchObject({
      code: "MODEL_CLOSED",
      subject: join(folder, "model.onnx"),
    });
    await expect(model.predictMany([bad]).next()).rejects.toMatchObject({ code: "MODEL_CLOSED" });
  });

  it("finishes what runs when it is closed", async () => {
    const model = await openHere();
    const running = model.predict(bad);
    await model.close();
    expect(await running).toMatchObject({ verdict: "anomalous" });
  });
});

describe("the engine", () => {
  it("changes the time, not the answer", async () => {
    const answers = [];
    for (const options of [{ engine: "onnx" }, {}, { engine: "fast", factors: "float32" }] as const) {
      const model = await open(fixturePath("padim-070-segmentation"), { threads: 1, ...options });
      onTestFinished(() => model.close());
      const picture = fixturePath("pictures", "defect", "stain_001.png");
      const { rawScore, predLabel, rawMap } = await model.predict(picture);
      answers.push({ rawScore: rawScore!, predLabel, size: rawMap!.data.length });
    }
    const [whole, fast, float32] = answers;
    expect(fast).toEqual({ ...whole, rawScore: expect.closeTo(whole!.rawScore, 3) });
    expect(float32).toEqual({ ...whole, rawScore: expect.closeTo(whole!.rawScore, 4) });
  });

  it("gives the same bytes with one thread and with threads that help", async () => {
    // Large enough for its rows to be inflated by another thread.
    const large = join(pictures, "large.png");
    await writeTinyPicture(large, 20, 500, 420);
    const path = fixturePath("padim-070-segmentation");
    const bytesOf = ({ buffer }: Uint8Array | Float32Array) => Buffer.from(buffer as ArrayBuffer);
    let first: Buffer | null = null;
    for (const threads of [1, 2, 3]) {
      const model = await open(path, { engine: "fast", threads });
      // The first pictures are judged before the helpers are there.
      for (let round = 0; round < (threads === 1 ? 1 : 20); round++) {
        const { image, anomalyMap, rawMap } = await model.predict(large);
        const found = Buffer.concat([image.data, anomalyMap!.data, rawMap!.data].map(bytesOf));
        first ??= found;
        expect(found.equals(first), `${threads} threads`).toBe(true);
        if (threads > 1) await new Promise((done) => setTimeout(done, 40));
      }
      await model.close();
    }
  });

  it("gives the same bytes without WebAssembly, after one warning", async () => {
    const picture = fixturePath("pictures", "defect", "stain_001.png");
    const mapOf = async () => {
      const model = await open(fixturePath("padim-070-segmentation"), { threads: 1, mode: "latency" });
      onTestFinished(() => model.close());
      return (await model.predict(picture)).rawMap!.data;
    };
    const compiled = await mapOf();
    const emit = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    vi.stubGlobal("WebAssembly", undefined);
    onTestFinished(() => {
      emit.mockRestore();
      vi.unstubAllGlobals();
    });
    expect(Buffer.compare(Buffer.from((await mapOf()).buffer), Buffer.from(compiled.buffer))).toBe(0);
    expect(emit.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining("SIMD")]);
  });

  it("is one of three", async () => {
    await expect(open(folder, { engine: "openvino" as "onnx" })).rejects.toMatchObject({
      code: "OPTION_VALUE",
      subject: "engine",
    });
    await expect(open(folder, { factors: "int4" as "int8" })).rejects.toMatchObject({
      code: "OPTION_VALUE",
      subject: "factors",
    });
  });
});
