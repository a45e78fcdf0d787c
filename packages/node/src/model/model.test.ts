import { BlemishError } from "@blemish/core";
import { describe, expect, it } from "vitest";
import type { ImageSource } from "../images/read-image.js";
import type { InspectionJob } from "../workers/inspector.js";
import type { Parcel } from "../workers/messages.js";
import { type InspectionPool, modelOf } from "./model.js";
import type { Prediction } from "./results.js";

const TIMINGS = { read: 1, preProcess: 2, network: 3, postProcess: 4, pictures: 5, encode: 6 };

/** A pool that answers by the name of the picture. */
function fakePool(
  outcome: (source: unknown) => Promise<unknown> = async () => ({ timings: TIMINGS }),
  explains = true,
) {
  const jobs: Parcel<InspectionJob>[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const pool = {
    capacity: 2,
    run: async (pack: () => Parcel<InspectionJob>, signal?: AbortSignal) => {
      const parcel = pack();
      jobs.push(parcel);
      signals.push(signal);
      return outcome(parcel.value.source);
    },
    close: async () => {},
  } as InspectionPool;
  return {
    model: modelOf("model.onnx", {} as never, pool, { workers: 1, threads: 1 }, explains),
    jobs,
    signals,
  };
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe("explain", () => {
  it("is refused by a model that runs whole in ONNX Runtime, before a picture is read", async () => {
    const { model, jobs } = fakePool(undefined, false);
    expect(model.explains).toBe(false);
    const refused = { code: "MODEL_EXPLAIN", subject: "model.onnx" };
    await expect(model.predict("a.png", { explain: true })).rejects.toMatchObject(refused);
    await expect(collect(model.predictMany(["a.png"], { explain: true }))).rejects.toMatchObject(refused);
    await model.predict("a.png", { explain: false });
    expect(jobs).toHaveLength(1);
  });

  it("reaches the workers of other models", async () => {
    const { model, jobs } = fakePool();
    expect(model.explains).toBe(true);
    await model.predict("a.png", { explain: true });
    expect(jobs[0]?.value.options).toEqual({ explain: true });
  });
});

describe("predict", () => {
  it("sends paths as they are", async () => {
    const { model, jobs } = fakePool();
    await model.predict("a.png", { heatMap: true, maps: false });
    expect(jobs).toEqual([
      { value: { source: "a.png", options: { heatMap: true, maps: false } }, transfer: [] },
    ]);
  });

  it("sends copies of bytes and pixels, so that the caller's memory stays the caller's", async () => {
    const { model, jobs } = fakePool();
    const bytes = new Uint8Array(1000).subarray(10, 13).fill(7);
    await model.predict(bytes);
    const sent = jobs[0]!.value.source as Uint8Array;
    expect(sent).toEqual(Uint8Array.of(7, 7, 7));
    expect(jobs[0]!.transfer).toEqual([sent.buffer]);
    expect(sent.buffer.byteLength).toBe(3);

    const pixels = { data: Uint8ClampedArray.of(1, 2, 3), width: 1, height: 1, channels: 3 } as const;
    await model.predict(pixels);
    expect(jobs[1]!.value.source).toEqual({ ...pixels, data: Uint8Array.of(1, 2, 3) });
    expect(pixels.data.length).toBe(3);
  });

  it.each([
    [{ heatmap: true }, "OPTION"],
    [{ encode: { heatMaps: true } }, "OPTION"],
    [{ heatMap: 1 }, "OPTION_VALUE"],
    [{ signal: "stop" }, "OPTION_VALUE"],
    [{ encode: { visualization: { mode: "huge" } } }, "OPTION_VALUE"],
  ])("refuses %j", async (options, code) => {
    const { model, jobs } = fakePool();
    await expect(model.predict("a.png", options as object)).rejects.toMatchObject({ code });
    await expect(collect(model.predictMany(["a.png"], options as object))).rejects.toMatchObject({ code });
    expect(jobs).toEqual([]);
  });
});

describe("predictMany", () => {
  it("gives every picture's result or error, in order, with its source", async () => {
    const broken = new BlemishError("IMAGE_EMPTY", { subject: "b.png" });
    const { model } = fakePool(async (source) => {
      if (source === "b.png") throw broken;
      await new Promise((done) => setTimeout(done, source === "a.png" ? 10 : 0));
      return { timings: TIMINGS, name: source };
    });
    const found: Prediction[] = await collect(model.predictMany(["a.png", "b.png", "c.png"]));
    expect(found).toEqual([
      { source: "a.png", index: 0, result: { timings: TIMINGS, name: "a.png" }, ms: 21 },
      { source: "b.png", index: 1, error: broken },
      { source: "c.png", index: 2, result: { timings: TIMINGS, name: "c.png" }, ms: 21 },
    ]);
  });

  it("takes its sources from anything that can be iterated", async () => {
    const { model, jobs } = fakePool();
    async function* camera(): AsyncGenerator<ImageSource> {
      yield "a.png";
      yield Uint8Array.of(1);
    }
    expect(await collect(model.predictMany(camera()))).toHaveLength(2);
    expect(await collect(model.predictMany(new Set(["a.png"]).values()))).toHaveLength(1);
    expect(await collect(model.predictMany([]))).toEqual([]);
    expect(jobs).toHaveLength(3);
  });

  it("cancels the rest when its listener leaves", async () => {
    const { model, signals } = fakePool();
    for await (const _ of model.predictMany(["a.png", "b.png", "c.png"])) break;
    expect(signals.length).toBeGreaterThan(0);
    expect(signals.every((signal) => signal?.aborted)).toBe(true);
  });

  it("throws when it is cancelled", async () => {
    const { model } = fakePool(() => new Promise(() => {}));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    const refused = collect(model.predictMany(["a.png", "b.png"], { signal: controller.signal }));
    await expect(refused).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("throws what does not concern a single picture", async () => {
    const closed = new BlemishError("MODEL_CLOSED", { subject: "model.onnx" });
    const { model } = fakePool(() => Promise.reject(closed));
    await expect(collect(model.predictMany(["a.png", "b.png"]))).rejects.toBe(closed);
    const bug = new TypeError("a bug");
    await expect(collect(fakePool(() => Promise.reject(bug)).model.predictMany(["a.png"]))).rejects.toBe(bug);
  });
});
