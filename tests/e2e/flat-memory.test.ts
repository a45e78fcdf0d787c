/** Ten thousand pictures take the memory of a hundred: in the main thread's heap, outside of it, and in the workers. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Model, open } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fuzzRuns } from "../support/fuzz.js";
import { tinyPicture, writeTinyModel, writeTinyPicture } from "../support/tiny-model.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const MB = 2 ** 20;
const PICTURES = Math.min(10_000, fuzzRuns(10_000));

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-flat-"));
  await writeTinyModel(folder);
  await writeTinyPicture(join(folder, "good.png"), 0, 48, 48);
  model = await open(folder, { workers: 2, threads: 1 });
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

function held() {
  collectGarbage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed / MB, outside: external / MB, rss: rss / MB };
}

/** What was on its way to a worker is let go of when its message has been read, and memory outside the heap after that. */
async function expectBack(before: ReturnType<typeof held>): Promise<void> {
  const grown = () => Math.max(held().heap - before.heap, held().outside - before.outside);
  await expect.poll(grown, { timeout: 20_000 }).toBeLessThan(2);
}

/** Files, pixels and files that are not there. */
function* sources(count: number) {
  const pixels = tinyPicture(40, 40, 8);
  for (let i = 0; i < count; i++)
    yield i % 8 === 7 ? `${folder}/none-${i}.png` : i % 2 ? pixels : `${folder}/good.png`;
}

async function judge(count: number, maps: boolean): Promise<void> {
  let [done, failed] = [0, 0];
  const options = maps ? { encode: { heatMap: true } } : { maps: false as const };
  for await (const { index, error } of model.predictMany(sources(count), options as object)) {
    expect(index).toBe(done++);
    if (error !== undefined) failed++;
  }
  expect([done, failed]).toEqual([count, Math.floor(count / 8)]);
}

describe("memory", () => {
  it(`is flat over ${PICTURES} pictures`, async () => {
    await judge(PICTURES * 0.1, false);
    await judge(PICTURES * 0.05, true);
    const before = held();
    await judge(PICTURES * 0.8, false);
    await judge(PICTURES * 0.05, true);
    await expectBack(before);
    expect(held().rss - before.rss).toBeLessThan(60);
  });

  it("comes back after a batch that is cancelled, and the workers are free", async () => {
    await judge(64, true);
    const controller = new AbortController();
    const large = { data: new Uint8Array(2000 * 2000 * 3), width: 2000, height: 2000, channels: 3 } as const;
    const before = held();
    let given = 0;
    const loop = async () => {
      const endless = (function* () {
        for (;;) yield large;
      })();
      for await (const _ of model.predictMany(endless, { signal: controller.signal }))
        if (++given === 3) controller.abort();
    };
    await expect(loop()).rejects.toMatchObject({ code: "CANCELLED" });
    expect((await model.predict(join(folder, "good.png"))).verdict).toBe("good");
    await judge(64, true);
    await expectBack(before);
  });
});
