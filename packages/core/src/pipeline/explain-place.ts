/**
 * Why a place of the map is hot: the good patches that come nearest to what is there, and the channels that deviate most
 * from what is usual there. Computed for a few places after a picture was scored, so nothing here has to be fast.
 */

import { detectorsOf } from "../bundle/detectors-of.js";
import type { DetectorManifest, ModelManifest } from "../bundle/manifest.js";
import type { ModelFile, StoredHead } from "../bundle/model-file.js";
import { plainNeighbourKernels } from "../kernels/plain-neighbour-kernels.js";
import type {
  DetectorExplanation,
  DeviatingChannel,
  NearestPatch,
  PlaceExplanation,
  TypicalPatch,
} from "../stages/detector/explanation.js";
import { meanOf, type PackedGaussians } from "../stages/padim/packed-gaussians.js";
import { unpackFactor } from "../stages/padim/unpack-factor.js";
import { type PatchBank, UNKNOWN_SOURCE } from "../stages/patchcore/patch-bank.js";
import { type CellPlace, cellPlaces } from "./cell-places.js";

/** Patches and channels that are named. */
const PATCHES = 3;
const CHANNELS = 5;

/**
 * Explains a place of the picture that was scored last.
 * @param embeddings `[channels, cells]` of each detector.
 * @param distances `[cells]` of each detector.
 * @param x, y shares of the picture's sides, 0 to 1.
 */
export function explainPlace(
  model: ModelFile,
  embeddings: readonly Float32Array[],
  distances: readonly Float32Array[],
  { x, y }: { readonly x: number; readonly y: number },
): PlaceExplanation {
  const places = cellPlaces(model.manifest);
  const sizes = model.manifest.passes.flatMap(({ size, detectors }) => detectors.map(() => size.width));
  const found = detectorsOf(model.manifest).map((detector, i) => {
    const place = places[i];
    const cell = place.cellAt(x, y);
    const weighed = detector.factor * distances[i][cell];
    const patch = patchAt(embeddings[i], detector.channels, cell);
    return {
      detector,
      place,
      cell,
      weighed,
      patch,
      distance: distances[i][cell],
      size: sizes[i],
      head: model.detectors[i].head,
    };
  });
  const total = found.reduce((sum, { weighed }) => sum + weighed, 0);
  return {
    x,
    y,
    detectors: found.map(({ detector, place, cell, weighed, patch, distance, size, head }) => ({
      kind: head.kind,
      size,
      box: place.boxOf(cell),
      distance,
      share: total > 0 ? weighed / total : 0,
      ...reasons(head, { detector, place, cell, patch }, model.manifest),
    })),
  };
}

/** A cell and what the picture shows there. */
interface FoundPlace {
  readonly detector: DetectorManifest;
  readonly place: CellPlace;
  readonly cell: number;
  readonly patch: Float32Array;
}

function reasons(
  head: StoredHead,
  { detector, place, cell, patch }: FoundPlace,
  manifest: ModelManifest,
): Pick<DetectorExplanation, "nearest" | "channels" | "typical"> {
  if (head.kind === "patchcore")
    return { nearest: nearestPatches(head.bank, patch, place, manifest), channels: [], typical: null };
  return {
    nearest: [],
    channels: deviatingChannels(head.gaussians, patch, cell, detector, manifest),
    typical: typicalPatch(head.typical, cell, place, manifest),
  };
}

function typicalPatch(
  typical: Int32Array | undefined,
  cell: number,
  place: CellPlace,
  manifest: ModelManifest,
): TypicalPatch | null {
  if (typical === undefined) return null;
  const picture = typical[cell];
  return { picture, path: pathOf(manifest, picture), box: place.boxOf(cell) };
}

/** "" where the model does not name its pictures. */
function pathOf(manifest: ModelManifest, picture: number): string {
  return manifest.origin === "blemish" ? (manifest.training.files[picture]?.path ?? "") : "";
}

function patchAt(embedding: Float32Array, channels: number, cell: number): Float32Array {
  const cells = embedding.length / channels;
  return Float32Array.from({ length: channels }, (_, d) => embedding[d * cells + cell]);
}

function nearestPatches(
  bank: PatchBank,
  patch: Float32Array,
  place: CellPlace,
  manifest: ModelManifest,
): NearestPatch[] {
  const count = Math.min(PATCHES, bank.rows);
  const found = { index: new Int32Array(count), squared: new Float32Array(count) };
  plainNeighbourKernels.nearest(bank, patch, 1, count, found);
  const { picture, cell } = bank;
  const turned = manifest.origin === "blemish" && manifest.training.turned;
  // Of a patch that is not finite no row is the nearest.
  return Array.from(
    found.index.filter((row) => row >= 0),
    (row, n) => ({
      picture: picture[row],
      path: pathOf(manifest, picture[row]),
      box: turned || cell[row] === UNKNOWN_SOURCE ? null : place.boxOf(cell[row]),
      distance: Math.sqrt(found.squared[n]),
    }),
  );
}

/** d² = δᵀΣ⁻¹δ = Σ_i δ_i (Wᵀ W δ)_i: each channel's term is its share. */
function deviatingChannels(
  gaussians: PackedGaussians,
  patch: Float32Array,
  cell: number,
  { embedding }: DetectorManifest,
  { backbone }: ModelManifest,
): DeviatingChannel[] {
  const { channels } = gaussians;
  const usual = Float64Array.from(meanOf(gaussians, cell));
  const delta = usual.map((value, d) => patch[d] - value);
  const factor = unpackFactor(gaussians, cell);
  const pulled = new Float64Array(channels);
  for (let i = 0, row = 0; i < channels; row += ++i) {
    let whitened = 0;
    for (let j = 0; j <= i; j++) whitened += factor[row + j] * delta[j];
    for (let j = 0; j <= i; j++) pulled[j] += factor[row + j] * whitened;
  }
  const terms = delta.map((value, d) => value * pulled[d]);
  const total = terms.reduce((sum, term) => sum + term, 0);
  const tapOf = tapNames(embedding.projectionRows > 0 ? null : backbone.taps);
  return Array.from(terms.keys())
    .sort((a, b) => terms[b] - terms[a] || a - b)
    .slice(0, CHANNELS)
    .map((d) => ({
      channel: d,
      tap: tapOf(embedding.channels?.[d] ?? d),
      value: patch[d],
      mean: usual[d],
      share: total > 0 ? terms[d] / total : 0,
    }));
}

/** The tap of a concatenated channel. */
function tapNames(
  taps: readonly { readonly name: string; readonly channels: number }[] | null,
): (channel: number) => string | null {
  const names = (taps ?? []).flatMap(({ name, channels }) => Array.from({ length: channels }, () => name));
  return (channel) => names[channel] ?? null;
}
