/** Good parts as a training sees them: generated pictures, embedded by the shipped network. */
import {
  type Embedding,
  embed,
  extractTaps,
  type PartKind,
  preProcess,
  type Recipe,
  recipeFor,
  renderPart,
} from "@blemish/core";
import { backboneSession, loadBackbone } from "@blemish/node";

/** What the parts are and how they are seen. */
export interface PartsSetup {
  readonly kind: PartKind;
  /** Seed of part 0; part i has `seed + i`. */
  readonly seed: number;
  /** Side of a picture, and of the network's input, in pixels. */
  readonly pixels: number;
  readonly size: number;
}

/** The `blemish` recipe at a network size. */
export async function recipeAt(size: number): Promise<Recipe> {
  return recipeFor((await loadBackbone()).manifest, { size });
}

/** Numbers that an embedding takes. */
export function embeddingLength({ channels, grid }: Recipe): number {
  return channels * grid.width * grid.height;
}

/** Draws and embeds parts `from` … `to` − 1 into their places of `[parts, channels · cells]`. */
export async function embedParts(
  setup: PartsSetup,
  from: number,
  to: number,
  out: Float32Array,
): Promise<void> {
  const backbone = await loadBackbone();
  const { preprocessing, embedding } = await recipeAt(setup.size);
  const session = await backboneSession(backbone, { threads: 1 });
  try {
    for (let part = from; part < to; part++) {
      const { image } = renderPart(setup.kind, {
        seed: setup.seed + part,
        width: setup.pixels,
        height: setup.pixels,
      });
      const taps = await extractTaps(session, backbone.manifest, preProcess(image, preprocessing));
      const { data } = embed(taps, embedding);
      out.set(data, part * data.length);
    }
  } finally {
    await session.close();
  }
}

/** The embedding of one part of the pool. */
export function partOf(pool: Float32Array, part: number, { channels, grid }: Recipe): Embedding {
  const length = channels * grid.width * grid.height;
  return { channels, ...grid, data: pool.subarray(part * length, (part + 1) * length) };
}
