import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapInOrder } from "./map-in-order.js";

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

async function* slowly(count: number, ms: number) {
  for (let i = 0; i < count; i++) {
    await pause(ms);
    yield i;
  }
}

describe("mapInOrder", () => {
  it("gives every result in the order of the sources, never with more under way than allowed", async () => {
    const turns = fc.array(fc.nat({ max: 5 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(turns, fc.integer({ min: 1, max: 6 }), async (waits, limit) => {
        let underWay = 0;
        let most = 0;
        const task = async (wait: number, index: number) => {
          most = Math.max(most, ++underWay);
          for (let turn = 0; turn < wait; turn++) await Promise.resolve();
          underWay--;
          return [index, wait];
        };
        expect(await collect(mapInOrder(waits, task, { limit }))).toEqual(
          waits.map((wait, index) => [index, wait]),
        );
        expect(most).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it("takes no more sources than can be under way while nobody asks for results", async () => {
    let taken = 0;
    function* sources() {
      for (;;) yield taken++;
    }
    const results = mapInOrder(sources(), async (source) => source, { limit: 3 });
    expect((await results.next()).value).toBe(0);
    await pause(5);
    expect(taken).toBeLessThanOrEqual(4);
    await results.return();
  });

  it("gives a result before a slow source has its next one", async () => {
    async function* camera() {
      yield "first";
      await new Promise(() => {});
    }
    const results = mapInOrder(camera(), async (source) => source, { limit: 4 });
    expect(await results.next()).toEqual({ done: false, value: "first" });
    await results.return();
  });

  it("has several under way at the same time", async () => {
    let underWay = 0;
    let most = 0;
    const task = async () => {
      most = Math.max(most, ++underWay);
      await pause(5);
      underWay--;
    };
    await collect(mapInOrder(Array(8).keys(), task, { limit: 4 }));
    expect(most).toBe(4);
  });

  it("ends the sources when its listener leaves", async () => {
    let ended = false;
    async function* sources() {
      try {
        yield* slowly(100, 0);
      } finally {
        ended = true;
      }
    }
    for await (const _ of mapInOrder(sources(), async (i) => i, { limit: 2 })) break;
    await pause(5);
    expect(ended).toBe(true);
  });

  it("passes on what the sources or the task throw", async () => {
    // biome-ignore lint/correctness/useYield: it fails before it could
    function* broken(): Generator<number> {
      throw new Error("no camera");
    }
    await expect(collect(mapInOrder(broken(), async (i) => i, { limit: 2 }))).rejects.toThrow("no camera");
    const failing = async (i: number) => {
      if (i === 1) throw new Error("task");
      return i;
    };
    await expect(collect(mapInOrder([0, 1, 2, 3], failing, { limit: 3 }))).rejects.toThrow("task");
  });

  it("stops at once when it is cancelled, even while the sources are silent", async () => {
    const controller = new AbortController();
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const results = collect(mapInOrder(silent, async (i) => i, { limit: 2, signal: controller.signal }));
    setTimeout(() => controller.abort(), 5);
    await expect(results).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("begins nothing when it is cancelled before", async () => {
    let begun = 0;
    const task = async () => ++begun;
    await expect(
      collect(mapInOrder([1], task, { limit: 2, signal: AbortSignal.abort() })),
    ).rejects.toMatchObject({
      code: "CANCELLED",
    });
    expect(begun).toBe(0);
  });
});
