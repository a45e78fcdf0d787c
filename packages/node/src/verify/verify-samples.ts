/** The samples that a model or an export carries, run here: the tensors first, then score and map. */
import {
  BlemishError,
  inputHashes,
  type ModelFile,
  type ModelManifest,
  type ParitySample,
  type PassManifest,
  parityPicture,
  parityPlaces,
  preProcess,
} from "@blemish/core";
import { sha256 } from "../sha256.js";
import { type Engine, type EngineAnswer, fastEngine } from "./engines.js";
import {
  comparison,
  type Measure,
  type PreprocessingProof,
  toleranceFor,
  type VerifyRow,
} from "./verification.js";

/** What is needed to run samples. */
export interface Samples extends Pick<ModelManifest, "parity"> {
  /** Of a model that judges pictures of one size only. */
  readonly picture?: { readonly width: number; readonly height: number };
  readonly passes: readonly Pick<PassManifest, "preprocessing" | "tiles">[];
}

/** The tensors of the samples; null where none says anything of them. */
export function preprocessingProof(samples: Samples): PreprocessingProof | null {
  const known = samples.parity.filter(({ inputs }) => inputs !== undefined);
  if (known.length === 0) return null;
  const differing = known.filter(({ seed, inputs }) => {
    const here = inputHashes(parityPicture(seed, samples), samples, sha256);
    return here === null || here.join() !== inputs?.join();
  });
  return { pictures: known.length, differing: differing.map(({ seed }) => seed) };
}

/** What an engine says of the samples beside what they say; the threshold is raw. */
export async function sampleRow(engine: Engine, samples: Samples, measure: Measure): Promise<VerifyRow> {
  const { add, row } = comparison({ engine: engine.name, against: "the file's samples", ...measure });
  for (const sample of samples.parity) {
    const picture = parityPicture(sample.seed, samples);
    const answer = await engine.judge(picture);
    const given =
      answer.made && samples.passes.map(({ preprocessing }) => preProcess(picture, preprocessing).data);
    const reference = { ...storedAnswer(sample), ...(given && { given }) };
    add({ ...answer, map: placesMap(parityPlaces(answer.map)) }, reference);
  }
  return row();
}

function storedAnswer({ rawScore, rawMap }: ParitySample): EngineAnswer {
  return { score: rawScore, map: placesMap(rawMap) };
}

function placesMap(values: readonly number[]): EngineAnswer["map"] {
  return { width: values.length, height: 1, data: Float32Array.from(values) };
}

/**
 * Whether a model computes here what its samples say, on our own engine.
 * @returns null when it does or has no samples; else what is wrong, in a sentence.
 * @throws BlemishError of the session, MEMORY.
 */
export async function samplesProblem(model: ModelFile): Promise<string | null> {
  const { manifest } = model;
  if (manifest.parity.length === 0) return null;
  const unlike = preprocessingProblem(manifest);
  if (unlike !== null) return unlike;
  const tolerance = toleranceFor(manifest.backbone.precision ?? "float32");
  const engine = await fastEngine(model);
  try {
    const row = await sampleRow(engine, manifest, { threshold: null, tolerance });
    return rowProblem(row);
  } finally {
    await engine.close();
  }
}

/** What tensors that are not those of the samples mean, in a sentence; null when they are. */
export function preprocessingProblem(samples: Samples): string | null {
  const proof = preprocessingProof(samples);
  if (proof === null || proof.differing.length === 0) return null;
  const { pictures, differing } = proof;
  return `preprocessing differs: the tensors of ${differing.length} of ${pictures} samples are others here`;
}

/** A row that failed, in a sentence; null when it passed. */
export function rowProblem({ passed, score, map, pictures }: VerifyRow): string | null {
  if (passed) return null;
  return `score ${score.toExponential(1)} and map ${map.toExponential(1)} apart on ${pictures} formula pictures`;
}

/**
 * Refuses a model that does not compute what its samples say.
 * @throws BlemishError MODEL_SAMPLES, and those of running it.
 */
export async function requireSamples(model: ModelFile, subject: string): Promise<void> {
  const problem = await samplesProblem(model);
  if (problem !== null) throw samplesError(subject, problem);
}

/** The error of a model whose samples fail. */
export function samplesError(subject: string, found: string): BlemishError {
  return new BlemishError("MODEL_SAMPLES", {
    subject,
    expected: "score and map as its samples say",
    found,
  });
}
