/** What a training worker does with a picture: read → preprocess → backbone → embedding. */
import {
  type BackboneManifest,
  type Embedding,
  type EmbeddingSpec,
  embed,
  extractTaps,
  type PreprocessStep,
  preProcess,
  type Session,
} from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";
import { decodeHere, fetchPicture, READINGS } from "../images/read-here.js";
import type { ImageSource } from "../images/read-image.js";
import { sha256 } from "../sha256.js";
import { createLane } from "../workers/lane.js";
import type { JobServer } from "../workers/serve-jobs.js";

/** What is the same for every picture of a training. */
export interface EmbeddingSetup {
  readonly backbone: { readonly manifest: BackboneManifest; readonly modelBytes: Uint8Array };
  readonly preprocessing: readonly PreprocessStep[];
  readonly embedding: EmbeddingSpec;
  readonly limits: Partial<DecodeLimits>;
  /** Threads of one run of the network. */
  readonly threads: number;
}

/** One picture to embed. */
export interface EmbeddingJob {
  readonly source: ImageSource;
}

/** A picture's embedding and the facts of its file. */
export interface EmbeddedPicture {
  readonly embedding: Embedding;
  /** SHA-256 of the encoded file; "" for pixels. */
  readonly sha256: string;
  /** Size of the picture in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Serves embeddings with a backbone that is open already. */
export function embedder(session: Session, setup: EmbeddingSetup): JobServer<EmbeddingJob, EmbeddedPicture> {
  const { backbone, preprocessing, embedding: spec, limits } = setup;
  const network = createLane();
  const reading = createLane(READINGS);
  return {
    async run({ source }) {
      const { image, sha256 } = await reading(() => readHashed(source, limits));
      const embedding = await network(async () => {
        const input = preProcess(image, preprocessing);
        return embed(await extractTaps(session, backbone.manifest, input), spec);
      });
      const value = { embedding, sha256, width: image.width, height: image.height };
      return { value, transfer: [embedding.data.buffer as ArrayBuffer] };
    },
    close: () => session.close(),
  };
}

/** The picture as OpenCV would read it, and the hash of its file. */
async function readHashed(source: ImageSource, limits: Partial<DecodeLimits>) {
  const fetched = await fetchPicture(source, limits);
  const image = await decodeHere(fetched, "opencv", limits);
  if (typeof source !== "string") return { image, sha256: "" };
  return { image, sha256: sha256([fetched.content as Uint8Array]) };
}
