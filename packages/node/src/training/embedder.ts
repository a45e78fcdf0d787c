/** What a training worker does with a picture: read → (turn) → preprocess → backbone → embeddings of all detectors. */
import {
  type AlignmentModel,
  aligner,
  type BackboneManifest,
  type Capture,
  checkPictureSize,
  cropAt,
  type Embedding,
  type EmbeddingSpec,
  embed,
  extractTaps,
  isCut,
  measurePicture,
  type PictureMeasures,
  type PreprocessStep,
  preProcess,
  preProcessParts,
  type RgbImage,
  type Session,
  type TileSpec,
  type TrainedPicture,
  type TurnedInput,
  turnedPictures,
} from "@blemish/core";
import type { DecodeLimits } from "../images/decode-limits.js";
import { decodeHere, fetchPicture, READINGS } from "../images/read-here.js";
import type { ImageSource } from "../images/read-image.js";
import { pixelHash, sha256 } from "../sha256.js";
import { createLane } from "../workers/lane.js";
import type { JobServer } from "../workers/serve-jobs.js";

/** A run of the backbone on a picture, and the embeddings that are made of it. */
interface EmbeddingPass {
  readonly preprocessing: readonly PreprocessStep[];
  readonly embeddings: readonly EmbeddingSpec[];
  /** How the input is cut for the network; absent = it is run as a whole. */
  readonly tiles?: TileSpec;
}

/** What is the same for every picture of a training. */
export interface EmbeddingSetup {
  readonly backbone: { readonly manifest: BackboneManifest; readonly modelBytes: Uint8Array };
  readonly passes: readonly EmbeddingPass[];
  /** The pictures, where only such can be judged; absent = any picture, stretched. */
  readonly picture?: TrainedPicture;
  /** One for each of `turnedPictures`, made of the view of `picture`; absent = they go the way of the picture. */
  readonly turned?: readonly (readonly TurnedInput[])[];
  /** How the pictures are taken; absent = nothing is known. */
  readonly capture?: Capture;
  /** How pictures are aligned; absent = they are not. */
  readonly alignment?: AlignmentModel;
  readonly limits: Partial<DecodeLimits>;
  /** Threads of one run of the network. */
  readonly threads: number;
}

/** One picture to embed. */
export interface EmbeddingJob {
  readonly source: ImageSource;
  /** Embed the picture's turned copies, too. */
  readonly turned: boolean;
  /** Take it as it lies, whatever the training does. */
  readonly asItLies?: boolean;
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
  /** What rules of validity are learnt from. */
  readonly measures: PictureMeasures;
}

/** Serves embeddings with a backbone that is open already. */
export function embedder(
  session: Session,
  { backbone, passes, picture, turned: turnedPasses, capture, alignment, limits }: EmbeddingSetup,
): JobServer<EmbeddingJob, EmbeddedPicture> {
  const network = createLane();
  const reading = createLane(READINGS);
  // Of pictures that are cut, one at a time is large enough.
  const held = createLane(passes.some(isCut) ? 1 : Number.POSITIVE_INFINITY);
  const align = alignment ? aligner(alignment) : null;
  const embedAll = async (image: RgbImage, inputs: readonly EmbeddingPass[]): Promise<Embedding[]> => {
    const embeddings: Embedding[] = [];
    for (const { preprocessing, embeddings: specs, tiles } of inputs) {
      const input = (tiles ? preProcessParts : preProcess)(image, preprocessing);
      const taps = await extractTaps(session, backbone.manifest, input, tiles);
      for (const spec of specs) embeddings.push(embed(taps, spec));
    }
    return embeddings;
  };
  const embedPicture = async ({ source, turned, asItLies }: EmbeddingJob) => {
    const { image: taken, sha256 } = await reading(() => readHashed(source, capture, limits));
    checkPictureSize(taken, picture, sourceName(source));
    const image = align && !asItLies ? align(taken).image : taken;
    const copies = [await network(() => embedAll(image, passes))];
    if (turned) {
      // A region turns with its part, so the part is cut out first.
      const whole = turnedPasses && picture ? cropAt(image, picture.view) : image;
      for (const [i, one] of turnedPictures(whole).entries())
        copies.push(await network(() => embedAll(one, turnedPasses?.[i] ?? passes)));
    }
    const { width, height } = image;
    const measures = measurePicture(taken, { judged: picture });
    const value = { copies, sha256, pixels: pixelHash(taken), width, height, measures };
    return { value, transfer: copies.flat().map(({ data }) => data.buffer as ArrayBuffer) };
  };
  return {
    run: (job) => held(() => embedPicture(job)),
    close: () => session.close(),
  };
}

function sourceName(source: ImageSource): string {
  return typeof source === "string" ? source : "The picture";
}

/** The picture as OpenCV would read it, and the hash of its file. */
async function readHashed(source: ImageSource, capture: Capture | undefined, limits: Partial<DecodeLimits>) {
  const fetched = await fetchPicture(source, limits);
  const image = await decodeHere(fetched, { rule: "opencv", ...(capture && { capture }) }, limits);
  if (typeof source !== "string") return { image, sha256: "" };
  return { image, sha256: sha256([fetched.content as Uint8Array]) };
}
