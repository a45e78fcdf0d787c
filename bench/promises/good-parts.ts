/** Good parts as a training sees them: generated pictures, embedded by the shipped network for every detector. */
import {
  detectorsOf,
  type Embedding,
  type PartKind,
  type Recipe,
  type RecipeOptions,
  type RgbImage,
  renderPart,
} from "@blemish/core";
import { type Backbone, backboneSession } from "@blemish/node";
import { embedder } from "../../packages/node/src/training/embedder.js";
import { planTraining, setupOf } from "../../packages/node/src/training/training-plan.js";

/** What the parts are and how they are seen. */
export interface PartsSetup {
  readonly kind: PartKind;
  /** Seed of part 0; part i has `seed + i`. */
  readonly seed: number;
  /** Side of a picture in pixels. */
  readonly pixels: number;
  /** Options of the trainings. */
  readonly options: RecipeOptions;
}

/** Embeds parts in this thread. */
export interface PartsEmbedder {
  readonly recipe: Recipe;
  readonly backbone: Backbone;
  /** Of a part and, where they are wanted, of its turned copies behind it: one embedding for each detector. */
  embed(part: number, turned: boolean): Promise<readonly (readonly Embedding[])[]>;
  /** Of another picture. */
  embedPicture(picture: RgbImage): Promise<readonly Embedding[]>;
  close(): Promise<void>;
}

/** Loads the network. */
export async function openParts({ kind, seed, pixels, options }: PartsSetup): Promise<PartsEmbedder> {
  const plan = await planTraining(["a part"], options);
  const { recipe, backbone } = plan;
  const session = await backboneSession(backbone, { threads: 1 });
  const server = embedder(session, setupOf(plan, {}));
  const embed = async (source: RgbImage, turned: boolean) =>
    (await server.run({ source, turned })).value.copies;
  return {
    recipe,
    backbone,
    embed: (part, turned) =>
      embed(renderPart(kind, { seed: seed + part, width: pixels, height: pixels }).image, turned),
    embedPicture: async (picture) => (await embed(picture, false))[0]!,
    close: () => server.close(),
  };
}

/** Numbers that the embeddings of one part take. */
export function embeddingLength(recipe: Recipe): number {
  return detectorsOf(recipe).reduce(
    (sum, { channels, grid }) => sum + channels * grid.width * grid.height,
    0,
  );
}

/** Embeds parts `from` … `to` − 1 into their places of `[parts, embeddingLength]`. */
export async function fillPool(
  parts: PartsEmbedder,
  from: number,
  to: number,
  pool: Float32Array,
): Promise<void> {
  for (let part = from; part < to; part++) {
    const [embeddings] = await parts.embed(part, false);
    for (const [i, place] of partOf(pool, part, parts.recipe).entries()) place.data.set(embeddings![i]!.data);
  }
}

/** The embeddings of one part of the pool, one for each detector. */
export function partOf(pool: Float32Array, part: number, recipe: Recipe): Embedding[] {
  let start = part * embeddingLength(recipe);
  return detectorsOf(recipe).map(({ channels, grid }) => {
    const length = channels * grid.width * grid.height;
    const data = pool.subarray(start, start + length);
    start += length;
    return { channels, ...grid, data };
  });
}
