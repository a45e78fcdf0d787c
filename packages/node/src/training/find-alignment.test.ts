import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Recipe, renderPart, type TrainedModelFile } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallModel } from "../../../../tests/support/small-model.js";
import { encodePng } from "../images/encode-png.js";
import { writeFileAtomic } from "../images/write-file-atomic.js";
import { findAlignment } from "./find-alignment.js";

let folder = "";
const paths: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-align-"));
  for (let seed = 1; seed <= 4; seed++) {
    const path = join(folder, `${seed}.png`);
    await writeFileAtomic(path, await encodePng(renderPart("label", { seed, width: 64, height: 64 }).image));
    paths.push(path);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const recipe = (align?: Recipe["align"]) => (align === undefined ? {} : { align }) as Recipe;

describe("findAlignment", () => {
  it("learns the reference of the pictures, and tells how far it is", async () => {
    const told: string[] = [];
    const onProgress = (stage: string, done: number, total: number) => told.push(`${stage} ${done}/${total}`);
    const found = await findAlignment({ recipe: recipe("translation"), paths, addTo: null }, { onProgress });
    expect(found).toMatchObject({ mode: "translation", pictures: 4 });
    expect(found!.reference).toHaveLength(128 * 128);
    expect(told).toEqual(["align 1/4", "align 2/4", "align 3/4", "align 4/4"]);
  });

  it("does nothing unless it is asked for", async () => {
    expect(await findAlignment({ recipe: recipe(), paths: ["nowhere.png"], addTo: null }, {})).toBeNull();
  });

  it("keeps the reference of the model that is added to", async () => {
    const plain = smallModel();
    const alignmentReference = new Uint8Array(128 * 128).fill(3);
    const good = { lowest: 0.9, median: 0.95, shift: 0.1, degrees: 0 };
    const alignment = { mode: "translation", pictures: 9, least: 0.7, good } as const;
    const addTo: TrainedModelFile = {
      ...plain,
      manifest: { ...plain.manifest, alignment },
      alignmentReference,
    };
    const found = await findAlignment({ recipe: recipe("translation"), paths: ["nowhere.png"], addTo }, {});
    expect(found).toEqual({ ...alignment, reference: alignmentReference });
  });

  it("ends when it is cancelled, and says which picture cannot be read", async () => {
    const plan = { recipe: recipe("rigid"), paths, addTo: null };
    await expect(findAlignment(plan, { signal: AbortSignal.abort() })).rejects.toThrow(/CANCELLED/);
    await expect(findAlignment({ ...plan, paths: ["nowhere.png"] }, {})).rejects.toThrow(
      /nowhere\.png.*IMAGE_NOT_FOUND/,
    );
  });
});
