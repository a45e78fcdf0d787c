/** A whole model as a graph: pictures' tensors in, raw map and raw score out. Every form of an export begins with it. */
import { byPass, detectorsOf } from "../../bundle/detectors-of.js";
import type { DetectorManifest, PassManifest } from "../../bundle/manifest.js";
import type { ModelFile } from "../../bundle/model-file.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import { scoreMapSpec } from "../learned-detector.js";
import { distanceNodes } from "./distance-nodes.js";
import { embeddingNodes, type GridValue } from "./embedding-nodes.js";
import type { GraphBuilder } from "./graph-builder.js";
import { mapNodes, scoreNodes } from "./map-nodes.js";
import { networkNodes } from "./network-nodes.js";
import { type FoundPatches, reweightedNodes } from "./reweighted-nodes.js";

/** Names of the raw values. */
export interface RawValues {
  /** `[batch, 1, height, width]`. */
  readonly map: string;
  /** `[batch, 1]`. */
  readonly score: string;
}

/**
 * Adds the model.
 * @param network of its backbone.
 * @param tensors names of what `preProcess` makes, one for each pass.
 */
export function modelNodes(
  builder: GraphBuilder,
  model: ModelFile,
  network: OnnxModel,
  tensors: readonly string[],
): RawValues {
  const { manifest } = model;
  const backbone = networkNodes(builder, network, manifest.backbone);
  const stored = byPass(manifest, model.detectors);
  const found = manifest.passes.flatMap((pass, i) => {
    const taps = tapsOf(pass, manifest.backbone.taps, backbone.run(tensors[i] as string));
    return pass.detectors.map((detector, j): FoundPatches => {
      const one = (stored[i] as typeof model.detectors)[j] as (typeof model.detectors)[number];
      const embedding = embeddingNodes(builder, taps, detector, one);
      return { embedding, ...distanceNodes(builder, embedding, one.head), head: one.head };
    });
  });
  const spec = scoreMapSpec(manifest);
  const map = mapNodes(
    builder,
    found.map(({ distances }) => distances),
    spec,
  );
  const neighbours = neighboursOf(detectorsOf(manifest)[0] as DetectorManifest);
  const score =
    neighbours === null
      ? scoreNodes(builder, map, spec)
      : reweightedNodes(builder, found[0] as FoundPatches, neighbours);
  return { map, score };
}

/** Neighbours that weigh Anomalib's score of a bank; null where the map has the score. */
export function neighboursOf({ head }: DetectorManifest): number | null {
  return head.kind === "patchcore" ? (head.neighbours ?? null) : null;
}

function tapsOf(
  { size }: PassManifest,
  taps: ModelFile["manifest"]["backbone"]["taps"],
  names: readonly string[],
): GridValue[] {
  return taps.map(({ channels, stride }, i) => ({
    name: names[i] as string,
    channels,
    width: Math.ceil(size.width / stride),
    height: Math.ceil(size.height / stride),
  }));
}
