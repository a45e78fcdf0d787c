/**
 * Which set of conventions a model obeys. The order of the questions matters: names of outputs are certain,
 * a transform in the metadata is certain, the rest is told by where the preprocessing stands.
 */
import { BlemishError } from "../errors.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { GraphPreprocessing } from "./graph-preprocessing.js";
import type { Metadata } from "./metadata.js";
import type { Profile } from "./model-description.js";
import type { ModelPorts } from "./model-ports.js";

/** What the decision looks at. */
export interface ProfileClues {
  readonly model: OnnxModel;
  readonly ports: ModelPorts;
  readonly preprocessing: GraphPreprocessing;
  readonly metadata: Metadata | null;
}

/** A profile and why. */
export interface DetectedProfile {
  readonly profile: Profile;
  /** One sentence for each piece of evidence. */
  readonly evidence: readonly string[];
}

/**
 * The profile of a model, by its files, or the forced one where that can be.
 *
 * @throws BlemishError OPTION_VALUE when the forced profile contradicts the graph.
 */
export function detectProfile(clues: ProfileClues, forced?: Profile): DetectedProfile {
  const detected = { profile: guess(clues), evidence: evidenceOf(clues) };
  if (forced === undefined) return detected;
  const obstacle = obstacleTo(forced, clues);
  if (obstacle !== null)
    throw new BlemishError("OPTION_VALUE", { subject: `The profile ${forced}`, ...obstacle });
  const other = detected.profile === forced ? "" : ` It would have been taken for ${detected.profile}.`;
  return {
    profile: forced,
    evidence: [`The profile was chosen by the caller.${other}`, ...detected.evidence],
  };
}

function guess({ ports, preprocessing, metadata }: ProfileClues): Profile {
  if (ports.named) return "anomalib-2";
  if (metadata !== null && metadata.transform !== null) return "anomalib-0.7";
  const normalisesInside = preprocessing.mean !== null || preprocessing.std !== null;
  const inside = ports.input.height === null || normalisesInside || metadata?.separateRanges === true;
  return inside ? "anomalib-1" : "anomalib-0.7";
}

function evidenceOf({ model, ports, preprocessing, metadata }: ProfileClues): string[] {
  const evidence: string[] = [];
  const { input, outputs } = ports;
  if (ports.named) {
    const names = Object.values(outputs).filter((name) => name !== null);
    evidence.push(`The outputs are named ${names.join(", ")}, as only Anomalib 2.x names them.`);
  }
  if (metadata !== null && metadata.transform !== null) {
    evidence.push("The metadata holds the picture transform, as Anomalib 0.5 to 0.7 writes it.");
  } else if (metadata !== null && !ports.named) {
    evidence.push("The metadata holds no picture transform: Anomalib 0.3, 0.4 or 1.x.");
  }
  if (metadata?.separateRanges) {
    evidence.push("The metadata has ranges of their own for scores and maps: Anomalib 1.1.1 to 1.2.");
  }
  if (input.height === null)
    evidence.push("The input takes any size: the graph resizes it (Anomalib 1.x and 2.x).");
  else evidence.push(`The input is fixed at ${input.width} × ${input.height} pixels.`);
  const { resize, mean, std } = preprocessing;
  if (resize !== null) evidence.push(`The graph resizes its input to ${resize.width} × ${resize.height}.`);
  if (mean !== null || std !== null) evidence.push("The graph normalises the colours of its input.");
  const opset = model.opsets.find(({ domain }) => domain === "")?.version;
  if (opset !== undefined) evidence.push(`Operator set ${opset}, IR version ${model.irVersion}.`);
  return evidence;
}

/** Why a profile cannot be forced on a model; null when it can. */
function obstacleTo(
  profile: Profile,
  { ports, metadata }: ProfileClues,
): { expected: string; found: string } | null {
  const names = Object.values(ports.outputs).filter((name) => name !== null);
  if (profile === "anomalib-2") {
    if (ports.named) return null;
    return { expected: "outputs named pred_score or anomaly_map", found: names.join(", ") };
  }
  if (ports.named) {
    return {
      expected: "an output with raw scores",
      found: `${names.join(", ")}, which are already normalised`,
    };
  }
  if (profile === "anomalib-0.7" && ports.input.height === null && (metadata?.transform ?? null) === null) {
    return { expected: "a transform in the metadata or an input of fixed size", found: "neither" };
  }
  return null;
}
