/**
 * Embeddings of the first round that later rounds need not compute again, as many as a bound of memory allows. Kept ones
 * are spread over all pictures, so that the workers have something to do all the time.
 */
import type { EmbeddedPicture } from "./embedder.js";

/** Some of a training's pictures. */
export interface KeptEmbeddings {
  /** Keeps a picture if it is one of those that are to be kept and is not kept yet. */
  keep(index: number, picture: EmbeddedPicture): void;
  /** A kept picture; null when it was not kept. */
  get(index: number): EmbeddedPicture | null;
}

/** How many pictures are kept. @param bytes of them all; @param each of one picture's embeddings. */
export function keptCount(bytes: number, each: number, pictures: number): number {
  return Math.min(pictures, Math.floor(bytes / each));
}

/** Keeps `count` of `pictures` pictures. */
export function keepEmbeddings(count: number, pictures: number): KeptEmbeddings {
  const kept = new Map<number, EmbeddedPicture>();
  const before = (index: number) => Math.floor((index * count) / pictures);
  return {
    keep(index, picture) {
      if (before(index + 1) > before(index) && !kept.has(index)) kept.set(index, picture);
    },
    get: (index) => kept.get(index) ?? null,
  };
}
