/** What a training worker does with a picture: read → (turn) → preprocess → backbone → embeddings of all detectors. */
import {
  type BackboneManifest,
  type Embedding,
  type EmbeddingSpec,
  embed,
  extractTaps,
  type PreprocessStep,
  preProcess,
  type RgbImage,
  type Session,
  turnedPictures,
} from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";
import { decodeHere, fetchPicture, READINGS } from "../images/read-here.js";
import type { ImageSource } from "../images/read-image.js";
import { pixelHash, sha256 } from "../sha256.js";
import { createLane } from "../workers/lane.js";
import type { JobServer } from "../workers/serve-jobs.js";

/** What is the same for every picture of a training. */
export interface EmbeddingSetup {
  readonly backbone: { readonly manifest: BackboneManifest; readonly modelBytes: Uint8Array };
  /** Runs of the backbone on a picture, and the embeddings that are made of each. */
  readonly passes: readonly {
    readonly preprocessing: readonly PreprocessStep[];
    readonly embeddings: readonly EmbeddingSpec[];
  }[];
  readonly limits: Partial<DecodeLimits>;
  /** Threads of one run of the network. */
  readonly threads: number;
}

/** One picture to embed. */
export interface EmbeddingJob {
  readonly source: ImageSource;
  /** Embed the picture's turned copies, too. */
  readonly turned: boolean;
}

/** A picture's embeddings and the facts of its file. */
export interface EmbeddedPicture {
  /** Of the picture, then of its turned copies: one embedding for each detector. */
  readonly copies: readonly (readonly Embedding[])[];
  /** SHA-256 of the encoded file; "" for pixels. */
  readonly sha256: string;
  /** SHA-256 of what it shows: size and pixels. */
  readonly pixels: string;
  /** Size of the picture in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Serves embeddings with a backbone that is open already. */
export function embedder(
  session: Session,
  { backbone, passes, limits }: EmbeddingSetup,
): JobServer<EmbeddingJob, EmbeddedPicture> {
  const network = createLane();
  const reading = createLane(READINGS);
  const embedAll = async (image: RgbImage): Promise<Embedding[]> => {
    const embeddings: Embedding[] = [];
    for (const { preprocessing, embeddings: specs } of passes) {
      const taps = await extractTaps(session, backbone.manifest, preProcess(image, preprocessing));
      for (const spec of specs) embeddings.push(embed(taps, spec));
    }
    return embeddings;
  };
  return {
    async run({ source, turned }) {
      const { image, sha256 } = await reading(() => readHashed(source, limits));
      const images = turned ? [image, ...turnedPictures(image)] : [image];
      const copies: Embedding[][] = [];
      for (const one of images) copies.push(await network(() => embedAll(one)));
      const { width, height } = image;
      const value = { copies, sha256, pixels: pixelHash(image), width, height };
      return { value, transfer: copies.flat().map(({ data }) => data.buffer as ArrayBuffer) };
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
