import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlemishError, type DatasetItem, type ModelDescription } from "@blemish/core";
import type { JudgedItem } from "@blemish/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explained } from "../../../../tests/support/explained.js";
import { writeTinyPicture } from "../../../../tests/support/tiny-model.js";
import { colourRange, startGallery } from "./gallery.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-gallery-"));
  await writeTinyPicture(join(folder, "a.png"), 0, 16, 16);
});
afterAll(() => rm(folder, { recursive: true }));

function judged(label: "good" | "anomalous", defect: string, score: number, right = true): JudgedItem {
  const path = join(folder, "a.png");
  const item: DatasetItem = { path, label, defect, split: null, mask: null, group: null };
  const predLabel = (label === "anomalous") === right;
  const map = { width: 2, height: 1, data: Float32Array.of(0, score) };
  const picture = { path, label, defect, score, predLabel, map, mask: null };
  return { item, picture, result: {} as JudgedItem["result"], maskError: null };
}

async function shown(all: readonly JudgedItem[], range: { min: number; max: number } | null = null) {
  const gallery = startGallery(
    all.map(({ item }) => item),
    range,
  );
  for (const one of all) await gallery.add(one);
  return gallery.finish();
}

describe("startGallery", () => {
  it("keeps all pictures of a small test", async () => {
    const { pictures, mapRange } = await shown([judged("good", "", 2), judged("anomalous", "dent", 8)]);
    expect(mapRange).toEqual({ min: 0, max: 8 });
    expect(pictures).toHaveLength(2);
    expect(pictures[1]).toMatchObject({
      set: "test",
      label: "anomalous",
      defect: "dent",
      score: 8,
      mask: null,
    });
    expect(pictures[1]?.image).toMatch(/^data:image\/webp/);
    expect(pictures[1]?.map).toMatch(/^data:image\/png/);
  });

  it("says why of anomalous pictures and of false alarms", async () => {
    const why = (one: JudgedItem) => ({ ...one, result: { ...one.result, explanations: [explained()] } });
    const { pictures } = await shown([
      why(judged("good", "", 2)),
      why(judged("good", "", 9, false)),
      why(judged("anomalous", "dent", 1, false)),
      judged("anomalous", "dent", 9),
    ]);
    expect(pictures.map((one) => one.why?.length)).toEqual([undefined, 1, 1, undefined]);
  });

  it("draws maps in the model's own range where it has one", async () =>
    expect((await shown([judged("good", "", 2)], { min: 1, max: 3 })).mapRange).toEqual({ min: 1, max: 3 }));

  it("keeps at most 150 of a large test: mistakes, and some of every kind", async () => {
    const goods = Array.from({ length: 400 }, (_, i) => judged("good", "", i / 100));
    const dents = Array.from({ length: 40 }, () => judged("anomalous", "dent", 9));
    const escapes = Array.from({ length: 10 }, () => judged("anomalous", "hair", 1, false));
    const { pictures } = await shown([...goods, ...dents, ...escapes]);
    expect(pictures.length).toBeLessThanOrEqual(150);
    const count = (defect: string) => pictures.filter((one) => one.defect === defect).length;
    expect([count(""), count("dent"), count("hair")]).toEqual([25, 25, 10]);
    const wrong = Array.from({ length: 500 }, () => judged("good", "", 9, false));
    expect((await shown(wrong)).pictures).toHaveLength(150);
  });

  it("passes over what could not be judged", async () => {
    const gallery = startGallery([], null);
    const { item } = judged("good", "", 1);
    await gallery.add({ item, error: new BlemishError("IMAGE_EMPTY", { subject: "a" }) });
    expect(await gallery.finish()).toEqual({ pictures: [], mapRange: null });
  });
});

describe("colourRange", () => {
  const of = (normalisation: ModelDescription["normalisation"]) => colourRange({ normalisation });
  it("is the range that the model's heat maps have", () => {
    const range = { min: 1, max: 2 };
    expect(of({ method: "min_max", image: { min: 0, max: 9 }, pixel: range })).toEqual(range);
    expect(of({ method: "in-graph" })).toEqual({ min: 0, max: 1 });
    expect(of({ method: "none" })).toBeNull();
  });
});
