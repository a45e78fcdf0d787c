import { describe, expect, it } from "vitest";
import { patchcoreExport } from "../../../../../tests/support/patchcore-fixtures.js";
import { wholePadim } from "../../../../../tests/support/whole-padim.js";
import type { ModelDescription } from "../../anomalib/model-description.js";
import { recognisePadim } from "../../anomalib/recognise-padim.js";
import { recognisePatchcore } from "../../anomalib/recognise-patchcore.js";
import { readOnnx } from "../../onnx/read-onnx.js";
import { exportedBackbone } from "./exported-backbone.js";

/** Only the preprocessing is read. */
const description = (preprocessing: ModelDescription["preprocessing"] = []) =>
  ({ preprocessing }) as unknown as ModelDescription;

const common = { files: new Map(), subject: "model.onnx", file: "model.onnx", hash: () => "ab".repeat(32) };
const whole = (channels: number) => [...Array(channels).keys()];

describe("exportedBackbone", () => {
  it("cuts the kept channels of each layer out of a PaDiM export, and says what they are", () => {
    const model = wholePadim();
    const padim = recognisePadim(model);
    if (!padim.recognised) throw new Error(padim.reason);
    const taps = padim.taps.map((tap, at) => ({ ...tap, kept: at === 0 ? [1] : [0, 3, 7] }));
    const { manifest, bytes } = exportedBackbone({
      ...common,
      model,
      description: description([
        { type: "resize", width: 32, height: 32, interpolation: "linear" },
        { type: "normalize", mean: [0.5, 0.25, 0], std: [0.5, 1, 2], maxPixelValue: 255 },
      ]),
      graph: padim,
      taps,
    });
    expect(manifest).toMatchObject({
      id: "anomalib-export",
      sha256: "ab".repeat(32),
      input: { name: "input", multipleOf: 1, colour: "rgb", mean: [127.5, 63.75, 0], std: [127.5, 255, 510] },
      taps: [
        { channels: 1, stride: 4, scale: 1 },
        { channels: 3, stride: 8, scale: 1 },
      ],
      source: "cut from model.onnx",
    });
    expect(manifest.input).not.toHaveProperty("resizesTo");
    const { outputs, initialisers } = readOnnx(bytes, "cut").graph;
    expect(outputs.map(({ name }) => name)).toEqual(manifest.taps.map(({ name }) => name));
    expect(initialisers.some(({ name }) => name === "inv_cov")).toBe(false);
  });

  it("cuts a network for one picture out of an export that fixed its batch", () => {
    const { model, files } = patchcoreExport("patchcore-270");
    const found = recognisePatchcore(model, files);
    if (!found.recognised) throw new Error(found.reason);
    const taps = found.taps.map((tap) => ({ ...tap, kept: whole(tap.channels) }));
    const request = { ...common, model, files, description: description(), graph: found, taps };
    const { manifest, bytes } = exportedBackbone(request);
    const { graph } = readOnnx(bytes, "cut");
    expect(graph.inputs[0]?.dims?.[0]).toBe(1);
    expect(graph.outputs.map(({ name }) => name)).toEqual(["relu_4", "relu_6"]);
    expect(graph.initialisers.every(({ payload }) => payload.kind !== "external")).toBe(true);
    expect(manifest.input).toMatchObject({ resizesTo: { width: 64, height: 64 }, mean: [0, 0, 0] });
  });

  it("refuses layers that no whole stride leaves", () => {
    const padim = recognisePadim(wholePadim());
    if (!padim.recognised) throw new Error(padim.reason);
    const taps = padim.taps.map((tap) => ({ ...tap, width: 7, height: 5, kept: whole(tap.channels) }));
    const request = { ...common, model: wholePadim(), description: description(), graph: padim, taps };
    expect(() => exportedBackbone(request)).toThrowError(expect.objectContaining({ code: "MODEL_ENGINE" }));
  });
});
