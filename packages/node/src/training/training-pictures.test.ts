import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedTraining, renderPart } from "@blemish/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../images/encode-png.js";
import { sha256 } from "../sha256.js";
import { openTrainingPictures, type TrainingPictures } from "./training-pictures.js";
import { planTraining, type TrainingPlan } from "./training-plan.js";

let folder = "";
let paths: string[] = [];
const image = (seed: number) => renderPart("washer", { seed, width: 64, height: 64 }).image;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blemish-pictures-"));
  paths = [0, 1, 2, 3].map((i) => join(folder, `${i}.png`));
  for (const [seed, path] of paths.entries()) await writeFile(path, await encodePng(image(seed)));
});
afterAll(() => rm(folder, { recursive: true }));

const SMALL = { size: 64, turned: false } as const;

/** Opens the pictures of a plan, does something with them and closes them. */
async function using<T>(
  plan: TrainingPlan,
  work: (pictures: TrainingPictures) => Promise<T>,
  options: Parameters<typeof openTrainingPictures>[2] = {},
): Promise<T> {
  const pictures = await openTrainingPictures(plan, 1, options);
  try {
    return await work(pictures);
  } finally {
    await pictures.close();
  }
}

async function all(stream: AsyncIterable<EmbeddedTraining>): Promise<EmbeddedTraining[]> {
  const list: EmbeddedTraining[] = [];
  for await (const one of stream) list.push(one);
  return list;
}

describe("openTrainingPictures", () => {
  it("streams all pictures in order, the same in every round, kept or embedded again", async () => {
    const plan = await planTraining(paths, SMALL);
    const told: string[] = [];
    const onProgress = (stage: string, done: number, total: number) =>
      void told.push(`${stage} ${done}/${total}`);
    const rounds = async (kept: number) =>
      using(
        { ...plan, kept },
        async (pictures) => [await all(pictures.round("fit")), await all(pictures.round("refine"))],
        { onProgress },
      );
    const [first, second] = await rounds(4);
    expect(first!.map(({ picture, turned }) => [picture, turned])).toEqual(
      [0, 1, 2, 3].map((picture) => [picture, false]),
    );
    expect(first![0]!.embeddings.map(({ channels }) => channels)).toEqual([152, 152]);
    expect(second).toEqual(first);
    expect(told).toEqual(["fit", "refine"].flatMap((stage) => [1, 2, 3, 4].map((n) => `${stage} ${n}/4`)));
    expect(await rounds(0)).toEqual([first, first]);
    expect(await rounds(2)).toEqual([first, first]);
  });

  it("has turned copies behind their picture in a round, and only where they are wanted", async () => {
    const plan = await planTraining(paths, { ...SMALL, turned: true });
    await using(plan, async (pictures) => {
      const round = await all(pictures.round("fit"));
      expect(round).toHaveLength(4 * 9);
      expect(round.map(({ picture }) => picture)).toEqual([0, 1, 2, 3].flatMap((i) => Array(9).fill(i)));
      expect(round.filter(({ turned }) => !turned)).toHaveLength(4);
      expect(await all(pictures.some([2], "refit", true))).toEqual(round.slice(18, 27));
      expect(await all(pictures.some([3, 1], "calibrate", false))).toEqual([round[27], round[9]]);
    });
  });

  it("embeds copies again that were not kept", async () => {
    const plan = await planTraining(paths.slice(0, 2), { ...SMALL, turned: true });
    const round = (pictures: TrainingPictures) => all(pictures.round("fit"));
    const kept = await using(plan, round);
    const twice = await using({ ...plan, kept: 1 }, async (pictures) => {
      // Judging first must not make the copies of what it embeds fall out of the rounds.
      await all(pictures.some([0, 1], "calibrate", false));
      await round(pictures);
      return round(pictures);
    });
    expect(twice).toEqual(kept);
  });

  it("knows path and hash of every file, and embeds other pictures in between", async () => {
    const plan = await planTraining(paths, SMALL);
    await using(plan, async (pictures) => {
      const round = await all(pictures.round("fit"));
      const hashes = await Promise.all(
        paths.map(async (_, i) => sha256([(await encodePng(image(i))) as Uint8Array])),
      );
      expect(pictures.files()).toEqual(paths.map((path, i) => ({ path, sha256: hashes[i] })));
      expect(await pictures.embed(image(2))).toEqual(round[2]!.embeddings);
    });
  });

  it("refuses a picture that is another one than before", async () => {
    const changing = join(folder, "changing.png");
    await writeFile(changing, await encodePng(image(8)));
    const plan = await planTraining([...paths, changing], SMALL);
    await using({ ...plan, kept: 0 }, async (pictures) => {
      await all(pictures.round("fit"));
      await writeFile(changing, await encodePng(image(9)));
      await expect(all(pictures.round("refine"))).rejects.toMatchObject({
        code: "MODEL_STATISTICS",
        subject: `The training picture ${changing}`,
      });
    });
    const known = { ...plan, hashes: ["another"] };
    await using(known, (pictures) =>
      expect(all(pictures.round("fit"))).rejects.toMatchObject({ code: "MODEL_STATISTICS" }),
    );
  });

  it("ends when it is cancelled, and with the error of a picture", async () => {
    const stop = new AbortController();
    const plan = await planTraining([...paths, "missing.png"], SMALL);
    const onProgress = () => stop.abort();
    await using(
      plan,
      (pictures) => expect(all(pictures.round("fit"))).rejects.toMatchObject({ code: "CANCELLED" }),
      { signal: stop.signal, onProgress },
    );
    await using(plan, (pictures) =>
      expect(all(pictures.round("fit"))).rejects.toMatchObject({
        code: "IMAGE_NOT_FOUND",
        subject: "missing.png",
      }),
    );
  });
});
