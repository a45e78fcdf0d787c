import { describe, expect, it } from "vitest";
import { smallCheckpoint } from "../../../../../tests/support/small-checkpoint.js";
import { sha256 } from "../../../../../tests/support/small-model.js";
import { ortSession } from "../../../../node/src/session/ort-session.js";
import type { ImportedModelFile } from "../../bundle/model-file.js";
import { readCheckpoint } from "../../checkpoint/read-checkpoint.js";
import { readOnnx } from "../../onnx/read-onnx.js";
import { writeOnnx } from "../../onnx/write-onnx.js";
import { formulaPicture } from "../../stages/image/formula-picture.js";
import { preProcess } from "../../stages/preprocess/pre-process.js";
import type { PreprocessStep } from "../../stages/preprocess/steps.js";
import { importCheckpoint } from "../import/import-checkpoint.js";
import { exportModel } from "./export-model.js";

// What exports compute is compared with our own engine in packages/node/src/verify and tests/contract.
function model(version: "0.7" | "2", method: "padim" | "patchcore" = "padim"): ImportedModelFile {
  const content = smallCheckpoint({ method, version, saved: "lightning" });
  const file = { name: "model.ckpt", bytes: content.length, content };
  return importCheckpoint({ checkpoint: readCheckpoint(content, "x"), file, subject: "x", sha256 });
}

const namesOf = (values: readonly { readonly name: string }[]) => values.map(({ name }) => name);

describe("exportModel", () => {
  it("names raw and normalised outputs, and says the rest in the file", () => {
    const { onnx, metadata, leftBehind } = exportModel(model("0.7"));
    expect(namesOf(onnx.graph.inputs)).toEqual(["input"]);
    expect(onnx.graph.inputs[0]?.dims).toEqual([1, 3, 32, 32]);
    expect(new Set(namesOf(onnx.graph.outputs))).toEqual(
      new Set([
        ...["anomaly_map", "pred_score", "pred_label", "pred_mask"],
        ...["pred_score_normalised", "anomaly_map_normalised"],
      ]),
    );
    const said = new Map(onnx.metadataProps.map(({ key, value }) => [key, value]));
    expect(said.get("blemish.form")).toBe("blemish");
    expect(JSON.parse(said.get("blemish.left-behind") ?? "")).toEqual(leftBehind);
    expect(JSON.parse(said.get("blemish.preprocessing") ?? "").place).toBe("outside");
    expect(metadata).toBe(null);
    expect(readOnnx(writeOnnx(onnx), "x").graph.outputs).toEqual(onnx.graph.outputs);
  });

  it("has any batch where that is asked for, and any size where preprocessing is inside", () => {
    expect(exportModel(model("0.7"), { batch: "dynamic" }).onnx.graph.inputs[0]?.dims?.[0]).toBe("batch");
    // A network that resizes pictures itself takes any size, too.
    for (const { onnx } of [exportModel(model("2")), exportModel(model("2"), { preprocessing: "inside" })])
      expect(onnx.graph.inputs[0]?.dims).toEqual([1, 3, "height", "width"]);
  });

  it("is what Anomalib 0.7 loads: one map, and metadata beside it", () => {
    const { onnx, metadata } = exportModel(model("0.7"), { form: "anomalib-0.7" });
    expect(namesOf(onnx.graph.outputs)).toEqual(["output"]);
    expect(JSON.parse(metadata ?? "")).toMatchObject({
      image_threshold: 3.5,
      pixel_threshold: 2.25,
      min: 0.5,
      max: 8.5,
    });
  });

  it("paints what is not judged inside of what Anomalib 0.7 loads, whose metadata has no words for it", async () => {
    const plain = model("0.7");
    const [pass] = plain.manifest.passes;
    const paint = { type: "paint", runs: [0, 300, 900, 1000], colour: [120, 110, 100] } as const;
    const steps = pass!.preprocessing;
    const painting = [...steps.slice(0, -1), paint, ...steps.slice(-1)];
    const judged = {
      ...plain,
      manifest: { ...plain.manifest, passes: [{ ...pass!, preprocessing: painting }] },
    };
    const picture = formulaPicture(4, 32);
    const seen = async (form: "anomalib-0.7" | "blemish", preprocessing: readonly PreprocessStep[]) => {
      const { onnx } = exportModel(judged, { form });
      const bytes = writeOnnx(onnx);
      const session = await ortSession({ bytes, name: form }, { threads: 1, spinning: false });
      const answer = await session.run({ input: preProcess(picture, preprocessing) });
      await session.close();
      return (answer.output ?? answer.anomaly_map)!.data;
    };
    const wanted = await seen("blemish", painting);
    const found = await seen("anomalib-0.7", steps);
    expect(await seen("blemish", steps)).not.toEqual(wanted);
    expect(Math.max(...found.map((value, i) => Math.abs(value / wanted[i]! - 1)))).toBeLessThan(1e-5);
  });

  it("is what Anomalib 2.x loads: four normalised outputs in its order", () => {
    const { onnx } = exportModel(model("2"), { form: "anomalib-2" });
    expect(namesOf(onnx.graph.outputs)).toEqual(["pred_score", "pred_label", "anomaly_map", "pred_mask"]);
  });

  it("every value is made before it is used, in every form", () => {
    const forms = ["blemish", "anomalib-2"] as const;
    for (const form of forms)
      for (const one of [model("2"), model("2", "patchcore")]) {
        const { graph } = exportModel(one, { form }).onnx;
        const made = new Set([...namesOf(graph.inputs), ...namesOf(graph.initialisers)]);
        for (const { inputs, outputs } of graph.nodes) {
          for (const name of inputs) if (name !== "") expect(made.has(name)).toBe(true);
          for (const name of outputs) made.add(name);
        }
        for (const name of namesOf(graph.outputs)) expect(made.has(name)).toBe(true);
      }
  });

  it("refuses a form that the model has no numbers for", () => {
    const bare = model("2");
    const { imported } = bare.manifest;
    const without = { ...bare, manifest: { ...bare.manifest, imported: { ...imported, normaliser: null } } };
    expect(() => exportModel(without, { form: "anomalib-2" })).toThrow(/EXPORT/);
  });
});
