/** The algorithm in a model file in the words that `inspect` uses for exported graphs. */
import type { KindDetails } from "../anomalib/model-kind.js";
import type { ModelManifest } from "./manifest.js";

/** What an exported graph would have to be searched for, a manifest says. */
export function modelFileDetails({ backbone, embedding, head, map }: ModelManifest): KindDetails {
  return {
    kind: head.kind,
    layers: backbone.taps.map(({ name, channels, stride }) => ({
      tensor: name,
      layer: name,
      channels,
      stride,
    })),
    totalChannels: backbone.taps.reduce((sum, { channels }) => sum + channels, 0),
    channels: head.channels,
    channelIndices: embedding.channels,
    cells: head.gridWidth * head.gridHeight,
    grid: { width: head.gridWidth, height: head.gridHeight },
    memoryBank: null,
    neighbours: null,
    blur: map.sigma > 0 ? { kernelSize: 2 * Math.floor(4 * map.sigma + 0.5) + 1, sigma: map.sigma } : null,
  };
}
