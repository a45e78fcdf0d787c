/**
 * Model files of format version 1, which Blemish 0.1 wrote: only trained models, and float32 statistics in tiles of
 * 64 cells. Read, never written.
 */
import type { Gaussians } from "../stages/padim/gaussian.js";
import { packGaussians } from "../stages/padim/pack-gaussians.js";
import type { PackedGaussians } from "../stages/padim/packed-gaussians.js";
import { FORMAT_VERSION, type ModelManifest } from "./manifest.js";

/** Whether a manifest that came out of JSON is one of version 1. */
export function isVersion1(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && (json as { version?: unknown }).version === 1;
}

/** The manifest in today's form, not checked yet: what was fitted has a field of its own, and the origin is said. */
export function manifestFromVersion1(manifest: Readonly<Record<string, unknown>>): unknown {
  const { count, pool, ridge, ...head } = { ...(manifest.head as object) } as Record<string, unknown>;
  return {
    ...manifest,
    version: FORMAT_VERSION,
    origin: "blemish",
    head: { ...head, precision: "float32" },
    fit: { count, pool, ridge },
  };
}

/**
 * The Gaussians in today's packing, not rounded any further.
 * @param mean `[tiles, channels, 64]`.
 * @param factor `[tiles, channels(channels+1)/2, 64]`.
 */
export function headFromVersion1(
  { channels, gridWidth, gridHeight }: ModelManifest["head"],
  mean: Float32Array,
  factor: Float32Array,
): PackedGaussians {
  const cells = gridWidth * gridHeight;
  const gaussians: Pick<Gaussians, "channels" | "cells" | "mean" | "factor"> = {
    channels,
    cells,
    mean: Float64Array.from(mean),
    factor: Float64Array.from(factor),
  };
  return packGaussians(gaussians, "float32");
}
