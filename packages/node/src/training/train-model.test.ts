import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  detectorsOf,
  renderPart,
  type StoredHead,
  type TrainedModelFile,
  writeModelFile,
} from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallImported } from "../../../../tests/support/small-model.js";
import { encodePng } from "../images/encode-png.js";
import { open } from "../model/open.js";
import { sha256 } from "../sha256.js";
import { trainModel } from "./train-model.js";
import type { TrainOptions } from "./train-options.js";

const COUNT = 14;
let folder: string;
let pictures: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-train-"));
  pictures = Array.from({ length: COUNT }, (_, i) => join(folder, `${String(i).padStart(3, "0")}.png`));
  for (const [seed, path] of pictures.entries())
    await writeFile(path, await encodePng(renderPart("cap", { seed, width: 64, height: 64 }).image));
});
afterAll(() => rm(folder, { recursive: true }));

const SMALL = { size: 64, workers: 1, falseAlarmRate: 0.1 } as const;
/** Cells of the grid at 64 pixels. */
const CELLS = 16;
/** Both heads, the memory bank alone, PaDiM alone. */
const HEADS = ["fusion", "patchcore", "padim"] as const;

/** A training's model, and the stages that were told to be done. */
async function train(some: readonly string[], options: TrainOptions) {
  const stages: string[] = [];
  const onProgress = (stage: string, done: number, total: number) =>
    void (done === total && stages.push(stage));
  return { ...(await trainModel(some, { onProgress, ...options })), stages };
}

async function bytesOf(some: readonly string[], options: TrainOptions): Promise<string> {
  return sha256([writeModelFile((await trainModel(some, options)).model, sha256)]);
}

/** What the model says of a good part and of one with a piece missing. */
async function judge(model: TrainedModelFile) {
  const path = join(folder, "cap.blemish");
  await writeFile(path, writeModelFile(model, sha256));
  const opened = await open(path);
  const defect = { type: "missing" as const, size: 0.35, contrast: 1 };
  const bad = await opened.predict(renderPart("cap", { seed: 90, width: 64, height: 64, defect }).image);
  const good = await opened.predict(renderPart("cap", { seed: 3, width: 64, height: 64 }).image);
  await opened.close();
  return { bad, good };
}

/** The memory bank of a model's first detector. */
function bankOf({
  detectors: [first],
}: TrainedModelFile): Extract<StoredHead, { kind: "patchcore" }>["bank"] {
  if (first?.head.kind !== "patchcore") throw new Error("The first detector has no memory bank");
  return first.head.bank;
}

describe("trainModel", () => {
  it.each(HEADS)(
    "gives a model that judges: good parts below, a defect above the threshold: %s",
    async (head) => {
      const { model, calibration, stages } = await train(pictures, { ...SMALL, head });
      const calibrated = head === "fusion" ? ["calibrate", "calibrate"] : ["calibrate"];
      expect(stages).toEqual(["fit", ...(head === "padim" ? [] : ["select"]), ...calibrated]);
      expect(calibration.scores).toHaveLength(COUNT);
      expect(model.manifest.training).toMatchObject({ count: COUNT, turned: head !== "padim" });
      expect(model.manifest.training.files[3]?.path).toBe(pictures[3]);
      const kinds = detectorsOf(model.manifest).map((one) => one.head.kind);
      expect(kinds).toEqual(head === "fusion" ? ["patchcore", "padim"] : [head]);
      const { bad, good } = await judge(model);
      expect([bad.verdict, good.verdict]).toEqual(["anomalous", "good"]);
      expect(bad.rawScore).toBeGreaterThan(1.4 * (good.rawScore ?? 0));
      expect(bad.predMask?.data.some((value) => value === 1)).toBe(true);
    },
  );

  it.each(HEADS)(
    "is the same bytes for the same pictures, and when some are added later: %s",
    async (head) => {
      const kept = { ...SMALL, head, keepStatistics: true };
      const whole = await bytesOf(pictures, kept);
      expect(await bytesOf(pictures, { ...kept, workers: 2 })).toBe(whole);
      const { model: first } = await trainModel(pictures.slice(0, 9), kept);
      expect(await bytesOf(pictures.slice(9), { workers: 1, addTo: first })).toBe(whole);
      expect(await bytesOf(pictures.toReversed(), kept)).not.toBe(whole);
    },
  );

  it("puts turned copies of few pictures into the bank, says so, and leaves them out when told to", async () => {
    const few = pictures.slice(0, 5);
    const { model } = await trainModel(few, SMALL);
    expect(model.manifest.training).toMatchObject({ count: 5, turned: true });
    const bank = bankOf(model);
    expect(bank.rows).toBeGreaterThan(few.length * CELLS);
    // Copies count as their picture, so that leaving it out leaves them out.
    expect([...new Set(bank.picture)]).toEqual([0, 1, 2, 3, 4]);
    const { model: plain } = await trainModel(few, { ...SMALL, turned: false });
    expect(plain.manifest.training).toMatchObject({ turned: false, options: { turned: false } });
    expect(bankOf(plain).rows).toBeLessThanOrEqual(few.length * CELLS);
    // Gaussians belong to places: PaDiM saw the same in both.
    expect(plain.detectors[1]).toEqual(model.detectors[1]);
    const found = [await judge(model), await judge(plain)];
    expect(found.map(({ bad }) => bad.verdict)).toEqual(["anomalous", "anomalous"]);
  });

  it("holds all different patches where the bank could be larger, and no more than asked for", async () => {
    const options = { ...SMALL, head: "patchcore", turned: false } as const;
    const { model } = await trainModel(pictures.slice(0, 3), { ...options, bank: 65_536 });
    const { rows } = bankOf(model);
    expect(rows).toBeGreaterThan(2 * CELLS);
    expect(rows).toBeLessThanOrEqual(3 * CELLS);
    expect(detectorsOf(model.manifest)[0]?.head).toMatchObject({ rows });
    const { model: tiny } = await trainModel(pictures, { ...options, bank: 5, bankPrecision: "float32" });
    expect(bankOf(tiny)).toMatchObject({ rows: 5, scale: null });
  });

  it("looks at the pictures twice where one draw does not hold all patches", async () => {
    // 4 pictures and their copies have 36,864 patches of 512 pixels; 32,768 are drawn.
    const options = { ...SMALL, size: 512, head: "patchcore", bank: 64 } as const;
    const { model, stages } = await train(pictures.slice(0, 4), options);
    expect(stages).toEqual(["fit", "refine", "select", "calibrate"]);
    expect(bankOf(model).rows).toBe(64);
    const { bad, good } = await judge(model);
    expect(bad.rawScore).toBeGreaterThan(1.2 * (good.rawScore ?? Number.NaN));
  });

  it("has a pass for each input of a quality", async () => {
    const options = { quality: "accurate", turned: false, workers: 2 } as const;
    const { model } = await trainModel(pictures.slice(0, 3), options);
    const { passes, size } = model.manifest;
    expect(size).toEqual({ width: 256, height: 256 });
    expect(passes.map((pass) => [pass.size.width, pass.detectors.map(({ head }) => head.kind)])).toEqual([
      [512, ["patchcore"]],
      [256, ["patchcore", "padim"]],
    ]);
    const { bad, good } = await judge(model);
    expect(bad.verdict).toBe("anomalous");
    expect(bad.rawScore).toBeGreaterThan(good.rawScore ?? Number.NaN);
  });

  it("rests a precise threshold on refitted banks; what judges stays the same", async () => {
    const precise = { ...SMALL, threshold: "precise" } as const;
    const { model, calibration, stages } = await train(pictures, precise);
    expect(stages).toEqual(["fit", "select", "calibrate", "refit"]);
    const { model: plain, calibration: leftOut } = await trainModel(pictures, SMALL);
    expect(model.manifest.calibration.method).toBe("five-fold");
    expect(plain.manifest.calibration.method).toBe("leave-one-out");
    expect(model.detectors).toEqual(plain.detectors);
    expect(calibration.factors).toEqual(leftOut.factors);
    expect(calibration.scores).toHaveLength(COUNT);
    expect(calibration.scores).not.toEqual(leftOut.scores);
    // The same parts by models that have not seen them: numbers of one size.
    for (const [i, score] of calibration.scores.entries()) {
      expect(score / leftOut.scores[i]!).toBeGreaterThan(0.5);
      expect(score / leftOut.scores[i]!).toBeLessThan(2);
    }
    expect(await bytesOf(pictures, { ...precise, workers: 2 })).toBe(await bytesOf(pictures, precise));
  });

  it("needs no refit for PaDiM: leaving out is exact there", async () => {
    const options = { ...SMALL, head: "padim" } as const;
    const { calibration } = await trainModel(pictures, { ...options, threshold: "precise" });
    const { calibration: exact } = await trainModel(pictures, options);
    for (const [i, score] of calibration.scores.entries()) expect(score).toBeCloseTo(exact.scores[i]!, 6);
  });

  it.each(HEADS)("refuses too few and equal pictures: %s", async (head) => {
    const options = { ...SMALL, head };
    for (const count of [0, 1, 2])
      await expect(trainModel(pictures.slice(0, count), options)).rejects.toMatchObject({
        code: "MODEL_STATISTICS",
        expected: "at least 3 pictures of good parts",
        found: String(count),
      });
    const same = Array.from({ length: 4 }, () => pictures[0]!);
    await expect(trainModel(same, options)).rejects.toThrow(/all the same.*MODEL_STATISTICS/);
    const { model } = await trainModel([...same, pictures[1]!, pictures[2]!], options);
    expect(model.manifest.training.count).toBe(6);
  });

  it("refuses missing pictures, models that were not trained, and such without statistics", async () => {
    const imported = smallImported() as unknown as TrainedModelFile;
    await expect(trainModel(pictures, { ...SMALL, addTo: imported })).rejects.toThrow(/MODEL_NOT_TRAINED/);
    const { model } = await trainModel(pictures.slice(0, 5), SMALL);
    await expect(trainModel(pictures.slice(5, 8), { ...SMALL, addTo: model })).rejects.toThrow(
      /keep-statistics/,
    );
    await expect(trainModel([...pictures.slice(0, 3), "missing.png"], SMALL)).rejects.toThrow(
      /IMAGE_NOT_FOUND/,
    );
  });

  it("can be cancelled, also in the middle of a selection", async () => {
    for (const [until, options] of [
      ["fit", SMALL],
      ["select", SMALL],
      ["refit", { ...SMALL, threshold: "precise" }],
    ] as const) {
      const stop = new AbortController();
      const told: string[] = [];
      const onProgress = (stage: string, done: number, total: number) => {
        told.push(stage);
        if (stage === until && done > 0 && done < total) stop.abort();
      };
      const training = trainModel(pictures, { ...options, signal: stop.signal, onProgress });
      await expect(training).rejects.toThrow(/CANCELLED/);
      expect(told.at(-1)).toBe(until);
    }
  });
});
