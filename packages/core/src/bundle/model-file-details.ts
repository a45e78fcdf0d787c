/** The algorithm in a model file in the words that `inspect` uses for exported graphs. */
import type { KindDetails } from "../anomalib/model-kind.js";
import type { ModelManifest } from "./manifest.js";

/** What is added to the name of a value of which only some channels were kept (`backbones/keep-channels.ts`). */
const KEPT = /\.kept(\.\d+)?$/;

/**
 * What an exported graph would have to be searched for, a manifest says. Of an imported model it says less: the file
 * holds the drawn channels alone, so neither how many there were nor which.
 * @param layers names of the layers behind the taps (`layerNames`), for a network that was cut from an export.
 */
export function modelFileDetails(
  { backbone, embedding, head, map, origin }: ModelManifest,
  layers: readonly string[] = [],
): KindDetails {
  const cut = origin === "anomalib";
  return {
    kind: head.kind,
    layers: backbone.taps.map(({ name, channels, stride }, at) => ({
      tensor: name,
      layer: cut ? (layers[at] ?? name).replace(KEPT, "") : name,
      channels,
      stride,
    })),
    totalChannels: cut ? null : backbone.taps.reduce((sum, { channels }) => sum + channels, 0),
    channels: head.channels,
    channelIndices: cut ? null : embedding.channels,
    cells: head.gridWidth * head.gridHeight,
    grid: { width: head.gridWidth, height: head.gridHeight },
    memoryBank: null,
    neighbours: null,
    blur: map.sigma > 0 ? { kernelSize: 2 * Math.floor(4 * map.sigma + 0.5) + 1, sigma: map.sigma } : null,
  };
}
