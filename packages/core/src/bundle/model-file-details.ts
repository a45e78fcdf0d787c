/** The algorithm in a model file in the words that `inspect` uses for exported graphs. */

import type { KindDetails } from "../anomalib/model-kind.js";
import { cellCount } from "./cell-count.js";
import { detectorsOf } from "./detectors-of.js";
import { kindOf } from "./kind-of.js";
import type { ModelManifest } from "./manifest.js";

/** What is added to the name of a value of which only some channels were kept (`backbones/keep-channels.ts`). */
const KEPT = /\.kept(\.\d+)?$/;

/**
 * What an exported graph would have to be searched for, a manifest says. Of a model with several detectors: Gaussians and
 * channels of the first PaDiM, bank of the first PatchCore, grid of the first detector. Of an imported model it says less:
 * the file holds the drawn channels alone, so neither how many there were nor which.
 * @param layers names of the layers behind the taps (`layerNames`), for a network that was cut from an export.
 */
export function modelFileDetails(manifest: ModelManifest, layers: readonly string[] = []): KindDetails {
  const { backbone, map } = manifest;
  const detectors = detectorsOf(manifest);
  const padim = detectors.find(({ head }) => head.kind === "padim");
  const bank = detectors.find(({ head }) => head.kind === "patchcore");
  const [first] = detectors;
  const cut = manifest.origin === "anomalib";
  return {
    kind: kindOf(manifest),
    layers: backbone.taps.map(({ name, channels, stride }, at) => ({
      tensor: name,
      layer: cut ? (layers[at] ?? name).replace(KEPT, "") : name,
      channels,
      stride,
    })),
    totalChannels: cut ? null : backbone.taps.reduce((sum, { channels }) => sum + channels, 0),
    channels: (padim ?? first)?.channels ?? null,
    channelIndices: cut ? null : (padim?.embedding.channels ?? null),
    cells: padim === undefined ? null : cellCount(padim),
    grid: first?.grid ?? null,
    memoryBank: bank?.head.kind === "patchcore" ? { rows: bank.head.rows, columns: bank.channels } : null,
    neighbours: bank?.head.kind === "patchcore" ? (bank.head.neighbours ?? 1) : null,
    blur: map.sigma > 0 ? { kernelSize: 2 * Math.floor(4 * map.sigma + 0.5) + 1, sigma: map.sigma } : null,
  };
}
