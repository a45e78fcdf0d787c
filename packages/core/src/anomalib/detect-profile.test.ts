import { describe, expect, it } from "vitest";
import { port, type SmallModel, smallModel } from "../../../../tests/support/small-onnx.js";
import { indexGraph } from "../onnx/graph-index.js";
import { detectProfile, type ProfileClues } from "./detect-profile.js";
import { type Metadata, parseMetadata } from "./metadata.js";
import { modelPorts } from "./model-ports.js";

const bare = parseMetadata('{"image_threshold": 1, "min": 0, "max": 2}', "m");
const withTransform: Metadata = { ...bare, transform: [] };
const free = { inputs: [port("input", ["b", 3, "h", "w"])] };
const named = { outputs: [port("pred_score", ["b", 1]), port("anomaly_map", ["b", 1, 8, 8])] };
const nothing = { resize: null, mean: null, std: null };

function clues(
  parts: SmallModel,
  metadata: Metadata | null,
  preprocessing: ProfileClues["preprocessing"] = nothing,
): ProfileClues {
  const model = smallModel(parts);
  return { model, ports: modelPorts(indexGraph(model.graph), "m"), preprocessing, metadata };
}

describe("detectProfile", () => {
  it("by names, then transform, then where the preprocessing stands", () => {
    const normalising = { ...nothing, mean: [0, 0, 0] };
    expect(detectProfile(clues(named, null)).profile).toBe("anomalib-2");
    expect(detectProfile(clues({ ...free, ...named }, withTransform)).profile).toBe("anomalib-2");
    expect(detectProfile(clues({}, withTransform)).profile).toBe("anomalib-0.7");
    expect(detectProfile(clues({}, withTransform, normalising)).profile).toBe("anomalib-0.7");
    expect(detectProfile(clues({}, bare)).profile).toBe("anomalib-0.7");
    expect(detectProfile(clues(free, bare)).profile).toBe("anomalib-1");
    expect(detectProfile(clues({}, bare, normalising)).profile).toBe("anomalib-1");
    expect(detectProfile(clues({}, { ...bare, separateRanges: true })).profile).toBe("anomalib-1");
  });

  it("gives its evidence in sentences", () => {
    expect(detectProfile(clues({}, withTransform)).evidence).toEqual([
      "The metadata holds the picture transform, as Anomalib 0.5 to 0.7 writes it.",
      "The input is fixed at 32 × 32 pixels.",
      "Operator set 11, IR version 6.",
    ]);
    expect(detectProfile(clues({ ...free, ...named }, null)).evidence[0]).toMatch(
      /named anomaly_map, pred_score, as only Anomalib 2\.x/,
    );
  });

  it("a forced profile is taken and said, with what it would have been", () => {
    const { profile, evidence } = detectProfile(clues({}, bare), "anomalib-1");
    expect(profile).toBe("anomalib-1");
    expect(evidence[0]).toBe(
      "The profile was chosen by the caller. It would have been taken for anomalib-0.7.",
    );
    expect(detectProfile(clues({}, bare), "anomalib-0.7").evidence[0]).toBe(
      "The profile was chosen by the caller.",
    );
  });

  it("a forced profile that cannot be is OPTION_VALUE", () => {
    expect(() => detectProfile(clues({}, bare), "anomalib-2")).toThrow(
      /^The profile anomalib-2 .*outputs named pred_score or anomaly_map, found output.*OPTION_VALUE/,
    );
    expect(() => detectProfile(clues(named, bare), "anomalib-1")).toThrow(/already normalised.*OPTION_VALUE/);
    expect(() => detectProfile(clues(free, bare), "anomalib-0.7")).toThrow(
      /a transform in the metadata or an input of fixed size.*OPTION_VALUE/,
    );
    expect(detectProfile(clues(free, withTransform), "anomalib-0.7").profile).toBe("anomalib-0.7");
  });
});
